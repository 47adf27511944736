import { type Conversation, type RequestOptions, raw, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, deployment, named, pod } from "../../objects.ts";
import {
  account,
  alice,
  as,
  binding,
  bindings,
  bob,
  CLUSTER_BINDINGS,
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
export const isApart = true;

const LAG_MS = 300;

/** Gives alice rules in the case's namespace. */
const alices = (t: Conversation, ...rules: JsonObject[]) =>
  given(t, role("r", ...rules), binding("b", reference("Role", "r"), user("alice")));

const TRIES: readonly [string, string, string][] = [
  ["GET", "v1/pods", "list"],
  ["GET", "v1/pods/p", "get"],
  ["GET", "v1/pods/p/log", "log"],
  ["GET", "v1/pods/p/status", "status"],
  ["POST", "v1/pods", "create"],
  ["POST", "v1/pods/p/binding", "bind"],
  ["POST", "v1/pods/p/eviction", "evict"],
  ["PUT", "v1/pods/p", "update"],
  ["PUT", "v1/pods/p/resize", "resize"],
  ["PUT", "v1/pods/p/ephemeralcontainers", "debug"],
  ["PATCH", "v1/pods/p", "patch"],
  ["DELETE", "v1/pods/p", "delete"],
  ["DELETE", "v1/pods", "delete all"],
  ["GET", "v1/configmaps", "list of others"],
  ["GET", "apps/v1/deployments", "list of a group"],
  ["GET", "apps/v1/deployments/d/scale", "scale"],
];

async function tryAll(t: Conversation, who: RequestOptions): Promise<void> {
  for (const [method, resource, remark] of TRIES) {
    const isWrite = ["POST", "PUT", "PATCH"].includes(method);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const body = isWrite ? { apiVersion: "v1", kind: "Pod" } : undefined;
    await t.request(method, t.path(resource), body, {
      ...who,
      remark,
      headers: isWrite ? { "content-type": type } : {},
    });
  }
}

/** Rules, each in a namespace of its own. */
const RULES: Readonly<Record<string, readonly JsonObject[]>> = {
  "verbs of pods": [rule("get,list,watch", "", "pods")],
  "every verb": [rule("*", "", "pods")],
  "every resource": [rule("get", "", "*")],
  "every group": [rule("list", "*", "pods")],
  everything: [rule("*", "*", "*")],
  "a subresource": [rule("*", "", "pods/log")],
  "every subresource": [rule("*", "*", "*/status")],
  "subresources of one": [rule("get", "", "pods/*")],
  "a name": [rule("*", "", "pods,pods/log", "p")],
  "another name": [rule("*", "", "pods", "q")],
  "deletecollection alone": [rule("deletecollection", "", "pods")],
  "create alone": [rule("create", "", "pods,pods/binding,pods/eviction")],
  "the wrong group": [rule("*", "apps", "pods")],
  "capital letters": [rule("GET,LIST", "", "Pods,PODS")],
  "several rules": [rule("get", "", "pods"), rule("list", "", "pods"), rule("update", "", "pods/resize")],
};

const ask = (t: Conversation, kind: string, spec: JsonObject, options: RequestOptions = {}) => {
  const path =
    kind === "LocalSubjectAccessReview"
      ? t.path("authorization.k8s.io/v1/localsubjectaccessreviews")
      : `${REVIEWS}/${kind.toLowerCase()}s`;
  return t.post(path, { apiVersion: "authorization.k8s.io/v1", kind, spec }, options);
};

async function rulesOf(t: Conversation, who: RequestOptions): Promise<void> {
  const path = `${REVIEWS}/selfsubjectrulesreviews`;
  const spec = { namespace: t.namespace };
  const answer = await t.ask(
    "POST",
    path,
    { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec },
    who,
  );
  // The order of bindings is that of a Go map.
  const sorted = (at: string) => ((answer.at(at) ?? []) as object[]).map((one) => JSON.stringify(one)).sort();
  t.note(
    JSON.stringify([
      answer.status,
      sorted("status.resourceRules"),
      sorted("status.nonResourceRules"),
      answer.at("status.incomplete"),
    ]),
  );
}

const SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const selfReview = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };

