import { expect, test } from "vitest";
import type { KubeObject } from "../../../api/object.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import type { Access } from "../access.ts";
import type { WriteContext } from "../strategy.ts";
import { bindingHooks, roleHooks } from "./role-escalation.ts";

const user = { name: "alice", groups: ["developers"] };
const getPods: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const deletePods: PolicyRule = { ...getPods, verbs: ["delete"] };

interface Rights {
  held?: PolicyRule[];
  missingRoles?: string[];
  allowed?: string[];
  roles?: Record<string, PolicyRule[]>;
}

/** allowed: "verb resource/name". */
function accessOf({ held = [], missingRoles = [], allowed = [], roles = {} }: Rights): Access {
  return {
    isAllowed: (_, { verb, resource, name }) => allowed.includes(`${verb} ${resource}/${name}`),
    heldRules: async () => ({ rules: held, missingRoles }),
    roleRules: async ({ name }) => roles[name],
  } as Partial<Access> as Access;
}

const context = (requestVerb: string, who = user) =>
  ({ user: who, namespace: "n", requestVerb }) as unknown as WriteContext & { dryRun: boolean };
const role = (rules: PolicyRule[], more: object = {}) =>
  ({ metadata: { name: "r", namespace: "n" }, rules, ...more }) as KubeObject & { rules: PolicyRule[] };
const binding = (kind: string, name: string) =>
  ({ metadata: { name: "b", namespace: "n" }, roleRef: { apiGroup: "g", kind, name } }) as KubeObject & {
    roleRef: { kind: string; name: string };
  };

const createRole = (rights: Rights, rules: PolicyRule[], more: object = {}, who = user) =>
  roleHooks(accessOf(rights), "roles").beginCreate!(role(rules, more), context("create", who));
const updateRole = (rights: Rights, now: KubeObject, old: KubeObject) =>
  roleHooks(accessOf(rights), "roles").beginUpdate!(now, old, context("update"));
const createBinding = (rights: Rights, kind: string, name: string) =>
  bindingHooks(accessOf(rights), "rolebindings").beginCreate!(binding(kind, name), context("create"));

test("a role grants what its writer holds, or is told of what is missing", async () => {
  await createRole({ held: [getPods] }, [getPods]);
  await expect(
    createRole({ held: [getPods], missingRoles: ["x"] }, [getPods, deletePods]),
  ).rejects.toMatchObject({
    code: 403,
    message:
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "alice" (groups=["developers"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}; resolution errors: [roles.rbac.authorization.k8s.io "x" not found]',
  });
  await createRole({}, [deletePods], {}, { name: "root", groups: ["system:masters"] });
});

test("who may escalate writes any role; a create has no name to be allowed by", async () => {
  const named = { allowed: ["escalate roles/r"] };
  await expect(createRole(named, [deletePods])).rejects.toMatchObject({ code: 403 });
  await updateRole(named, role([deletePods]), role([]));
  await createRole({ allowed: ["escalate roles/"] }, [deletePods]);
});

test("owners and finalizers change without further rights", async () => {
  const old = role([deletePods]);
  const changed = (metadata: object) => ({ ...old, metadata: { ...old.metadata, ...metadata } });
  await updateRole({}, changed({ finalizers: ["example.com/a"] }), old);
  await expect(updateRole({}, changed({ labels: { a: "b" } }), old)).rejects.toMatchObject({ code: 403 });
});

test("to aggregate takes all rights", async () => {
  const aggregationRule = { clusterRoleSelectors: [{}] };
  await expect(createRole({ held: [getPods] }, [], { aggregationRule })).rejects.toMatchObject({
    message: expect.stringContaining("must have cluster-admin privileges to use the aggregationRule"),
  });
  const all: PolicyRule[] = [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { verbs: ["*"], nonResourceURLs: ["*"] },
  ];
  await createRole({ held: all }, [], { aggregationRule });
});

test("a role is bound by who holds its rules or may bind it", async () => {
  const roles = { pods: [getPods] };
  await createBinding({ roles, held: [getPods] }, "ClusterRole", "pods");
  await createBinding({ roles, allowed: ["bind clusterroles/pods"] }, "ClusterRole", "pods");
  await expect(createBinding({ roles }, "ClusterRole", "pods")).rejects.toMatchObject({ code: 403 });
  await expect(createBinding({ roles }, "Role", "absent")).rejects.toMatchObject({
    code: 404,
    message: 'rolebindings.rbac.authorization.k8s.io "absent" not found',
  });
  await expect(createBinding({ roles }, "Pod", "pods")).rejects.toMatchObject({
    code: 500,
    message: 'unsupported role reference kind: "Pod"',
  });
});
