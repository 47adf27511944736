import { expect, test } from "vitest";
import { admitted, named } from "../testing.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition.ts";

const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

test("new nodes are tainted as not ready, once", async () => {
  const taintsOf = async (node: object) =>
    (await admitted(taintNodesByCondition, { resource: "nodes", object: node })).object.spec.taints;
  expect(await taintsOf(named("n"))).toEqual([taint]);
  expect(await taintsOf(named("n", { spec: { taints: [taint] } }))).toEqual([taint]);
  const other = { ...taint, effect: "NoExecute" };
  expect(await taintsOf(named("n", { spec: { taints: [other] } }))).toEqual([other, taint]);
});
