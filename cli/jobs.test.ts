import { expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { clusterWithPods, fastClock, podsInDefault, timeNow } from "./workloads.suite.ts";

const inDefault = { version: "v1", namespace: "default" } as const;
const jobs = { ...inDefault, group: "batch", resource: "jobs" };
const pods = podsInDefault;
const events = { ...inDefault, group: "", resource: "events" };
const soon = { timeout: 20_000, interval: 5 };
const tracking = "batch.kubernetes.io/job-tracking";
const indexKey = "batch.kubernetes.io/job-completion-index";

interface Pod extends KubeObject {
  spec: { hostname?: string; containers: { image: string; env?: object[] }[] };
  status: { phase?: string };
}
interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}
interface Job extends KubeObject {
  status: Record<string, unknown> & { conditions?: Condition[] };
}

/** Pods that have run, by their Job. */
const ran = new Map<string, Pod[]>();
/** So that nobody waits for a second between two looks, or ten after a failure. */
const clock = fastClock(20);
/** Pods end as their image says: with an exit code, for one index alone, or not at all. */
const cluster = clusterWithPods({
  clock,
  see(type, pod) {
    if (type !== "ADDED") return undefined;
    const { labels, annotations } = pod.metadata;
    const name = labels?.["job-name"] ?? "";
    ran.set(name, [...(ran.get(name) ?? []), pod as Pod]);
    const [, code, only] = /^exit-(\d+)(?:-of-(\d+))?$/.exec(pod.spec.containers[0]!.image) ?? [];
    if (code === undefined) return undefined;
    const exitCode = only === undefined || annotations?.[indexKey] === only ? Number(code) : 0;
    const finishedAt = timeNow(clock);
    const state = { terminated: { exitCode, startedAt: finishedAt, finishedAt } };
    const container = { name: "c", image: "i", imageID: "", ready: false, restartCount: 0, state };
    return { phase: exitCode === 0 ? "Succeeded" : "Failed", containerStatuses: [container] };
  },
});

const make = (name: string, image: string, spec: object = {}) =>
  cluster.client.create(jobs, {
    ...{ kind: "Job", apiVersion: "batch/v1", metadata: { name } },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } }, ...spec },
  } as KubeObject);
const get = async (name: string) => (await cluster.client.get(jobs, name)) as Job;
const podsOf = async (name: string) =>
  (await cluster.client.list(pods, { labelSelector: `job-name=${name}` })).items as Pod[];
const conditionsOf = async (name: string) =>
  ((await get(name)).status.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );
const isEnded = async (name: string, ...conditions: string[]) => {
  await vi.waitFor(async () => expect(await conditionsOf(name)).toEqual(conditions), soon);
  return (await get(name)).status;
};
const complete = ["SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached"];
const failed = (reason: string) => [`FailureTarget=True ${reason}`, `Failed=True ${reason}`];

