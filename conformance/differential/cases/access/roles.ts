import { type Conversation, type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, named, pod } from "../../objects.ts";

export const flags = ["--authorization-mode=RBAC"];

const RBAC = "rbac.authorization.k8s.io";
const CLUSTER_ROLES = `/apis/${RBAC}/v1/clusterroles`;
const CLUSTER_BINDINGS = `/apis/${RBAC}/v1/clusterrolebindings`;
const REVIEWS = "/apis/authorization.k8s.io/v1";
const alice: RequestOptions = { token: "alice-token" };
const bob: RequestOptions = { token: "bob-token" };
const nobody: RequestOptions = { token: "" };

const user = (name: string) => ({ kind: "User", apiGroup: RBAC, name });
const group = (name: string) => ({ kind: "Group", apiGroup: RBAC, name });
const account = (name: string, namespace?: string) => ({
  kind: "ServiceAccount",
  name,
  ...(namespace === undefined ? {} : { namespace }),
});
const reference = (kind: "Role" | "ClusterRole", name: string) => ({ apiGroup: RBAC, kind, name });
const role = (name: string, ...rules: JsonObject[]) => named(`${RBAC}/v1`, "Role", name, { rules });
const clusterRole = (name: string, ...rules: JsonObject[]) =>
  named(`${RBAC}/v1`, "ClusterRole", name, { rules });
const binding = (name: string, roleRef: JsonObject, ...subjects: JsonObject[]) =>
  named(`${RBAC}/v1`, "RoleBinding", name, { roleRef, subjects });
const clusterBinding = (name: string, role: string, ...subjects: JsonObject[]) =>
  named(`${RBAC}/v1`, "ClusterRoleBinding", name, { roleRef: reference("ClusterRole", role), subjects });
const rule = (verbs: string, groups: string, resources: string, names = "") => ({
  verbs: verbs.split(","),
  apiGroups: groups.split(","),
  resources: resources.split(","),
  ...(names === "" ? {} : { resourceNames: names.split(",") }),
});
const urls = (verbs: string, ...nonResourceURLs: string[]) => ({ verbs: verbs.split(","), nonResourceURLs });

/** As somebody else, whom the administrator may always be. */
const as = (name: string, ...groups: string[]): RequestOptions => ({
  headers: { "impersonate-user": name, ...(groups.length === 0 ? {} : { "impersonate-group": groups }) },
});

/** Writes without comparing, and waits until the authorizer has heard of it. */
async function given(t: Conversation, ...objects: JsonObject[]): Promise<void> {
  for (const object of objects) {
    const kind = String(object["kind"]);
    const path = kind.startsWith("Cluster")
      ? `/apis/${RBAC}/v1/${kind.toLowerCase()}s`
      : t.path(`${RBAC}/v1/${kind.toLowerCase()}s`);
    const made = await t.ask("POST", path, object);
    if (made.status !== 201) t.note(`${kind}: ${made.text}`);
    if (kind.startsWith("Cluster")) t.leftovers.add(`${path}/${made.string("metadata.name")}`);
  }
  await t.pause(300);
}

const roles = (t: Conversation) => t.path(`${RBAC}/v1/roles`);
const bindings = (t: Conversation) => t.path(`${RBAC}/v1/rolebindings`);

