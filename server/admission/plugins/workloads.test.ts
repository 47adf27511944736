import { describe, expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { admitted, gates as defaults, named, objectsOf } from "../testing.ts";
import { jobValidation, podGroupWorkloadExists } from "./workloads.ts";

const gates = parseFeatureGates("GenericWorkload=true");
const gang = { spec: { schedulingPolicy: { gang: { minCount: 2 } } } };
const owned = (uid: string) => ({ ownerReferences: [{ uid, controller: true }] });
const objects = objectsOf({
  "workloads.scheduling.k8s.io": [
    named("w", { spec: { podGroupTemplates: [{ name: "t" }] } }),
    named("leaving", { spec: { podGroupTemplates: [] } }, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  ],
  "podgroups.scheduling.k8s.io": [
    named("gang", gang),
    named("basic", { spec: { schedulingPolicy: { basic: {} } } }),
    named("of-job", gang, owned("owner")),
  ],
});

test("a group of pods is made after a template that exists", async () => {
  const create = async (workloadName: string, podGroupTemplateName = "t", own = gates) => {
    const spec = { podGroupTemplateRef: { workload: { workloadName, podGroupTemplateName } } };
    const write = { group: "scheduling.k8s.io", resource: "podgroups", object: named("g", { spec }) };
    const { error } = await admitted(podGroupWorkloadExists(objects, own), write);
    return error?.message.replace('podgroups.scheduling.k8s.io "g" is forbidden: ', "");
  };
  expect(await create("w")).toBeUndefined();
  expect(await create("none")).toBe('PodGroup rejected: Workload "none" not found');
  expect(await create("leaving")).toBe('PodGroup rejected: Workload "leaving" is being deleted');
  expect(await create("w", "u")).toBe('PodGroup rejected: PodGroupTemplate "u" not found in Workload "w"');
  expect(await create("none", "t", defaults)).toBeUndefined();
});

describe("the parallelism of a job", () => {
  const job = (parallelism: number, podGroupName: string | undefined, uid: string) => {
    const schedulingGroup = podGroupName === undefined ? undefined : { podGroupName };
    return named("j", { spec: { parallelism, template: { spec: { schedulingGroup } } } }, { uid });
  };
  const change = async (podGroupName?: string, uid = "u", to = 3) =>
    (
      await admitted(jobValidation(objects, gates), {
        ...{ group: "batch", resource: "jobs" },
        object: job(to, podGroupName, uid),
        oldObject: job(2, podGroupName, uid),
      })
    ).error?.message;
  const refused = (name: string) =>
    `jobs.batch "j" is forbidden: cannot change parallelism for a Job referencing gang-scheduled PodGroup "${name}"`;

  test("stays while its pods are a gang", async () => {
    expect(await change("gang")).toBe(refused("gang"));
    expect(await change(undefined, "owner")).toBe(refused("of-job"));
    expect(await change("gang", "u", 2)).toBeUndefined();
  });

  test("changes otherwise", async () => {
    expect(await change("basic")).toBeUndefined();
    expect(await change("none")).toBeUndefined();
    expect(await change()).toBeUndefined();
  });
});