/** Rights to impersonate, and headers that are tried with them. */
const IMPERSONATIONS: Readonly<Record<string, readonly JsonObject[]>> = {
  "users all": [rule("impersonate", "", "users")],
  "users one": [rule("impersonate", "", "users", "carol")],
  groups: [rule("impersonate", "", "users,groups")],
  uids: [rule("impersonate", "", "users"), rule("impersonate", "authentication.k8s.io", "uids", "u")],
  extras: [
    rule("impersonate", "", "users"),
    rule("impersonate", "authentication.k8s.io", "userextras/scopes,userextras/a.b/c", "view"),
  ],
  accounts: [rule("impersonate", "", "serviceaccounts")],
  "nothing at all": [rule("get", "", "users")],
  "the wrong group": [rule("impersonate", "apps", "users,groups")],
};

const HEADERS: Readonly<Record<string, Record<string, string | string[]>>> = {
  user: { "impersonate-user": "carol" },
  "another user": { "impersonate-user": "dave" },
  "user and group": { "impersonate-user": "carol", "impersonate-group": ["g", "h"] },
  "group alone": { "impersonate-group": "g" },
  "uid alone": { "impersonate-uid": "u" },
  "extra alone": { "impersonate-extra-scopes": "view" },
  uid: { "impersonate-user": "carol", "impersonate-uid": "u" },
  "another uid": { "impersonate-user": "carol", "impersonate-uid": "v" },
  extra: { "impersonate-user": "carol", "impersonate-extra-scopes": ["view"] },
  "two extras": { "impersonate-user": "carol", "impersonate-extra-scopes": ["view", "edit"] },
  "an encoded extra": { "impersonate-user": "carol", "impersonate-extra-a.b%2fc": "view" },
  "an extra of capitals": { "impersonate-user": "carol", "impersonate-extra-SCOPES": "view" },
  "an empty user": { "impersonate-user": "" },
  account: { "impersonate-user": "system:serviceaccount:default:robot" },
  "an odd account": { "impersonate-user": "system:serviceaccount:default" },
  masters: { "impersonate-user": "carol", "impersonate-group": "system:masters" },
  node: { "impersonate-user": "system:node:n", "impersonate-group": "system:nodes" },
  anonymous: { "impersonate-user": "system:anonymous", "impersonate-group": "system:unauthenticated" },
  authenticated: { "impersonate-user": "carol", "impersonate-group": "system:authenticated" },
};

const slug = (text: string) => text.replaceAll(" ", "-");

