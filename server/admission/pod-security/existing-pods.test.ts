import { expect, test } from "vitest";
import type { CheckedPod } from "./check.ts";
import { existingPodWarnings } from "./existing-pods.ts";

const level = { level: "baseline", minor: 30 } as const;
const bad = (name: string, controller?: string): CheckedPod => ({
  metadata: {
    name,
    ...(controller
      ? { ownerReferences: [{ apiVersion: "v1", kind: "X", name: "x", uid: controller, controller: true }] }
      : {}),
  },
  spec: { containers: [], hostPID: true },
});

test("of very many pods the first are looked at, one of each controller before its others", async () => {
  const replicas = Array.from({ length: 3000 }, (_, i) => bad(`replica-${i}`, "owner"));
  const warnings = await existingPodWarnings("ns", level, [...replicas, bad("alone")], []);
  expect(warnings).toEqual([
    "new PodSecurity enforce level only checked against the first 3000 of 3001 existing pods",
    'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:v1.30"',
    "alone (and 2999 other pods): host namespaces",
  ]);
});

test("good pods are not named", async () => {
  expect(
    await existingPodWarnings("ns", level, [{ metadata: { name: "a" }, spec: { containers: [] } }], []),
  ).toEqual([]);
});
