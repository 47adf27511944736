import { expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { clusterWithPods, fastClock } from "./workloads.suite.ts";

const inDefault = { version: "v1", namespace: "default" } as const;
const cronJobs = { ...inDefault, group: "batch", resource: "cronjobs" };
const jobs = { ...inDefault, group: "batch", resource: "jobs" };
const events = { ...inDefault, group: "", resource: "events" };
const soon = { timeout: 20_000, interval: 5 };

interface CronJob extends KubeObject {
  status: {
    active?: { name: string; kind: string }[];
    lastScheduleTime?: string;
    lastSuccessfulTime?: string;
  };
}
/** A minute passes in a fifth of a second. Pods succeed or fail at once as their image says. */
const cluster = clusterWithPods({
  clock: fastClock(300),
  see(type, { spec }) {
    const phase = spec.containers[0]!.image;
    return type === "ADDED" && phase !== "Running" ? { phase } : undefined;
  },
});

const make = (name: string, image: string, spec: object = {}, jobSpec: object = {}) =>
  cluster.client.create(cronJobs, {
    ...{ kind: "CronJob", apiVersion: "batch/v1", metadata: { name } },
    spec: {
      schedule: "* * * * *",
      jobTemplate: {
        metadata: { labels: { of: name }, annotations: { why: "template" } },
        spec: {
          backoffLimit: 0,
          template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } },
          ...jobSpec,
        },
      },
      ...spec,
    },
  } as KubeObject);
const get = async (name: string) => (await cluster.client.get(cronJobs, name)) as CronJob;
const jobsOf = async (name: string) =>
  (await cluster.client.list(jobs, { labelSelector: `of=${name}` })).items;
const said = async (name: string) => {
  const { items } = await cluster.client.list(events, { fieldSelector: `involvedObject.name=${name}` });
  return (items as unknown as { reason: string; message: string }[]).map(
    ({ reason, message }) => `${reason}: ${message}`,
  );
};
const stop = (name: string) => cluster.client.delete(cronJobs, name, { propagationPolicy: "Background" });

test("a Job is created every minute, and as many that have ended are kept as is said", async () => {
  await make("a", "Succeeded", { successfulJobsHistoryLimit: 2, timeZone: "Asia/Kolkata" });
  await vi.waitFor(async () => {
    const messages = await said("a");
    for (const reason of ["SuccessfulCreate", "SawCompletedJob", "SuccessfulDelete"])
      expect(messages.join()).toContain(`${reason}: `);
  }, soon);
  const { status } = await get("a");
  expect(Date.parse(status.lastScheduleTime!) % 60_000).toBe(0);
  expect(status.lastSuccessfulTime).toBeDefined();
  const [job] = await jobsOf("a");
  const minute = Number(job!.metadata.name!.slice(2));
  const shown = new Date((minute * 60 + 5.5 * 3600) * 1000).toISOString().slice(0, 19);
  expect(job!.metadata).toMatchObject({
    annotations: { why: "template", "batch.kubernetes.io/cronjob-scheduled-timestamp": `${shown}+05:30` },
    ownerReferences: [{ kind: "CronJob", name: "a", controller: true }],
  });
  await cluster.client.patch(cronJobs, "a", { spec: { suspend: true } }, { type: "merge" });
  await vi.waitFor(async () => {
    expect(await jobsOf("a")).toHaveLength(2);
    expect((await get("a")).status.active).toBeUndefined();
  }, soon);
  await stop("a");
});

test("Forbid waits for the Job that runs", async () => {
  await make("f", "Running", { concurrencyPolicy: "Forbid" });
  const forbidden =
    "JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid";
  await vi.waitFor(async () => expect(await said("f")).toContain(forbidden), soon);
  expect(await jobsOf("f")).toHaveLength(1);
  expect((await get("f")).status.active).toMatchObject([{ kind: "Job" }]);
  await stop("f");
});

test("Replace deletes the Job that runs", async () => {
  await make("r", "Running", { concurrencyPolicy: "Replace" });
  await vi.waitFor(async () => {
    const messages = await said("r");
    expect(messages.filter((message) => message.startsWith("SuccessfulCreate")).length).toBeGreaterThan(1);
    expect(messages.some((message) => message.startsWith("SuccessfulDelete"))).toBe(true);
  }, soon);
  expect((await jobsOf("r")).filter(({ metadata }) => !metadata.deletionTimestamp).length).toBeLessThan(2);
  await stop("r");
});

test("Jobs that have ended go when their time is over", async () => {
  await make("t", "Failed", {}, { ttlSecondsAfterFinished: 30 });
  await vi.waitFor(async () => expect(await jobsOf("t")).not.toEqual([]), soon);
  const [first] = await jobsOf("t");
  await vi.waitFor(async () => {
    expect((await jobsOf("t")).some(({ metadata }) => metadata.uid === first!.metadata.uid)).toBe(false);
  }, soon);
  await stop("t");
});

test("a schedule that never comes is said to be invalid", async () => {
  await make("n", "Succeeded", { schedule: "0 0 31 2 *" });
  await vi.waitFor(async () => {
    expect(await said("n")).toContain(
      "InvalidSchedule: invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second",
    );
  }, soon);
  expect(await jobsOf("n")).toEqual([]);
});
