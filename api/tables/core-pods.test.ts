import { describe, expect, test } from "vitest";
import { defaultFeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";
import type { Cell } from "./columns.ts";
import { tableOf } from "./tables.ts";

type Fields = Record<string, unknown>;

const context = { now: Date.parse("2024-01-02T00:00:00Z"), gates: defaultFeatureGates() };

const rowOf = (kind: string, object: Fields): Cell[] =>
  tableOf("", kind).row(
    { apiVersion: "v1", kind, metadata: { name: "web" }, ...object } as unknown as KubeObject,
    context,
  );

const waiting = (reason?: string): Fields => ({ state: { waiting: { reason } } });
const running = (fields: Fields = {}): Fields => ({ state: { running: {} }, ready: true, ...fields });
const ended = (exitCode: number, fields: Fields = {}): Fields => ({
  state: { terminated: { exitCode, ...fields } },
});

interface Situation {
  status?: Fields;
  metadata?: Fields;
  /** The states of its containers and init containers; sidecars among these. */
  main?: Fields[];
  init?: Fields[];
  sidecars?: readonly number[];
}

function podRow({ status, metadata, main = [{}], init = [], sidecars = [] }: Situation): Cell[] {
  const named = (prefix: string) => (fields: Fields, index: number) => ({
    name: `${prefix}${index}`,
    ...fields,
  });
  return rowOf("Pod", {
    metadata: { name: "web", creationTimestamp: "2024-01-01T00:00:00Z", ...metadata },
    spec: {
      containers: main.map((_, index) => ({ name: `c${index}` })),
      initContainers: init.map((_, index) => ({
        name: `i${index}`,
        ...(sidecars.includes(index) && { restartPolicy: "Always" }),
      })),
    },
    status: {
      phase: "Running",
      containerStatuses: main.map(named("c")),
      initContainerStatuses: init.map(named("i")),
      ...status,
    },
  });
}

describe("what a pod does", () => {
  test.each<[string, Situation, string, string]>([
    ["waits for a node", { status: { phase: "Pending" } }, "0/1", "Pending"],
    [
      "waits for its gates",
      {
        status: {
          phase: "Pending",
          conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
        },
      },
      "0/1",
      "SchedulingGated",
    ],
    ["runs", { main: [running(), running()] }, "2/2", "Running"],
    ["was evicted", { status: { phase: "Failed", reason: "Evicted" } }, "0/1", "Evicted"],
    ["starts", { main: [waiting("ContainerCreating")] }, "0/1", "ContainerCreating"],
    ["crashes", { main: [running(), waiting("CrashLoopBackOff")] }, "1/2", "CrashLoopBackOff"],
    [
      "waits, which the first container says",
      { main: [waiting("First"), waiting("Second")] },
      "0/2",
      "First",
    ],
    [
      "has ended",
      { status: { phase: "Succeeded" }, main: [ended(0, { reason: "Completed" })] },
      "0/1",
      "Completed",
    ],
    ["has failed without a reason", { main: [ended(3)] }, "0/1", "ExitCode:3"],
    ["was killed", { main: [ended(137, { signal: 9 })] }, "0/1", "Signal:9"],
    [
      "runs on, after one container has ended",
      {
        main: [ended(0, { reason: "Completed" }), running()],
        status: { conditions: [{ type: "Ready", status: "True" }] },
      },
      "1/2",
      "Running",
    ],
    [
      "runs on, but is not ready",
      { main: [ended(0, { reason: "Completed" }), running()] },
      "1/2",
      "NotReady",
    ],
    [
      "failed, of which the container that ended well says nothing",
      { main: [ended(0, { reason: "Completed" }), ended(1, { reason: "Error" })] },
      "0/2",
      "Error",
    ],
    ["is at its second init container", { init: [ended(0), running()] }, "0/1", "Init:1/2"],
    ["waits for an init container's image", { init: [waiting("ErrImagePull")] }, "0/1", "Init:ErrImagePull"],
    ["is about to start", { init: [waiting("PodInitializing")] }, "0/1", "Init:0/1"],
    ["failed at the start", { init: [ended(1)] }, "0/1", "Init:ExitCode:1"],
    [
      "runs with a sidecar",
      { init: [running({ started: true })], sidecars: [0], main: [running()] },
      "2/2",
      "Running",
    ],
    ["waits for its sidecar", { init: [running({ started: false })], sidecars: [0] }, "0/2", "Init:0/1"],
    [
      "is being deleted",
      { metadata: { deletionTimestamp: "2024-01-02T00:00:00Z" }, main: [running()] },
      "1/1",
      "Terminating",
    ],
    [
      "was on a node that is lost",
      { metadata: { deletionTimestamp: "2024-01-02T00:00:00Z" }, status: { reason: "NodeLost" } },
      "0/1",
      "Unknown",
    ],
  ])("%s", (_, situation, ready, reason) => {
    expect(podRow(situation).slice(1, 3)).toEqual([ready, reason]);
  });
});

describe("restarts", () => {
  const lastEnded = (finishedAt: string): Fields => ({
    lastState: { terminated: { exitCode: 1, finishedAt } },
  });
  const hourAgo = lastEnded("2024-01-01T23:00:00Z");
  const dayAgo = lastEnded("2024-01-01T00:00:00Z");

  test.each<[string, Situation, string]>([
    ["none", { main: [running()] }, "0"],
    ["some time", { main: [running({ restartCount: 2 })] }, "2"],
    [
      "the last time",
      { main: [running({ restartCount: 2, ...dayAgo }), running({ restartCount: 1, ...hourAgo })] },
      "3 (60m ago)",
    ],
    [
      "of init containers, while these run",
      { init: [running({ restartCount: 4 })], main: [running({ restartCount: 1 })] },
      "4",
    ],
    [
      "of sidecars and containers after that",
      {
        init: [ended(0), running({ started: true, restartCount: 2 })],
        sidecars: [1],
        main: [running({ restartCount: 1 })],
      },
      "3",
    ],
  ])("%s", (_, situation, expected) => {
    expect(podRow(situation)[3]).toBe(expected);
  });
});

test("where a pod is, and what it waits for", () => {
  const readinessGates = [{ conditionType: "a" }, { conditionType: "b" }];
  const conditions = [
    { type: "a", status: "True" },
    { type: "b", status: "False" },
  ];
  const spec = { containers: [], nodeName: "node", readinessGates };
  const status = { podIPs: [{ ip: "10.0.0.1" }], nominatedNodeName: "other", conditions };
  expect(rowOf("Pod", { spec, status }).slice(4)).toEqual(["<unknown>", "10.0.0.1", "node", "other", "1/2"]);
  expect(podRow({}).slice(4)).toEqual(["24h", "<none>", "<none>", "<none>", "<none>"]);
});

test("rows of pods that have ended say so", () => {
  const { conditions } = tableOf("", "Pod");
  const ofPhase = (phase: string) =>
    conditions?.({ metadata: {}, status: { phase } } as unknown as KubeObject)?.map(({ reason }) => reason);
  expect(ofPhase("Succeeded")).toEqual(["Succeeded"]);
  expect(ofPhase("Failed")).toEqual(["Failed"]);
  expect(ofPhase("Running")).toBeUndefined();
});

test("replication controllers and templates show what they make", () => {
  const template = {
    metadata: { labels: { b: "2", a: "1" } },
    spec: {
      containers: [
        { name: "c", image: "i" },
        { name: "d", image: "j" },
      ],
    },
  };
  const spec = { replicas: 3, selector: { app: "web" }, template };
  expect(rowOf("ReplicationController", { spec, status: { replicas: 2, readyReplicas: 1 } })).toEqual([
    "web",
    3,
    2,
    1,
    "<unknown>",
    "c,d",
    "i,j",
    "app=web",
  ]);
  expect(rowOf("PodTemplate", { template })).toEqual(["web", "c,d", "i,j", "a=1,b=2"]);
});
