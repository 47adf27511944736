import { expect, test } from "vitest";
import { admitted, named } from "../testing.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";

const plugin = defaultTolerationSeconds({ notReady: 300, unreachable: 60 });
const tolerationsOf = async (tolerations?: object[]) => {
  const { object } = await admitted(plugin, {
    resource: "pods",
    object: named("p", { spec: { tolerations } }),
  });
  return object.spec.tolerations;
};
const own = (key: string, tolerationSeconds: number) => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds,
});

test("pods tolerate unready and unreachable nodes for a while", async () => {
  const other = { key: "a", operator: "Exists" };
  expect(await tolerationsOf()).toEqual([own("not-ready", 300), own("unreachable", 60)]);
  expect(await tolerationsOf([other])).toEqual([other, own("not-ready", 300), own("unreachable", 60)]);
});

test("what a pod says itself counts", async () => {
  const notReady = { key: "node.kubernetes.io/not-ready", operator: "Exists" };
  expect(await tolerationsOf([notReady])).toEqual([notReady, own("unreachable", 60)]);
  const everything = { operator: "Exists" };
  expect(await tolerationsOf([everything])).toEqual([everything]);
  const elsewhere = { ...everything, effect: "NoSchedule" };
  expect(await tolerationsOf([elsewhere])).toHaveLength(3);
});
