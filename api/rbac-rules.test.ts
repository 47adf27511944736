import { expect, test } from "vitest";
import { type PolicyRule, uncoveredRules } from "./rbac-rules.ts";

const pods: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };

test.each<[string, PolicyRule[], PolicyRule, number]>([
  ["the same rule", [pods], pods, 0],
  ["another verb", [pods], { ...pods, verbs: ["get", "list"] }, 1],
  ["stars", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }], pods, 0],
  ["parts of several rules", [pods, { ...pods, verbs: ["list"] }], { ...pods, verbs: ["get", "list"] }, 0],
  ["names under a rule without names", [pods], { ...pods, resourceNames: ["a", "b"] }, 0],
  ["all names under a rule with names", [{ ...pods, resourceNames: ["a"] }], pods, 1],
  ["one of two names", [{ ...pods, resourceNames: ["a"] }], { ...pods, resourceNames: ["a", "b"] }, 1],
  ["a subresource by star", [{ ...pods, resources: ["*/scale"] }], { ...pods, resources: ["x/scale"] }, 0],
  ["a resource by its subresource's star", [{ ...pods, resources: ["*/scale"] }], pods, 1],
  [
    "URLs by prefix",
    [{ verbs: ["get"], nonResourceURLs: ["/api/*"] }],
    { verbs: ["get"], nonResourceURLs: ["/api/v1"] },
    0,
  ],
  [
    "URLs elsewhere",
    [{ verbs: ["get"], nonResourceURLs: ["/api/*"] }],
    { verbs: ["get"], nonResourceURLs: ["/apis"] },
    1,
  ],
  ["a group called __proto__", [pods], { ...pods, apiGroups: ["__proto__"] }, 1],
])("%s", (_, owners, servant, uncovered) => {
  expect(uncoveredRules(owners, [servant])).toHaveLength(uncovered);
});
