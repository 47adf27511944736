import { type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, pod } from "../../objects.ts";
import {
  account,
  alice,
  as,
  binding,
  bindings,
  bob,
  CLUSTER_ROLES,
  clusterBinding,
  clusterRole,
  given,
  group,
  nobody,
  REVIEWS,
  reference,
  role,
  roles,
  rule,
  urls,
  user,
} from "../../rbac.ts";

export const flags = ["--authorization-mode=RBAC"];

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
