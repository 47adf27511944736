import { expect, test } from "vitest";
import type { NodeSelectorTerm, PodSpec } from "../core-types.ts";
import { matchesNodeAffinity } from "./node-affinity.ts";

const node = { metadata: { name: "n", labels: { zone: "a", size: "5" } } };
const spec = (...nodeSelectorTerms: NodeSelectorTerm[]): PodSpec => ({
  containers: [],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
const label = (key: string, operator: Operator, ...values: string[]): NodeSelectorTerm => ({
  matchExpressions: [{ key, operator, values }],
});
const name = (operator: Operator, ...values: string[]): NodeSelectorTerm => ({
  matchFields: [{ key: "metadata.name", operator, values }],
});

test.each([
  ["a label of the values", [label("zone", "In", "a", "b")], true],
  ["a label that is not of the values", [label("zone", "NotIn", "a")], false],
  ["a label that is there", [label("zone", "Exists")], true],
  ["a label that is not", [label("zone", "DoesNotExist")], false],
  ["more", [label("size", "Gt", "4")], true],
  ["less", [label("size", "Lt", "5")], false],
  ["the name", [name("In", "n")], true],
  ["another name", [name("NotIn", "n")], false],
  ["several names are an error", [name("In", "n", "m")], false],
  ["an error, but another term matches", [label("size", "Gt", "x"), name("In", "n")], true],
  ["an empty term matches nothing", [{}], false],
  ["no term matches nothing", [], false],
  ["both of a term", [{ ...label("zone", "In", "b"), ...name("In", "n") }], false],
])("%s", (_, terms, expected) => {
  expect(matchesNodeAffinity(spec(...(terms as NodeSelectorTerm[])), node)).toBe(expected);
});

test("labels of nodeSelector are wanted too", () => {
  expect(matchesNodeAffinity({ containers: [], nodeSelector: { zone: "a" } }, node)).toBe(true);
  expect(matchesNodeAffinity({ ...spec(name("In", "n")), nodeSelector: { zone: "b" } }, node)).toBe(false);
  expect(matchesNodeAffinity({ containers: [] }, node)).toBe(true);
});