export const cases = [
  test("roles: what is open to everybody", async (t) => {
    const paths = [
      "/version",
      "/version/",
      "/healthz",
      "/healthz/ping",
      "/livez",
      "/readyz",
      "/api",
      "/api/",
      "/api/v1",
      "/apis",
      "/apis/apps",
      "/apis/apps/v1",
      "/openapi",
      "/openapi/v2",
      "/openapi/v3",
      "/.well-known/openid-configuration",
      "/openid/v1/jwks",
      "/metrics",
      "/logs",
      "/statusz",
      "/",
      '/x/<b>&"y"',
      "/api/v1/namespaces",
      "/api/v1/namespaces/default",
    ];
    for (const path of paths) {
      for (const who of [nobody, bob]) {
        const answer = await t.ask("GET", path, undefined, who);
        await t.get(path, {
          ...who,
          compare: answer.status === 200 ? "status" : "all",
          remark: String(who.token),
        });
      }
    }
    await t.post("/version", {}, nobody);
    await t.post("/version", {}, bob);
    await t.request("HEAD", "/version", undefined, nobody);
    await t.request("OPTIONS", "/healthz", undefined, nobody);
    await t.get("/api/v1/namespaces", {
      ...as("system:serviceaccount:default:default"),
      remark: "an account",
    });
    await t.get("/.well-known/openid-configuration", {
      ...as("system:serviceaccount:default:default"),
      compare: "status",
    });
  }),
  test("roles: a sweep without credentials over every path", async (t) => {
    const paths = new Set(((await t.ask("GET", "/")).at("paths") ?? []) as string[]);
    const { paths: documented = {} } = (await t.ask("GET", "/openapi/v2")).object;
    for (const path of Object.keys(documented as JsonObject))
      paths.add(path.replaceAll(/\{\w+\}/g, "default"));
    const opened: string[] = [];
    for (const path of [...paths].sort()) {
      for (const method of ["GET", "POST"]) {
        const { status } = await t.ask(method, path, undefined, nobody);
        if (status !== 403) opened.push(`${method} ${path} ${status}`);
      }
    }
    t.note(opened.join("\n"));
  }),
  test("roles: a role in a namespace", async (t) => {
    await given(
      t,
      role("reader", rule("get,list,watch", "", "configmaps")),
      binding("readers", reference("Role", "reader"), group("developers")),
    );
    const all = t.path("v1/configmaps");
    await t.post(all, configMap("a"));
    await t.get(`${all}/a`, alice);
    await t.get(`${all}/b`, alice);
    await t.get(all, { ...alice, query: { fieldSelector: "metadata.name=a" } });
    await t.get("/api/v1/configmaps", alice);
    await t.get(t.path("v1/configmaps", "default"), alice);
    await t.get(t.path("v1/configmaps/x", "absent"), alice);
    await t.post(all, configMap("b"), alice);
    await t.put(`${all}/a`, configMap("a"), alice);
    await t.patch(`${all}/a`, { data: { a: "b" } }, alice);
    await t.apply(`${all}/a`, configMap("a"), "m", alice);
    await t.delete(`${all}/a`, undefined, alice);
    await t.delete(all, undefined, alice);
    await t.get(`${all}/a`, bob);
    await t.get(t.path("v1/secrets"), alice);
    await t.get(t.path("apps/v1/deployments"), alice);
    await t.get(t.path("apps/v1/absent"), alice);
    await t.get(t.path("v1/pods/p/log"), alice);
    await t.get(t.path("v1/pods/p/exec"), { ...alice, query: { command: "ls" } });
    await t.post(t.path("v1/pods/p/exec"), undefined, { ...alice, query: { command: "ls" } });
    await t.get(`/api/v1/watch/namespaces/${t.namespace}/secrets`, alice);
    await t.get(t.path("v1/secrets"), { ...alice, query: { watch: true } });
    await t.request("HEAD", t.path("v1/secrets"), undefined, alice);
  }),
  test("roles: bindings that come and go", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(roles(t), role("reader", rule("get,list", "", "configmaps")));
    const made = await t.post(bindings(t), binding("b", reference("Role", "reader"), user("alice")));
    await t.pause(300);
    await t.get(`${all}/a`, alice);
    await t.put(`${bindings(t)}/b`, made.with({ "subjects.0.name": "bob" }));
    await t.pause(300);
    await t.get(`${all}/a`, alice);
    await t.get(`${all}/a`, bob);
    await t.patch(`${roles(t)}/reader`, { rules: [rule("list", "", "configmaps")] });
    await t.pause(300);
    await t.get(`${all}/a`, bob);
    await t.delete(`${roles(t)}/reader`);
    await t.pause(300);
    await t.get(`${all}/a`, { ...bob, remark: "of a role that is gone" });
    await t.delete(`${bindings(t)}/b`);
    await t.pause(300);
    await t.get(`${all}/a`, bob);
  }),
  test("roles: names and subresources", async (t) => {
    await given(
      t,
      role(
        "odd",
        rule("get,list,watch,update", "", "configmaps", "a"),
        rule("get", "", "pods/log,pods/status"),
        rule("get,update", "*", "*/scale"),
        rule("*", "", "secrets"),
      ),
      binding("odd", reference("Role", "odd"), user("alice")),
    );
    const maps = t.path("v1/configmaps");
    await t.post(maps, configMap("a"));
    await t.get(`${maps}/a`, alice);
    await t.get(`${maps}/b`, alice);
    await t.get(maps, alice);
    await t.get(maps, { ...alice, query: { fieldSelector: "metadata.name=a" } });
    await t.get(maps, { ...alice, query: { fieldSelector: "metadata.name=b" } });
    await t.delete(`${maps}/a`, undefined, alice);
    await t.put(`${maps}/b`, configMap("b"), { ...alice, remark: "PUT of another name" });
    await t.get(t.path("v1/pods/p/log"), alice);
    await t.get(t.path("v1/pods/p/status"), alice);
    await t.get(t.path("v1/pods/p"), alice);
    await t.get(t.path("apps/v1/deployments/d/scale"), alice);
    await t.get(t.path("v1/replicationcontrollers/d/scale"), alice);
    await t.patch(t.path("apps/v1/deployments/d/scale"), {}, alice);
    await t.get(t.path("apps/v1/deployments/d/status"), alice);
    await t.get(t.path("v1/secrets"), alice);
    await t.delete(t.path("v1/secrets"), undefined, alice);
    await t.post(t.path("v1/serviceaccounts/default/token"), {}, alice);
    await t.post(t.path("v1/pods/p/binding"), {}, alice);
    await t.post(t.path("v1/pods/p/eviction"), {}, alice);
  }),
  test("roles: streams of pods", async (t) => {
    await given(
      t,
      role("getter", rule("get", "", "pods/exec,pods/attach,pods/portforward")),
      binding("getter", reference("Role", "getter"), user("alice"), user("bob")),
      role("creator", rule("create", "", "pods/exec")),
      binding("creator", reference("Role", "creator"), user("bob")),
    );
    await t.post(t.path("v1/pods"), pod("p"));
    for (const subresource of ["exec", "attach", "portforward"]) {
      for (const who of [alice, bob]) {
        const path = t.path(`v1/pods/p/${subresource}`);
        await t.get(path, { ...who, query: { command: "ls" }, remark: String(who.token) });
        await t.post(path, undefined, { ...who, query: { command: "ls" }, remark: String(who.token) });
      }
    }
    await t.get(t.path("v1/pods/absent/exec"), { ...alice, query: { command: "ls" } });
  }),
  test("roles: accounts, groups and paths", async (t) => {
    await given(
      t,
      clusterRole("roles-paths", urls("get", "/x/*", "/metrics"), urls("*", "/y"), rule("list", "", "nodes")),
      clusterBinding("roles-paths", "roles-paths", account("robot", t.namespace), group("roles-group")),
      binding("local", reference("ClusterRole", "roles-paths"), account("other")),
    );
    const robot = as(`system:serviceaccount:${t.namespace}:robot`);
    for (const path of ["/x", "/x/", "/x/y/z", "/y", "/y/", "/metric"]) await t.get(path, robot);
    await t.post("/x/y", {}, robot);
    await t.post("/y", {}, robot);
    await t.get("/y", as("somebody", "roles-group"));
    await t.get("/y", as("somebody"));
    await t.get("/y", {
      ...as(`system:serviceaccount:${t.namespace}:other`),
      remark: "bound in a namespace",
    });
    await t.get("/api/v1/nodes", { ...robot, query: { limit: 1 } });
    await t.get("/api/v1/nodes", as("system:serviceaccount:default:robot"));
  }),
  test("roles: impersonation", async (t) => {
    await given(
      t,
      clusterRole(
        "roles-impersonator",
        rule("impersonate", "", "users", "carol"),
        rule("impersonate", "", "groups", "testers"),
        rule("impersonate", "authentication.k8s.io", "userextras/scopes", "view"),
      ),
      clusterBinding("roles-impersonator", "roles-impersonator", user("alice")),
      clusterBinding("roles-carol", "view", user("carol")),
    );
    const self = `/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const tries: Record<string, Record<string, string | string[]>> = {
      carol: { "impersonate-user": "carol" },
      dave: { "impersonate-user": "dave" },
      group: { "impersonate-user": "carol", "impersonate-group": ["testers"] },
      "another group": { "impersonate-user": "carol", "impersonate-group": ["testers", "system:masters"] },
      extra: { "impersonate-user": "carol", "impersonate-extra-scopes": ["view"] },
      "another extra": { "impersonate-user": "carol", "impersonate-extra-scopes": ["edit"] },
      uid: { "impersonate-user": "carol", "impersonate-uid": "1" },
      account: { "impersonate-user": "system:serviceaccount:default:default" },
      nobody: { "impersonate-user": "system:anonymous" },
    };
    for (const [remark, headers] of Object.entries(tries)) {
      await t.post(self, body, { ...alice, headers, remark });
      await t.post(self, body, { ...nobody, headers, remark: `${remark}, by nobody` });
    }
    await t.get(t.path("v1/pods"), { ...alice, headers: tries["carol"]! });
  }),
  test("roles: nobody grants what they do not have", async (t) => {
    await given(
      t,
      role("manager", rule("*", RBAC, "roles,rolebindings"), rule("get,list", "", "pods,configmaps")),
      binding("manager", reference("Role", "manager"), user("alice")),
    );
    const grants: Record<string, JsonObject[]> = {
      held: [rule("get", "", "pods")],
      "held, one by one": [rule("get,list", "", "configmaps,pods", "a,b")],
      "another verb": [rule("get,delete,watch", "", "pods")],
      "several things": [rule("get,update", "apps,", "pods,deployments/scale", "a,b"), rule("*", "*", "*")],
      "same thing twice": [rule("create", "", "pods"), rule("delete", "", "pods")],
      nothing: [],
    };
    for (const [remark, rules] of Object.entries(grants)) {
      await t.post(roles(t), role("new", ...rules), { ...alice, remark, query: { dryRun: "All" } });
    }
    await t.put(`${roles(t)}/put`, role("put", rule("delete", "", "pods")), alice);
    await t.apply(`${roles(t)}/applied`, role("applied", rule("delete", "", "pods")), "m", alice);
    const made = await t.post(roles(t), role("own", rule("get", "", "pods")), alice);
    await t.put(`${roles(t)}/own`, made.with({ "metadata.labels": { a: "b" } }), alice);
    await t.patch(`${roles(t)}/own`, { rules: [rule("get,delete", "", "pods")] }, alice);
    await t.patch(`${roles(t)}/own`, { rules: [rule("get", "", "pods"), { verbs: [] }] }, alice);
    await t.post(roles(t), role("Bad Name!", rule("delete", "", "pods")), {
      ...alice,
      remark: "also invalid",
    });
    await t.post(
      roles(t),
      { ...role("a"), metadata: { generateName: "g-" }, rules: [rule("x", "", "y")] },
      alice,
    );
    await t.post(roles(t), role("big", rule("delete", "", "pods")));
    const big = await t.get(`${roles(t)}/big`, alice);
    await t.put(`${roles(t)}/big`, big.with({ "metadata.labels": { a: "b" } }), {
      ...alice,
      remark: "of a role with more than one's own",
    });
    await t.put(`${roles(t)}/big`, big.with({ "metadata.finalizers": ["example.com/a"] }), {
      ...alice,
      remark: "a finalizer only",
    });
    await t.patch(`${roles(t)}/big`, { metadata: { finalizers: null } }, alice);
    await t.delete(`${roles(t)}/big`, undefined, alice);
  }),
  test("roles: escalate", async (t) => {
    await given(
      t,
      role("manager", rule("*", RBAC, "roles"), rule("escalate", RBAC, "roles", "named")),
      binding("manager", reference("Role", "manager"), user("bob")),
      role("escalator", rule("create,update,escalate", RBAC, "roles")),
      binding("escalator", reference("Role", "escalator"), user("alice")),
    );
    const all = rule("*", "*", "*");
    await t.post(roles(t), role("by-alice", all), alice);
    await t.patch(`${roles(t)}/manager`, {
      rules: [rule("get,list,create,update,patch", RBAC, "roles"), rule("escalate", RBAC, "roles", "named")],
    });
    await t.pause(300);
    await t.post(roles(t), role("named", all), { ...bob, remark: "there is no name in a create" });
    await t.put(`${roles(t)}/named`, role("named", all), { ...bob, remark: "PUT" });
    await t.post(roles(t), role("named", rule("get", RBAC, "roles")), bob);
    await t.patch(`${roles(t)}/named`, { rules: [all] }, bob);
    await t.patch(`${roles(t)}/by-alice`, { rules: [rule("delete", "*", "*")] }, bob);
  }),
  test("roles: bind", async (t) => {
    await given(
      t,
      clusterRole(
        "roles-binder",
        rule("create,update,get", RBAC, "rolebindings,clusterrolebindings"),
        rule("bind", RBAC, "clusterroles", "view"),
      ),
      clusterBinding("roles-binder", "roles-binder", user("alice")),
      role("secret-reader", rule("get,list", "", "secrets")),
      role("binding-reader", rule("get", RBAC, "rolebindings")),
    );
    const dry = { ...alice, query: { dryRun: "All" } };
    await t.post(bindings(t), binding("a", reference("ClusterRole", "view"), user("x")), {
      ...dry,
      remark: "may bind",
    });
    await t.post(bindings(t), binding("a", reference("Role", "binding-reader"), user("x")), {
      ...dry,
      remark: "held",
    });
    await t.post(bindings(t), binding("a", reference("Role", "secret-reader"), user("x")), dry);
    await t.post(bindings(t), binding("a", reference("Role", "absent"), user("x")), dry);
    await t.post(bindings(t), binding("a", reference("ClusterRole", "absent"), user("x")), dry);
    await t.post(bindings(t), binding("a", reference("ClusterRole", "cluster-admin"), user("x")), dry);
    await t.post(bindings(t), binding("a", { apiGroup: RBAC, kind: "Pod", name: "x" }, user("x")), dry);
    await t.post(bindings(t), binding("a", { apiGroup: "x", kind: "Role", name: "x" }, user("x")), dry);
    await t.post(CLUSTER_BINDINGS, clusterBinding("roles-a", "view", user("x")), dry);
    await t.post(CLUSTER_BINDINGS, clusterBinding("roles-a", "cluster-admin", user("x")), dry);
    await t.post(bindings(t), binding("secrets", reference("Role", "secret-reader"), user("x")));
    const made = await t.get(`${bindings(t)}/secrets`, alice);
    await t.put(`${bindings(t)}/secrets`, made.with({ "subjects.0.name": "y" }), alice);
    await t.put(`${bindings(t)}/secrets`, made.with({ "roleRef.name": "binding-reader" }), alice);
    await t.put(`${bindings(t)}/secrets`, made.with({ "metadata.finalizers": ["example.com/a"] }), alice);
    await t.put(`${bindings(t)}/put`, binding("put", reference("Role", "secret-reader"), user("x")), alice);
    await t.patch(`${bindings(t)}/secrets`, { metadata: { finalizers: null } });
  }),
  test("roles: cluster roles and aggregation", async (t) => {
    await given(
      t,
      clusterRole(
        "roles-cluster-manager",
        rule("create,get,update,patch", RBAC, "clusterroles"),
        rule("get", "", "pods"),
        urls("get", "/x/*"),
      ),
      clusterBinding("roles-cluster-manager", "roles-cluster-manager", user("alice")),
    );
    const dry = { ...alice, query: { dryRun: "All" } };
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { "roles-a": "b" } }] };
    await t.post(
      CLUSTER_ROLES,
      clusterRole("roles-new", rule("get", "", "pods"), urls("get", "/x/y", "/x/*")),
      dry,
    );
    await t.post(CLUSTER_ROLES, clusterRole("roles-new", urls("get,post", "/x/y", "/z", "*")), dry);
    await t.post(CLUSTER_ROLES, { ...clusterRole("roles-new"), aggregationRule }, dry);
    await t.post(
      CLUSTER_ROLES,
      { ...clusterRole("roles-new", rule("delete", "", "pods")), aggregationRule },
      dry,
    );
    await t.post(
      CLUSTER_ROLES,
      { ...clusterRole("roles-new"), aggregationRule: { clusterRoleSelectors: [] } },
      dry,
    );
    t.leftovers.add(`${CLUSTER_ROLES}/roles-aggregated`);
    const made = await t.post(CLUSTER_ROLES, { ...clusterRole("roles-aggregated"), aggregationRule });
    await t.put(`${CLUSTER_ROLES}/roles-aggregated`, made.with({ aggregationRule: undefined }), dry);
    await t.put(`${CLUSTER_ROLES}/roles-aggregated`, made.with({ "metadata.labels": { a: "b" } }), dry);
    await t.put(`${CLUSTER_ROLES}/roles-aggregated`, made.with({ "metadata.labels": { a: "b" } }));
  }),
  test("roles: resolution errors are told", async (t) => {
    await given(
      t,
      role("manager", rule("create", RBAC, "roles,rolebindings")),
      binding("manager", reference("Role", "manager"), user("alice")),
      binding("dangling", reference("Role", "absent"), user("alice")),
    );
    await t.post(roles(t), role("new", rule("get", "", "pods")), alice);
    await t.post(bindings(t), binding("new", reference("ClusterRole", "system:node"), user("x")), alice);
    await t.get(t.path("v1/pods"), alice);
    const attributes = { verb: "get", resource: "pods", namespace: t.namespace };
    const spec = { user: "alice", resourceAttributes: attributes };
    await t.post(
      `${REVIEWS}/subjectaccessreviews`,
      named("authorization.k8s.io/v1", "SubjectAccessReview", "", { spec }),
    );
  }),
  test("roles: access reviews", async (t) => {
    await given(
      t,
      role("reader", rule("get,list", "", "pods,pods/log", ""), rule("delete", "", "pods", "a")),
      binding("readers", reference("Role", "reader"), user("carol"), group("testers"), account("robot")),
    );
    const ask = (
      spec: JsonObject,
      remark: string,
      kind = "SubjectAccessReview",
      options: RequestOptions = {},
    ) => {
      const path =
        kind === "LocalSubjectAccessReview"
          ? t.path("authorization.k8s.io/v1/localsubjectaccessreviews")
          : `${REVIEWS}/${kind.toLowerCase()}s`;
      return t.post(path, { apiVersion: "authorization.k8s.io/v1", kind, spec }, { ...options, remark });
    };
    const pods = { verb: "get", resource: "pods", namespace: t.namespace };
    const users: Record<string, JsonObject> = {
      carol: { user: "carol" },
      group: { user: "x", groups: ["testers"] },
      "first of two": { user: "carol", groups: ["testers"] },
      account: { user: `system:serviceaccount:${t.namespace}:robot` },
      "another account": { user: "system:serviceaccount:default:robot" },
      administrator: { user: "x", groups: ["system:masters"] },
      nobody: { user: "system:anonymous", groups: ["system:unauthenticated"] },
    };
    for (const [remark, subject] of Object.entries(users)) {
      await ask({ ...subject, resourceAttributes: pods }, remark);
      await ask({ ...subject, resourceAttributes: pods }, remark, "LocalSubjectAccessReview");
      await ask({ ...subject, nonResourceAttributes: { path: "/version", verb: "get" } }, `${remark}: path`);
    }
    const questions: Record<string, JsonObject> = {
      log: { ...pods, subresource: "log" },
      exec: { ...pods, subresource: "exec" },
      named: { ...pods, verb: "delete", name: "a" },
      "another name": { ...pods, verb: "delete", name: "b" },
      "all namespaces": { verb: "get", resource: "pods" },
      everything: { verb: "*", resource: "*", group: "*" },
      version: { ...pods, version: "v7" },
      "a field selector": { ...pods, verb: "list", fieldSelector: { rawSelector: "spec.nodeName=a" } },
    };
    for (const [remark, resourceAttributes] of Object.entries(questions)) {
      await ask({ user: "carol", resourceAttributes }, remark);
      await ask({ resourceAttributes }, remark, "SelfSubjectAccessReview", as("carol"));
    }
    await ask({ user: "carol", resourceAttributes: pods }, "by alice", "SubjectAccessReview", alice);
    await ask({ user: "carol", resourceAttributes: pods }, "by alice", "LocalSubjectAccessReview", alice);
    await ask({ resourceAttributes: pods }, "by nobody", "SelfSubjectAccessReview", nobody);
  }),
  test("roles: what the rules are", async (t) => {
    await given(
      t,
      role("reader", rule("get,list", "", "pods", "a,b"), rule("*", "apps", "*")),
      binding("readers", reference("Role", "reader"), user("carol")),
    );
    // The order of bindings is that of a Go map.
    for (const who of [as("carol"), as("dave"), as("x", "system:masters"), bob, alice]) {
      const answer = await t.ask(
        "POST",
        `${REVIEWS}/selfsubjectrulesreviews`,
        {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectRulesReview",
          spec: { namespace: t.namespace },
        },
        who,
      );
      const sorted = (path: string) =>
        ((answer.at(path) ?? []) as object[]).map((one) => JSON.stringify(one)).sort();
      t.note(
        JSON.stringify([
          answer.status,
          sorted("status.resourceRules"),
          sorted("status.nonResourceRules"),
          answer.with({ "status.resourceRules": [], "status.nonResourceRules": [] }),
        ]),
      );
    }
  }),
  test("roles: who sets policies must read their parameters", async (t) => {
    await given(
      t,
      clusterRole(
        "roles-policies",
        rule("*", "admissionregistration.k8s.io", "*"),
        rule("create", "certificates.k8s.io", "*"),
      ),
      clusterBinding("roles-policies", "roles-policies", user("alice")),
    );
    const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    const policy = (paramKind: JsonObject) =>
      named("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "roles-policy", {
        spec: {
          paramKind,
          matchConstraints: {
            resourceRules: [
              { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
            ],
          },
          validations: [{ expression: "true" }],
        },
      });
    const dry = { ...alice, query: { dryRun: "All" } };
    await t.post(policies, policy({ apiVersion: "v1", kind: "ConfigMap" }), dry);
    await t.post(policies, policy({ apiVersion: "v1", kind: "Absent" }), dry);
    const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
    const spec = {
      policyName: "absent",
      validationActions: ["Deny"],
      paramRef: { name: "p", parameterNotFoundAction: "Deny" },
    };
    await t.post(
      bindings,
      named("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "roles-b", { spec }),
      dry,
    );
  }),
  test("roles: who writes the status of resource claims", async (t) => {
    const group = "resource.k8s.io";
    await given(
      t,
      role("writer", rule("*", group, "resourceclaims,resourceclaims/status")),
      binding("writer", reference("Role", "writer"), user("alice"), user("bob")),
      clusterRole("roles-claims-binder", rule("update,patch", group, "resourceclaims/binding")),
      clusterBinding("roles-claims-binder", "roles-claims-binder", user("bob")),
      role(
        "driver",
        rule("arbitrary-node:update,arbitrary-node:patch", group, "resourceclaims/driver", "d.example.com"),
      ),
      binding("driver", reference("Role", "driver"), user("bob")),
    );
    const claims = t.path(`${group}/v1/resourceclaims`);
    const requests = [{ name: "r", exactly: { deviceClassName: "c.example.com" } }];
    const made = await t.post(
      claims,
      named(`${group}/v1`, "ResourceClaim", "a", { spec: { devices: { requests } } }),
      alice,
    );
    const status = (driver: string, more: JsonObject = {}) => ({
      allocation: {
        devices: { results: [{ request: "r", driver, pool: "p", device: "d" }] },
        ...more,
      },
    });
    const write = (who: RequestOptions, value: JsonObject, remark: string) =>
      t.put(`${claims}/a/status`, made.with({ "metadata.resourceVersion": undefined, status: value }), {
        ...who,
        remark,
      });
    await write(alice, status("d.example.com"), "an allocation without the right");
    await write(bob, status("d.example.com"), "an allocation");
    const reserved = { ...status("d.example.com"), reservedFor: [{ resource: "pods", name: "p", uid: "u" }] };
    await write(alice, reserved, "a reservation without the right");
    const devices = (driver: string) => ({
      ...status("d.example.com"),
      devices: [{ driver, pool: "p", device: "d", conditions: [] }],
    });
    await write(alice, devices("d.example.com"), "devices without the right");
    await write(bob, devices("d.example.com"), "devices");
    await write(bob, { ...devices("d.example.com"), devices: [] }, "devices gone");
    await t.patch(`${claims}/a/status`, { status: devices("d.example.com") }, { ...alice, type: "merge" });
  }),
  test("roles: the defaults", async (t) => {
    const list = await t.ask("GET", CLUSTER_ROLES);
    const names = ((list.at("items") ?? []) as { metadata: { name: string } }[]).map(
      ({ metadata }) => metadata.name,
    );
    t.note(names.filter((name) => !name.startsWith("roles-")).join(" "));
    await t.get(t.path("v1/pods"), as("u", "system:authenticated"));
    await t.post(t.path("v1/pods"), pod("a"), as("system:kube-scheduler"));
    await t.get("/api/v1/pods", {
      ...as("system:kube-scheduler"),
      query: { limit: 1, fieldSelector: "metadata.name=x" },
    });
    await t.get("/api/v1/nodes", { ...as("system:node:a", "system:nodes"), query: { limit: 1 } });
    await t.get("/api/v1/secrets", as("system:serviceaccount:kube-system:replicaset-controller"));
    await t.get("/apis/apps/v1/replicasets", {
      ...as("system:serviceaccount:kube-system:replicaset-controller"),
      query: { fieldSelector: "metadata.name=x" },
    });
  }),
];
