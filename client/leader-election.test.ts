import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { alreadyExists, conflict, notFound } from "../api/status.ts";
import type { Client } from "./client.ts";
import { runAsLeader } from "./leader-election.ts";

const idle = () => new Promise(setImmediate);
const leases = { group: "coordination.k8s.io", resource: "leases" };

interface Lease extends KubeObject {
  spec: { holderIdentity: string; leaseTransitions: number; leaseDurationSeconds: number };
}

/** A server with one lease, and those who want it. */
function electing() {
  const clock = new ManualClock();
  const server = { lease: undefined as Lease | undefined, down: false, version: 0 };
  const store = (object: KubeObject) => {
    const metadata = { ...object.metadata, resourceVersion: String(++server.version) };
    server.lease = { ...(object as Lease), metadata };
    return server.lease;
  };
  const check = () => {
    if (server.down) throw new Error("connection refused");
  };
  const client = {
    async get() {
      check();
      if (!server.lease) throw notFound(leases, "l");
      return server.lease;
    },
    async create(_: unknown, object: KubeObject) {
      check();
      if (server.lease) throw alreadyExists(leases, "l");
      return store(object);
    },
    async update(_: unknown, object: KubeObject) {
      check();
      if (object.metadata.resourceVersion !== server.lease?.metadata.resourceVersion)
        throw conflict(leases, "l", "changed");
      return store(object);
    },
  } as unknown as Client;
  const log: string[] = [];
  const errors: unknown[] = [];
  const run = (identity: string, more: { releaseOnEnd?: boolean } = {}) => {
    const ending = new AbortController();
    const done = runAsLeader({
      ...{ client, clock, signal: ending.signal, random: { next: () => 0, uuid: () => "" } },
      ...{ namespace: "n", name: "l", identity, onError: (error: unknown) => errors.push(error), ...more },
      async lead(signal) {
        log.push(`${identity} leads`);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        log.push(`${identity} stops`);
      },
    });
    return { ending, done };
  };
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds * 2; i++) {
      await idle();
      clock.advance(500);
    }
    await idle();
  };
  return { clock, server, log, errors, run, pass };
}

test("one leads while it renews, whoever else wants to", async () => {
  const { server, log, run, pass } = electing();
  const runs = [run("a"), run("b")];
  await pass(120);
  expect(log).toEqual(["a leads"]);
  expect(server.lease?.spec).toMatchObject({
    holderIdentity: "a",
    leaseTransitions: 0,
    leaseDurationSeconds: 15,
  });
  for (const { ending, done } of runs) {
    ending.abort();
    await done;
  }
});

test("another leads when the leader is silent for the lease's duration, at once when it lets go", async () => {
  for (const [releaseOnEnd, wait] of [
    [false, 18],
    [true, 4],
  ] as const) {
    const { server, log, run, pass } = electing();
    const first = run("a", { releaseOnEnd });
    await pass(1);
    const second = run("b");
    await pass(5);
    first.ending.abort();
    await first.done;
    await pass(1);
    if (!releaseOnEnd) expect(log).toEqual(["a leads", "a stops"]);
    await pass(wait);
    expect(log).toEqual(["a leads", "a stops", "b leads"]);
    expect(server.lease?.spec.leaseTransitions).toBe(1);
    second.ending.abort();
    await second.done;
  }
});

test("a leader that cannot renew stops before another can begin", async () => {
  const { server, log, errors, run, pass } = electing();
  const { done } = run("a");
  await pass(3);
  server.down = true;
  await pass(13);
  await done;
  expect(log).toEqual(["a leads", "a stops"]);
  expect(errors.length).toBeGreaterThan(0);
});