test("runs as many pods as are to succeed, no more at a time than allowed", async () => {
  await make("a", "exit-0", { completions: 5, parallelism: 2 });
  const status = await isEnded("a", ...complete);
  expect(status).toMatchObject({ succeeded: 5, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
  expect(status.active).toBeUndefined();
  expect(status.startTime).toBeDefined();
  expect(status.completionTime).toBeDefined();
  const all = await podsOf("a");
  expect(all).toHaveLength(5);
  for (const { metadata } of all) {
    expect(metadata.finalizers).toBeUndefined();
    expect(metadata.ownerReferences).toMatchObject([{ kind: "Job", name: "a", controller: true }]);
  }
  expect(ran.get("a")![0]!.metadata.finalizers).toEqual([tracking]);
  await vi.waitFor(async () => {
    const said = (await cluster.client.list(events, { fieldSelector: "involvedObject.name=a" }))
      .items as unknown as { reason: string; message: string }[];
    expect(said.map(({ reason }) => reason).sort()).toEqual([
      "Completed",
      ...Array.from({ length: 5 }, () => "SuccessfulCreate"),
    ]);
  }, soon);
});

test("tries again, later each time, until the limit is reached", async () => {
  await make("b", "exit-3", { backoffLimit: 2 });
  const status = await isEnded("b", ...failed("BackoffLimitExceeded"));
  expect(status).toMatchObject({ failed: 3, uncountedTerminatedPods: {} });
  const created = ran.get("b")!.map(({ metadata }) => Date.parse(metadata.creationTimestamp!));
  expect(created).toHaveLength(3);
  expect(created[1]! - created[0]!).toBeGreaterThanOrEqual(9_000);
  expect(created[2]! - created[1]!).toBeGreaterThanOrEqual(19_000);
});

test("a Job that takes too long is ended with its pods", async () => {
  await make("d", "forever", { activeDeadlineSeconds: 5, parallelism: 2 });
  const status = await isEnded("d", ...failed("DeadlineExceeded"));
  expect(status.failed).toBe(2);
  await vi.waitFor(async () => expect(await podsOf("d")).toEqual([]), soon);
});

test("a suspended Job has no pods, and starts when it is resumed", async () => {
  await make("s", "forever", { parallelism: 2 });
  await vi.waitFor(async () => expect((await get("s")).status.active).toBe(2), soon);
  await cluster.client.patch(jobs, "s", { spec: { suspend: true } }, { type: "merge" });
  await vi.waitFor(async () => {
    const { status } = await get("s");
    expect(await conditionsOf("s")).toEqual(["Suspended=True JobSuspended"]);
    expect({ active: status.active, startTime: status.startTime, failed: status.failed }).toEqual({});
    expect(await podsOf("s")).toEqual([]);
  }, soon);
  await cluster.client.patch(jobs, "s", { spec: { suspend: false } }, { type: "merge" });
  await vi.waitFor(async () => {
    expect(await conditionsOf("s")).toEqual(["Suspended=False JobResumed"]);
    expect((await get("s")).status.active).toBe(2);
  }, soon);
  // With fewer at a time, surplus ones go.
  await cluster.client.patch(jobs, "s", { spec: { parallelism: 1 } }, { type: "merge" });
  await vi.waitFor(async () => expect((await get("s")).status.active).toBe(1), soon);
});

test("with indexes, each is completed once by a pod that knows its own", async () => {
  await make("i", "exit-0", { completions: 3, parallelism: 3, completionMode: "Indexed" });
  const status = await isEnded("i", ...complete);
  expect(status).toMatchObject({ succeeded: 3, completedIndexes: "0-2" });
  const [first] = ran.get("i")!;
  expect(first!.metadata.name).toMatch(/^i-0-.{5}$/);
  expect(first!.metadata.labels?.[indexKey]).toBe("0");
  expect(first!.spec.hostname).toBe("i-0");
  const fieldRef = { apiVersion: "v1", fieldPath: `metadata.labels['${indexKey}']` };
  expect(first!.spec.containers[0]!.env).toEqual([{ name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef } }]);
});

test("with a limit for each index, others go on when one has failed", async () => {
  await make("x", "exit-1-of-1", {
    ...{ completions: 3, parallelism: 1, completionMode: "Indexed", backoffLimitPerIndex: 1 },
  });
  const status = await isEnded("x", ...failed("FailedIndexes"));
  expect(status).toMatchObject({ completedIndexes: "0,2", failedIndexes: "1", succeeded: 2, failed: 2 });
  const second = ran.get("x")!.filter(({ metadata }) => metadata.annotations?.[indexKey] === "1");
  const count = "batch.kubernetes.io/job-index-failure-count";
  expect(second.map(({ metadata }) => metadata.annotations?.[count])).toEqual(["0", "1"]);
});

test("a rule on exit codes fails the Job at once", async () => {
  const onExitCodes = { operator: "In", values: [42] };
  await make("r", "exit-42", { podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes }] } });
  const status = await isEnded("r", ...failed("PodFailurePolicy"));
  expect(status.conditions![0]!.message).toMatch(
    /^Container c for pod default\/r-.{5} failed with exit code 42 matching FailJob rule at index 0$/,
  );
  expect(status.failed).toBe(1);
});

test("a rule on success ends the Job when enough indexes have succeeded", async () => {
  await make("p", "exit-0", {
    ...{ completions: 4, parallelism: 1, completionMode: "Indexed" },
    successPolicy: { rules: [{ succeededIndexes: "0-1" }] },
  });
  const status = await isEnded(
    "p",
    ...["SuccessCriteriaMet=True SuccessPolicy", "Complete=True SuccessPolicy"],
  );
  expect(status.conditions![0]!.message).toBe("Matched rules at index 0");
  expect(status.completedIndexes).toBe("0,1");
});

test("somebody else's Job is left alone", async () => {
  await make("m", "exit-0", { managedBy: "example.com/other" });
  await make("n", "exit-0");
  await isEnded("n", ...complete);
  expect(await podsOf("m")).toEqual([]);
});

test("pods of a deleted Job do not keep its finalizer", async () => {
  await make("z", "forever", { parallelism: 2 });
  await vi.waitFor(async () => expect((await get("z")).status.active).toBe(2), soon);
  await cluster.client.delete(jobs, "z", { propagationPolicy: "Background" });
  await vi.waitFor(async () => expect(await podsOf("z")).toEqual([]), soon);
});