export const cases = [
  ...Object.entries(RULES).map(([what, rules]) =>
    test(`rules: ${what}`, async (t) => {
      await t.ask("POST", t.path("v1/pods"), pod("p"));
      await alices(t, ...rules);
      await tryAll(t, alice);
      await rulesOf(t, alice);
    }),
  ),
  ...Object.entries(IMPERSONATIONS).map(([what, rules]) =>
    test(`rules: impersonating, ${what}`, async (t) => {
      const name = `impersonating-${slug(what)}`;
      const who = as(name);
      await given(t, clusterRole(name, ...rules), clusterBinding(name, name, user("alice")));
      // Alice gets rights in several cases at once: a user of the case's own is made by a token.
      await t.ask("DELETE", `${CLUSTER_BINDINGS}/${name}`);
      const robot = t.path("v1/serviceaccounts");
      await t.ask("POST", robot, named("v1", "ServiceAccount", "robot"));
      await given(t, clusterBinding(name, name, account("robot", t.namespace)));
      const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
      const token = (await t.ask("POST", `${robot}/robot/token`, request)).string("status.token");
      for (const [remark, headers] of Object.entries(HEADERS))
        await t.post(SELF, selfReview, { token, headers, remark });
      await t.get(t.path("v1/pods"), {
        token,
        headers: HEADERS["user"]!,
        remark: `as ${who.headers?.["impersonate-user"]}`,
      });
    }),
  ),
  test("rules: impersonating by the administrator and by nobody", async (t) => {
    for (const [remark, headers] of Object.entries(HEADERS)) {
      await t.post(SELF, selfReview, { headers, remark });
      await t.post(SELF, selfReview, { ...nobody, headers, remark: `${remark}, by nobody` });
      await t.get(t.path("v1/pods"), { headers, remark });
    }
  }),
  test("rules: who is in which group", async (t) => {
    await given(
      t,
      role("r", rule("get", "", "configmaps")),
      binding(
        "b",
        reference("Role", "r"),
        group("system:serviceaccounts"),
        group(`system:serviceaccounts:${t.namespace}`),
        group("developers"),
      ),
    );
    await t.ask("POST", t.path("v1/configmaps"), configMap("a"));
    const users: Record<string, RequestOptions> = {
      alice,
      bob,
      nobody,
      "an account": as(`system:serviceaccount:${t.namespace}:x`),
      "an account of another namespace": as("system:serviceaccount:default:x"),
      "an account with groups": as(`system:serviceaccount:${t.namespace}:x`, "g"),
      "a group": as("x", "developers"),
      "a master": as("x", "system:masters"),
      node: as("system:node:x", "system:nodes"),
    };
    for (const [remark, who] of Object.entries(users)) {
      await t.get(t.path("v1/configmaps/a"), { ...who, remark, compare: "all" });
      await t.get(t.path("v1/secrets/a"), { ...who, remark });
      await t.post(SELF, selfReview, { ...who, remark });
    }
  }),
  test("rules: subjects of all kinds", async (t) => {
    await t.post(bindings(t), binding("a", reference("Role", "r"), { kind: "User", name: "a" }));
    await t.post(bindings(t), binding("b", reference("Role", "r"), { kind: "Group", name: "" }));
    await t.post(bindings(t), binding("c", reference("Role", "r"), { kind: "ServiceAccount", name: "a" }));
    await t.post(
      bindings(t),
      binding("d", reference("Role", "r"), { kind: "ServiceAccount", name: "A b", namespace: "x" }),
    );
    await t.post(bindings(t), binding("e", reference("Role", "r"), { kind: "Robot", name: "a" }));
    await t.post(
      bindings(t),
      binding(
        "f",
        reference("Role", "r"),
        { kind: "User", name: "a", apiGroup: "x" },
        { kind: "Group", name: "a", apiGroup: "x" },
      ),
    );
    await t.post(bindings(t), binding("g", { apiGroup: "x", kind: "Role", name: "r" }));
    await t.post(bindings(t), binding("h", { kind: "Thing", name: "" }));
    await t.post(bindings(t), binding("i", { kind: "Role", name: "Bad Name!" }));
    await t.post(bindings(t), binding("j", reference("Role", "../x"), user("a")));
    await t.post(
      CLUSTER_BINDINGS,
      named("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "rules-subjects", {
        roleRef: reference("Role", "r"),
      }),
    );
    await t.post(
      CLUSTER_BINDINGS,
      clusterBinding("rules-subjects", "r", { kind: "ServiceAccount", name: "a" }),
    );
    await t.post(CLUSTER_BINDINGS, clusterBinding("rules/subjects", "r"));
  }),
  test("rules: that may not be", async (t) => {
    const wrong: Record<string, JsonObject> = {
      "no verbs": { apiGroups: [""], resources: ["pods"] },
      "no resources": { verbs: ["get"], apiGroups: [""] },
      "no groups": { verbs: ["get"], resources: ["pods"] },
      paths: urls("get", "/x"),
      "paths and resources": { ...rule("get", "", "pods"), nonResourceURLs: ["/x"] },
      "names alone": { verbs: ["get"], resourceNames: ["a"] },
      "odd paths": urls("get", "x", "/*/x", "*", "/x*y"),
      empty: {},
      "empty strings": { verbs: [""], apiGroups: [""], resources: [""] },
    };
    for (const [remark, one] of Object.entries(wrong)) {
      await t.post(roles(t), role("r", one), { remark, query: { dryRun: "All" } });
      await t.post(CLUSTER_ROLES, clusterRole("rules-wrong", one), { remark, query: { dryRun: "All" } });
    }
    const aggregated = { aggregationRule: { clusterRoleSelectors: [] as JsonObject[] } };
    await t.post(
      CLUSTER_ROLES,
      { ...clusterRole("rules-wrong"), ...aggregated },
      { query: { dryRun: "All" } },
    );
    await t.post(roles(t), role("../x"));
    await t.post(roles(t), role("system:x:Y", rule("get", "", "pods")));
    await t.get(`${roles(t)}/system:x:Y`);
  }),
  test("rules: what else is not found or allowed", async (t) => {
    await alices(t, rule("get,list", "", "pods"));
    const paths = [
      t.path("v1/nothing"),
      t.path("v1/nothing/x"),
      t.path("nowhere.example.com/v1/things"),
      "/api/v1/nodes",
      "/api/v1/nodes/n/proxy/metrics",
      "/api/v2/pods",
      "/apis",
      "/apis/nowhere.example.com",
      `/api/v1/namespaces/${t.namespace}`,
      `/api/v1/namespaces/${t.namespace}/status`,
      `/api/v1/namespaces/${t.namespace}/finalize`,
      "/api/v1/namespaces",
      "/api/v1/watch/pods",
      `${t.path("v1/pods")}/absent`,
      `${t.path("v1/pods")}?fieldSelector=metadata.name%3Da&labelSelector=a%3Db`,
      `${t.path("v1/secrets")}?labelSelector=a%3Db`,
      `${t.path("v1/secrets")}?fieldSelector=metadata.name%3Da`,
      `${t.path("v1/services")}/s:80/proxy/x/y`,
      "/apis/apiregistration.k8s.io/v1/apiservices",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ];
    for (const path of paths)
      for (const who of [alice, bob, nobody]) await t.get(path, { ...who, remark: String(who.token) });
  }),
  test("rules: review specs", async (t) => {
    await given(
      t,
      role(
        "r",
        rule("get", "", "pods", "a"),
        rule("list", "", "pods/log"),
        rule("use", "policy", "things"),
        rule("approve", "certificates.k8s.io", "signers", "example.com/*"),
      ),
      binding("b", reference("Role", "r"), user("rules-carol")),
    );
    const namespace = t.namespace;
    const specs: Record<string, JsonObject> = {
      "no verb": { namespace, resource: "pods" },
      "no resource": { namespace, verb: "get" },
      "all names": { namespace, verb: "get", resource: "pods" },
      "a name": { namespace, verb: "get", resource: "pods", name: "a" },
      "a name with group": { namespace, verb: "get", group: "apps", resource: "pods", name: "a" },
      subresource: { namespace, verb: "list", resource: "pods", subresource: "log" },
      "subresource in the resource": { namespace, verb: "list", resource: "pods/log" },
      "an own verb": { namespace, verb: "use", group: "policy", resource: "things" },
      "a signer": {
        namespace,
        verb: "approve",
        group: "certificates.k8s.io",
        resource: "signers",
        name: "example.com/*",
      },
      "another signer": {
        namespace,
        verb: "approve",
        group: "certificates.k8s.io",
        resource: "signers",
        name: "example.com/x",
      },
      "capital letters": { namespace, verb: "GET", resource: "Pods", name: "a" },
      "no namespace": { verb: "get", resource: "pods", name: "a" },
    };
    for (const [remark, resourceAttributes] of Object.entries(specs)) {
      await ask(t, "SubjectAccessReview", { user: "rules-carol", resourceAttributes }, { remark });
      await ask(t, "LocalSubjectAccessReview", { user: "rules-carol", resourceAttributes }, { remark });
      await ask(t, "SelfSubjectAccessReview", { resourceAttributes }, { ...as("rules-carol"), remark });
    }
    for (const path of ["/", "", "/healthz", "/version/", "/api", "version", "/*"])
      for (const verb of ["get", "post", "GET", ""])
        await ask(
          t,
          "SubjectAccessReview",
          { user: "rules-carol", groups: ["system:unauthenticated"], nonResourceAttributes: { path, verb } },
          { remark: `${verb} ${path}` },
        );
  }),
  test("rules: labels and fields of reviews", async (t) => {
    const resourceAttributes = { namespace: t.namespace, verb: "list", resource: "pods" };
    const requirement = (operator: string, values?: string[], key = "a"): JsonObject => ({
      key,
      operator,
      ...(values ? { values } : {}),
    });
    const selectors: Record<string, JsonObject> = {
      "raw and none": { rawSelector: "a=b" },
      "an odd raw one": { rawSelector: "a in (" },
      empty: {},
      "no requirements": { requirements: [] },
      "an In": { requirements: [requirement("In", ["b"])] },
      "an In of two": { requirements: [requirement("In", ["b", "c"])] },
      "an In of none": { requirements: [requirement("In")] },
      "an In of no list": { requirements: [requirement("In", [])] },
      Exists: { requirements: [requirement("Exists")] },
      "Exists with values": { requirements: [requirement("Exists", ["b"])] },
      odd: { requirements: [requirement("Odd", ["b"])] },
      "no key": { requirements: [requirement("In", ["b"], "")] },
      "an odd key": { requirements: [requirement("In", ["b"], "a b!")] },
      "an odd value": { requirements: [requirement("In", ["b c!"])] },
      both: { rawSelector: "a=b", requirements: [requirement("Exists")] },
    };
    for (const [remark, selector] of Object.entries(selectors)) {
      for (const field of ["labelSelector", "fieldSelector"])
        await ask(
          t,
          "SubjectAccessReview",
          { user: "u", resourceAttributes: { ...resourceAttributes, [field]: selector } },
          { remark: `${field}: ${remark}` },
        );
    }
  }),
  test("rules: escalation in every form", async (t) => {
    await given(
      t,
      role(
        "manager",
        rule("*", "rbac.authorization.k8s.io", "roles,rolebindings"),
        rule("get,list", "", "pods"),
        rule("get", "", "configmaps", "a"),
        rule("*", "apps", "deployments/scale"),
      ),
      binding("manager", reference("Role", "manager"), user("bob")),
    );
    const dry = { ...bob, query: { dryRun: "All" } };
    const tries: Record<string, readonly JsonObject[]> = {
      same: [rule("get,list", "", "pods")],
      less: [rule("get", "", "pods", "p")],
      "a verb more": [rule("get,delete", "", "pods")],
      "every verb": [rule("*", "", "pods")],
      "every resource": [rule("get", "", "*")],
      "a subresource": [rule("get", "", "pods/log")],
      "its name": [rule("get", "", "configmaps", "a")],
      "another name": [rule("get", "", "configmaps", "a,b")],
      "all names": [rule("get", "", "configmaps")],
      scale: [rule("get,update", "apps", "deployments/scale")],
      "two that are missing": [rule("create", "", "services,secrets"), rule("get", "batch", "jobs")],
      "the own ones": [rule("*", "rbac.authorization.k8s.io", "roles")],
      "every group": [rule("get", "*", "pods")],
      none: [],
    };
    for (const [remark, rules] of Object.entries(tries)) {
      await t.post(roles(t), role("new", ...rules), { ...dry, remark });
      await t.apply(`${roles(t)}/applied`, role("applied", ...rules), "m", { ...dry, remark });
    }
    await t.post(roles(t), role("mine", rule("get", "", "pods")), bob);
    await t.patch(`${roles(t)}/mine`, { rules: [rule("get,delete", "", "pods")] }, bob);
    await t.patch(`${roles(t)}/mine`, { metadata: { labels: { a: "b" } } }, bob);
    await t.patch(
      `${roles(t)}/mine`,
      [{ op: "add", path: "/rules/-", value: rule("get", "", "secrets") }],
      bob,
    );
    await t.put(`${roles(t)}/mine`, role("mine"), bob);
    for (const name of ["mine", "manager", "absent"])
      await t.post(bindings(t), binding("new", reference("Role", name), user("x")), { ...dry, remark: name });
    for (const name of ["view", "edit", "cluster-admin", "absent", "system:public-info-viewer"])
      await t.post(bindings(t), binding("new", reference("ClusterRole", name), user("x")), {
        ...dry,
        remark: name,
      });
  }),
  test("rules: cluster roles that add up", async (t) => {
    const labelled = (name: string, labels: JsonObject, ...rules: JsonObject[]): JsonObject => ({
      ...clusterRole(name, ...rules),
      metadata: { name, labels },
    });
    const sum = { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "rules-sum": "yes" } }] } };
    const dry = { query: { dryRun: "All" } };
    await given(
      t,
      clusterRole(
        "rules-summer",
        rule("*", "rbac.authorization.k8s.io", "clusterroles"),
        rule("get", "", "pods"),
      ),
      clusterBinding("rules-summer", "rules-summer", user("rules-dave")),
    );
    const dave = as("rules-dave");
    await t.post(CLUSTER_ROLES, { ...clusterRole("rules-sum"), ...sum }, { ...dave, ...dry });
    await t.post(
      CLUSTER_ROLES,
      { ...clusterRole("rules-sum"), ...sum },
      { ...dave, ...dry, headers: { ...dave.headers, "impersonate-group": "system:masters" } },
    );
    await t.post(CLUSTER_ROLES, labelled("rules-part", { "rules-sum": "yes" }, rule("get", "", "pods")), {
      ...dave,
      ...dry,
    });
    await t.post(CLUSTER_ROLES, labelled("rules-part", { "rules-sum": "yes" }, rule("get", "", "secrets")), {
      ...dave,
      ...dry,
    });
    await t.post(CLUSTER_ROLES, labelled("rules-part", {}, urls("get", "/rules")), { ...dave, ...dry });
    await t.post(CLUSTER_ROLES, labelled("rules-part", {}, urls("get", "/version")), { ...dave, ...dry });
    await t.patch(`${CLUSTER_ROLES}/view`, sum, { ...dave, ...dry });
    await t.patch(
      `${CLUSTER_ROLES}/view`,
      { metadata: { labels: { a: "b" } } },
      { ...dave, ...dry, compare: "status" },
    );
  }),
  test("rules: scales and statuses of workloads", async (t) => {
    await t.ask("POST", t.path("apps/v1/deployments"), deployment("d"));
    await alices(
      t,
      rule("get,patch,update", "apps", "deployments/scale"),
      rule("get", "apps", "deployments/status"),
    );
    const path = t.path("apps/v1/deployments/d");
    await t.get(`${path}/scale`, alice);
    await t.patch(`${path}/scale`, { spec: { replicas: 2 } }, alice);
    await t.get(`${path}/status`, alice);
    await t.patch(`${path}/status`, { status: { replicas: 2 } }, alice);
    await t.patch(path, { spec: { replicas: 2 } }, alice);
    await t.get(path, alice);
  }),
  test("rules: creating by apply and by update", async (t) => {
    await alices(t, rule("patch,update", "", "configmaps"));
    const all = t.path("v1/configmaps");
    await t.apply(`${all}/a`, configMap("a"), "m", alice);
    await t.put(`${all}/a`, configMap("a"), alice);
    await t.patch(`${all}/a`, {}, alice);
    await given(
      t,
      role("c", rule("create", "", "configmaps", "a")),
      binding("c", reference("Role", "c"), user("alice")),
    );
    await t.apply(`${all}/a`, configMap("a"), "m", { ...alice, remark: "create of a name" });
    await given(
      t,
      role("d", rule("create", "", "configmaps")),
      binding("d", reference("Role", "d"), user("alice")),
    );
    await t.apply(`${all}/a`, configMap("a"), "m", { ...alice, remark: "create" });
    const leases = t.path("coordination.k8s.io/v1/leases");
    const lease = named("coordination.k8s.io/v1", "Lease", "l");
    await given(
      t,
      role("e", rule("update", "coordination.k8s.io", "leases")),
      binding("e", reference("Role", "e"), user("alice")),
    );
    await t.put(`${leases}/l`, lease, alice);
    await given(
      t,
      role("f", rule("create", "coordination.k8s.io", "leases")),
      binding("f", reference("Role", "f"), user("alice")),
    );
    await t.put(`${leases}/l`, lease, alice);
    await t.get(`${all}/a`, alice);
  }),
  test("rules: which fault is told first", async (t) => {
    const all = t.path("v1/configmaps");
    for (const who of [alice, nobody, {}]) {
      await t.get(all, { ...who, accept: "text/html" });
      await t.get(all, { ...who, accept: "application/json;as=Nothing;v=v1;g=meta.k8s.io" });
      await t.get(all, { ...who, query: { limit: "x" } });
      await t.get(all, { ...who, query: { fieldSelector: "(" } });
      await t.post(all, raw("application/json", "{"), who);
      await t.post(all, raw("text/plain", "x"), who);
      await t.post(all, raw("application/json", "x".repeat(4_000_000)), { ...who, remark: "large" });
      await t.patch(`${all}/a`, {}, { ...who, type: "text/plain" });
      await t.post(all, configMap("a"), { ...who, query: { dryRun: "x" } });
      await t.request("PUT", all, configMap("a"), who);
      await t.request("OPTIONS", all, undefined, who);
      await t.get(`${all}/a/b/c`, who);
      await t.get(t.path("v1/pods/p/exec"), { ...who, accept: "text/html" });
      await t.get(t.path("v1/pods/p/exec"), { ...who, query: { dryRun: "All" } });
      for (const accept of ["text/html", "text/plain", "application/yaml", "*/*"])
        await t.get(t.path("v1/pods/p/log"), { ...who, accept, remark: accept });
    }
  }),
  test("rules: default roles", async (t) => {
    await t.ask("POST", t.path("v1/pods"), pod("p"));
    for (const name of ["view", "edit", "admin"]) {
      await given(t, binding(name, reference("ClusterRole", name), user(`rules-${name}`)));
      await t.pause(LAG_MS);
      await tryAll(t, as(`rules-${name}`));
      for (const path of [
        "v1/secrets",
        "v1/serviceaccounts",
        "rbac.authorization.k8s.io/v1/roles",
        "v1/resourcequotas",
        "v1/events",
        "discovery.k8s.io/v1/endpointslices",
      ]) {
        await t.get(t.path(path), { ...as(`rules-${name}`), compare: "status" });
        await t.post(t.path(path), {}, { ...as(`rules-${name}`), query: { dryRun: "All" } });
      }
      await t.post(
        t.path("v1/serviceaccounts/default/token"),
        {},
        { ...as(`rules-${name}`), query: { dryRun: "All" } },
      );
    }
  }),
];
