import { expect, test } from "vitest";
import type { PolicyRule } from "../../api/rbac-rules.ts";
import { aggregatedRules, type ClusterRole } from "./aggregated-rules.ts";

const rule = (verb: string): PolicyRule => ({ verbs: [verb], apiGroups: [""], resources: ["pods"] });
const role = (name: string, labels: Record<string, string>, ...verbs: string[]): ClusterRole => ({
  metadata: { name, labels },
  rules: verbs.map(rule),
});
const aggregating = (...matchLabels: Record<string, string>[]): ClusterRole => ({
  metadata: { name: "all", labels: { a: "1" } },
  rules: [rule("own")],
  aggregationRule: { clusterRoleSelectors: matchLabels.map((labels) => ({ matchLabels: labels })) },
});

test("rules come selector by selector, by name, none twice, and never from the role itself", () => {
  const all = aggregating({ a: "1" }, { b: "1" });
  const others = [
    role("z", { b: "1", a: "1" }, "list", "get"),
    role("y", { a: "1" }, "get"),
    role("x", { b: "1" }, "watch"),
  ];
  const verbs = aggregatedRules(all, [all, ...others]).map((one) => one.verbs[0]);
  expect(verbs).toEqual(["get", "list", "watch"]);
});

test("an empty selector takes all, none takes nothing", () => {
  const other = role("x", {}, "get");
  const everything = aggregating({});
  expect(aggregatedRules(everything, [everything, other])).toEqual([rule("get")]);
  expect(aggregatedRules(aggregating(), [other])).toEqual([]);
});
