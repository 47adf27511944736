import { expect, test } from "vitest";
import { TestRegistry } from "./testing.ts";

const workloads = (gates: string) => new TestRegistry(gates).resource("scheduling.k8s.io/v1alpha2/workloads");
const sent = (schedulingConstraints?: object) => ({
  apiVersion: "scheduling.k8s.io/v1alpha2",
  kind: "Workload",
  metadata: { name: "w", namespace: "default" },
  spec: {
    podGroupTemplates: [
      {
        name: "t",
        schedulingPolicy: { gang: { minCount: 2 } },
        ...(schedulingConstraints ? { schedulingConstraints } : {}),
      },
    ],
  },
});

test("constraints of a template that are not there are null", async () => {
  const on = workloads("GenericWorkload=true");
  for (const object of [sent(), sent({ topology: [{ key: "k" }] })]) {
    const created = await on.create(object as never);
    expect(created.object).toMatchObject({ spec: { podGroupTemplates: [{ schedulingConstraints: null }] } });
  }
});
