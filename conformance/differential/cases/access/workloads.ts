import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named, pod } from "../../objects.ts";

export const flags = [
  "--feature-gates=GenericWorkload=true,GangScheduling=true,WorkloadAwarePreemption=true,WorkloadWithJob=true",
  "--runtime-config=scheduling.k8s.io/v1alpha2=true",
];

const LAG_MS = 400;
const VERSION = "scheduling.k8s.io/v1alpha2";

export const cases = [
  test("workloads: groups of pods", async (t) => {
    const groups = t.path(`${VERSION}/podgroups`);
    const gang = { gang: { minCount: 2 } };
    await t.post(
      t.path(`${VERSION}/workloads`),
      named(VERSION, "Workload", "w", {
        spec: { podGroupTemplates: [{ name: "t", schedulingPolicy: gang }] },
      }),
    );
    await t.pause(LAG_MS);
    const group = (name: string, workloadName: string, podGroupTemplateName: string, more: JsonObject = {}) =>
      named(VERSION, "PodGroup", name, {
        spec: {
          podGroupTemplateRef: { workload: { workloadName, podGroupTemplateName } },
          schedulingPolicy: gang,
          ...more,
        },
      });
    await t.post(groups, group("none", "none", "t"));
    await t.post(groups, group("none", "w", "none"));
    await t.post(groups, group("wrong", "w", "t", { priority: 5 }));
    await t.post(groups, group("wrong", "w", "t", { priorityClassName: "none" }));
    await t.post(groups, group("g", "w", "t", { priorityClassName: "system-node-critical" }));
    await t.post(groups, named(VERSION, "PodGroup", "plain", { spec: { schedulingPolicy: gang } }));
    await t.pause(LAG_MS);
    const template = (podGroupName?: string): JsonObject => ({
      spec: {
        ...((pod("p")["spec"] as JsonObject) ?? {}),
        restartPolicy: "Never",
        ...(podGroupName === undefined ? {} : { schedulingGroup: { podGroupName } }),
      },
    });
    const jobs = t.path("batch/v1/jobs");
    for (const name of ["g", "none"]) {
      const job = named("batch/v1", "Job", `of-${name}`, {
        spec: { parallelism: 2, completions: 2, template: template(name) },
      });
      await t.post(jobs, job, { compare: "status" });
      await t.patch(
        `${jobs}/of-${name}`,
        { spec: { parallelism: 3 } },
        { compare: name === "g" ? "all" : "status" },
      );
    }
    await t.delete(`${groups}/plain`, undefined, { remark: "it stays, protected" });
  }),
];
