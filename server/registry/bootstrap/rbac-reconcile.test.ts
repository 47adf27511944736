import { describe, expect, test } from "vitest";
import { autoUpdateAnnotation, type RoleBindingObject, type RoleObject } from "./rbac-policy.ts";
import { reconcileRole, reconcileRoleBinding } from "./rbac-reconcile.ts";

const role = (fields: Partial<RoleObject> = {}): RoleObject => ({
  kind: "ClusterRole",
  apiVersion: "rbac.authorization.k8s.io/v1",
  metadata: {
    name: "r",
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults" },
    annotations: { [autoUpdateAnnotation]: "true" },
  },
  rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }],
  ...fields,
});

describe("a default role", () => {
  test("gets back what is missing and keeps what somebody added", () => {
    const extra = { verbs: ["delete"], apiGroups: ["x"], resources: ["y"] };
    const get = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
    expect(reconcileRole(role({ rules: [extra, get] }), role())).toEqual({
      action: "update",
      object: role({ rules: [extra, get, { verbs: ["list"], apiGroups: [""], resources: ["pods"] }] }),
    });
  });

  test("is content with a wider rule", () => {
    const all = role({ rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] });
    expect(reconcileRole(all, role())).toEqual({ action: "none" });
  });

  test("is left alone when it says so", () => {
    const metadata = { ...role().metadata, annotations: { [autoUpdateAnnotation]: "false" } };
    expect(reconcileRole(role({ metadata, rules: [] }), role())).toEqual({ action: "none" });
  });

  test("gets its labels back, but a changed value stays", () => {
    const metadata = { name: "r", labels: { mine: "1" }, annotations: { [autoUpdateAnnotation]: "yes" } };
    expect(reconcileRole(role({ metadata }), role())).toMatchObject({
      action: "update",
      object: {
        metadata: {
          labels: { mine: "1", "kubernetes.io/bootstrapping": "rbac-defaults" },
          annotations: { [autoUpdateAnnotation]: "yes" },
        },
      },
    });
  });

  const selector = (value: string) => ({ matchLabels: { aggregate: value } });

  test("keeps other selectors of its aggregation rule and adds its own", () => {
    const existing = role({ rules: null, aggregationRule: { clusterRoleSelectors: [selector("a")] } });
    const expected = role({ rules: null, aggregationRule: { clusterRoleSelectors: [selector("b")] } });
    expect(reconcileRole(existing, expected)).toMatchObject({
      action: "update",
      object: { aggregationRule: { clusterRoleSelectors: [selector("a"), selector("b")] } },
    });
  });

  test("loses an aggregation rule that it should not have", () => {
    const existing = role({ aggregationRule: { clusterRoleSelectors: [selector("a")] } });
    expect(reconcileRole(existing, role())).toEqual({ action: "update", object: role() });
  });
});

describe("a default binding", () => {
  const binding = (name: string, ...users: string[]): RoleBindingObject => ({
    kind: "ClusterRoleBinding",
    apiVersion: "rbac.authorization.k8s.io/v1",
    metadata: role().metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: users.map((user) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: user })),
  });

  test("gets its subjects back and keeps others", () => {
    expect(reconcileRoleBinding(binding("r", "eve"), binding("r", "adam"))).toEqual({
      action: "update",
      object: binding("r", "eve", "adam"),
    });
    expect(reconcileRoleBinding(binding("r", "eve", "adam"), binding("r", "adam"))).toEqual({
      action: "none",
    });
  });

  test("is made anew when it points elsewhere", () => {
    expect(reconcileRoleBinding(binding("other", "eve"), binding("r", "adam"))).toEqual({
      action: "recreate",
      object: binding("r", "adam"),
    });
  });
});
