import { expect, test } from "vitest";
import type { KubeObject } from "../../../api/object.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { RbacPolicy } from "./policy.ts";
import { RbacAuthorizer } from "./rbac-authorizer.ts";

const pods: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const alice = { name: "alice", groups: ["developers", "system:authenticated"] };

function role(name: string, rules: PolicyRule[] | null, namespace?: string): KubeObject {
  return { metadata: { name, ...(namespace ? { namespace } : {}) }, rules } as KubeObject;
}

function binding(name: string, roleRef: string, subjects: object[], namespace?: string): KubeObject {
  const [kind, roleName] = roleRef.split("/");
  const metadata = { name, ...(namespace ? { namespace } : {}) };
  return { metadata, roleRef: { kind, name: roleName }, subjects } as unknown as KubeObject;
}

function setUp() {
  const policy = new RbacPolicy();
  const authorizer = new RbacAuthorizer(policy);
  const ask = (
    more: Partial<AuthorizationAttributes["resource"]>,
    user: AuthorizationAttributes["user"] = alice,
  ) => {
    const resource = {
      group: "",
      version: "v1",
      resource: "pods",
      subresource: "",
      namespace: "n",
      name: "",
      ...more,
    };
    return authorizer.authorize({ user, verb: "get", path: "", resource: resource as never });
  };
  return { policy, authorizer, ask };
}

test("a cluster role that is bound in a namespace counts there; the reason names binding, role and subject", () => {
  const { policy, ask } = setUp();
  policy.clusterRoles.set(role("reader", [pods]));
  policy.roleBindings.set(binding("b", "ClusterRole/reader", [{ kind: "Group", name: "developers" }], "n"));
  expect(ask({})).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "b/n" of ClusterRole "reader" to Group "developers"',
  });
  expect(ask({ namespace: "m" })).toEqual({ allowed: false });
  expect(ask({ namespace: "" })).toEqual({ allowed: false });
});

test("a binding names the first of its subjects that applies", () => {
  const { policy, ask } = setUp();
  policy.clusterRoles.set(role("reader", [pods]));
  const subjects = [
    { kind: "Group", name: "developers" },
    { kind: "User", name: "alice" },
  ];
  policy.clusterRoleBindings.set(binding("b", "ClusterRole/reader", subjects));
  expect(ask({}).reason).toBe(
    'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to Group "developers"',
  );
});

test("a service account is in the binding's namespace unless its subject names another", () => {
  const { policy, ask } = setUp();
  const account = (namespace: string) => ({ name: `system:serviceaccount:${namespace}:robot`, groups: [] });
  policy.roles.set(role("reader", [pods], "n"));
  policy.roleBindings.set(binding("b", "Role/reader", [{ kind: "ServiceAccount", name: "robot" }], "n"));
  expect(ask({}, account("n"))).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "b/n" of Role "reader" to ServiceAccount "robot/n"',
  });
  expect(ask({}, account("m")).allowed).toBe(false);
  const elsewhere = { kind: "ServiceAccount", name: "robot", namespace: "m" };
  policy.roleBindings.set(binding("b", "Role/reader", [elsewhere], "n"));
  expect(ask({}, account("n")).allowed).toBe(false);
  expect(ask({}, account("m")).allowed).toBe(true);
});

test("a role that is missing is told of, and counts as soon as it is there", () => {
  const { policy, authorizer, ask } = setUp();
  policy.roleBindings.set(binding("b", "Role/reader", [{ kind: "User", name: "alice" }], "n"));
  const problem = 'role.rbac.authorization.k8s.io "reader" not found';
  expect(ask({})).toEqual({ allowed: false, reason: `RBAC: ${problem}` });
  expect(authorizer.rulesFor(alice, "n").evaluationError).toBe(problem);
  policy.roles.set(role("reader", [pods], "n"));
  expect(ask({}).allowed).toBe(true);
  expect(authorizer.rulesFor(alice, "n")).toEqual({
    resourceRules: [pods],
    nonResourceRules: [],
    incomplete: false,
  });
  policy.roleBindings.delete(binding("b", "Role/reader", [], "n"));
  expect(ask({})).toEqual({ allowed: false });
});

test("names, subresources and paths", () => {
  const { policy, authorizer, ask } = setUp();
  const rules: PolicyRule[] = [
    { ...pods, resources: ["*/log", "secrets"], resourceNames: ["a"] },
    { ...pods, apiGroups: ["apps"], resources: ["*"] },
    { verbs: ["*"], nonResourceURLs: ["/x/*", "/y"] },
  ];
  policy.clusterRoles.set(role("odd", rules));
  policy.clusterRoles.set(role("empty", null));
  for (const name of ["odd", "empty"])
    policy.clusterRoleBindings.set(binding(name, `ClusterRole/${name}`, [{ kind: "User", name: "alice" }]));
  const allowed = (more: object) => ask(more).allowed;
  expect([
    allowed({ subresource: "log", name: "a" }),
    allowed({ subresource: "log", name: "b" }),
    allowed({ name: "a" }),
    allowed({ resource: "secrets", name: "a" }),
    allowed({ resource: "secrets" }),
    allowed({ resource: "secrets", subresource: "status", name: "a" }),
    allowed({ group: "apps", resource: "deployments", subresource: "scale" }),
  ]).toEqual([true, false, false, true, false, false, true]);
  const path = (text: string, verb = "post") =>
    authorizer.authorize({ user: alice, verb, path: text }).allowed;
  expect([path("/x/"), path("/x/y/z"), path("/x"), path("/y"), path("/y/")]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
});
