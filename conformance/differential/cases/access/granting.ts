import { type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";
import {
  alice,
  binding,
  bindings,
  bob,
  CLUSTER_BINDINGS,
  CLUSTER_ROLES,
  clusterBinding,
  clusterRole,
  given,
  RBAC,
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
  test("granting: nobody grants what they do not have", async (t) => {
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
  test("granting: escalate", async (t) => {
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
  test("granting: bind", async (t) => {
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
  test("granting: cluster roles and aggregation", async (t) => {
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
  test("granting: resolution errors are told", async (t) => {
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
  test("granting: who sets policies must read their parameters", async (t) => {
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
  test("granting: who writes the status of resource claims", async (t) => {
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
];
