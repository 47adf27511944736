/** For tests of controllers of workloads: a cluster in which something says of pods what a kubelet would. */
import { afterAll, beforeAll, expect } from "vitest";
import type { Clock } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import type { Client, WatchedEvent } from "../client/client.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { systemClock } from "./system-clock.ts";

export interface TestPod extends KubeObject {
  spec: { nodeName?: string; containers: { image: string }[] };
  status: { phase?: string };
}

export const podsInDefault = { group: "", version: "v1", resource: "pods", namespace: "default" } as const;

/** Time that runs so many times as fast, for what waits for seconds or minutes. */
export function fastClock(speed: number): Clock {
  const start = systemClock.now();
  return {
    now: () => start + speed * (systemClock.now() - start),
    monotonic: () => speed * systemClock.monotonic(),
    setTimer: (delay, callback) => systemClock.setTimer(delay / speed, callback),
  };
}

/** As meta/v1 Time has it. */
export const timeNow = (clock: Clock = systemClock): string =>
  `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;

/** The status of a pod that has just become ready. */
export const readyStatus = () => ({
  phase: "Running",
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: timeNow() }],
});

interface Kubelet {
  /** Told of every event of a pod in the namespace default, one after the other. The new status, if there is one. */
  see(
    type: WatchedEvent["type"],
    pod: TestPod,
    client: Client,
  ): Promise<object | undefined> | object | undefined;
  clock?: Clock;
}

/** Starts the cluster before the tests of a file and ends it after them; no controller may have failed by then. */
export function clusterWithPods({ see, clock }: Kubelet): { readonly client: Client } {
  let cluster: Cluster;
  let running: Promise<void>;
  const end = new AbortController();
  const errors: unknown[] = [];
  const run = async (): Promise<void> => {
    const { client } = cluster;
    for await (const { type, object } of client.watch(podsInDefault, { signal: end.signal })) {
      const pod = object as TestPod;
      const status = await see(type, pod, client);
      const patch = { status };
      // It may be gone in the meantime.
      if (status)
        await client
          .patch(podsInDefault, pod.metadata.name ?? "", patch, { type: "strategic", subresource: "status" })
          .catch(() => undefined);
    }
  };
  beforeAll(async () => {
    cluster = await createCluster({ ...(clock ? { clock } : {}), onError: (error) => errors.push(error) });
    running = run();
  });
  afterAll(async () => {
    end.abort();
    await running;
    await cluster.close();
    expect(errors).toEqual([]);
  });
  return {
    get client() {
      return cluster.client;
    },
  };
}
