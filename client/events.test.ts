import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { notFound, StatusError } from "../api/status.ts";
import type { Client } from "./client.ts";
import type { RecordedEvent } from "./event-correlator.ts";
import { EventRecorder } from "./events.ts";

const idle = () => new Promise(setImmediate);
const eventsResource = { group: "", resource: "events" };

/** A server that keeps events by name. */
function recorderOf() {
  const clock = new ManualClock();
  const events = new Map<string, RecordedEvent>();
  const state = { failure: undefined as Error | undefined, creates: 0 };
  const errors: unknown[] = [];
  const client = {
    async create(_resource: unknown, object: KubeObject) {
      state.creates++;
      if (state.failure) throw state.failure;
      events.set(object.metadata.name!, object as RecordedEvent);
      return object;
    },
    async patch(_resource: unknown, name: string, patch: object) {
      const event = events.get(name);
      if (!event) throw notFound(eventsResource, name);
      events.set(name, { ...event, ...patch });
      return events.get(name);
    },
  } as unknown as Client;
  const { signal } = new AbortController();
  const random = { next: () => 0.5, uuid: () => "a-uuid" };
  const onError = (error: unknown) => void errors.push(error);
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, "tester");
  const record = async (message: string, name = "p") => {
    recorder.record({
      about: { kind: "Pod", name, namespace: "n" },
      type: "Normal",
      reason: "Tried",
      message,
    });
    await idle();
  };
  return { clock, events, state, errors, record };
}

test("an event is written as upstream's recorder writes it", async () => {
  const { events, record } = recorderOf();
  await record("once");
  const time = "2026-01-01T00:00:00Z";
  expect([...events.values()]).toEqual([
    {
      kind: "Event",
      apiVersion: "v1",
      metadata: { name: `p.${(BigInt(Date.parse(time)) * 1_000_000n).toString(16)}`, namespace: "n" },
      involvedObject: { kind: "Pod", name: "p", namespace: "n" },
      ...{ reason: "Tried", message: "once", type: "Normal", count: 1 },
      ...{ firstTimestamp: time, lastTimestamp: time },
      source: { component: "tester" },
      ...{ reportingComponent: "tester", reportingInstance: "" },
    },
  ]);
});

test("the same again is counted, and begun anew when the server has forgotten it", async () => {
  const { clock, events, record } = recorderOf();
  await record("same");
  clock.advance(5000);
  await record("same");
  expect([...events.values()]).toEqual([
    expect.objectContaining({
      ...{ count: 2, firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:05Z" },
    }),
  ]);
  events.clear();
  await record("same");
  expect([...events.values()]).toEqual([expect.objectContaining({ count: 3 })]);
});

test("the tenth of similar events and those after it are told as one, until ten minutes are quiet", async () => {
  const { clock, events, record } = recorderOf();
  for (let i = 1; i <= 12; i++) await record(`message ${i}`);
  const counted = [...events.values()].map(({ message, count }) => [message, count]);
  expect(counted).toHaveLength(10);
  expect(counted.at(-1)).toEqual(["(combined from similar events): message 12", 3]);
  clock.advance(600_001);
  await record("another");
  expect([...events.values()].at(-1)).toMatchObject({ message: "another", count: 1 });
});

test("of one object 25 events are let through, and one more every five minutes; of others as many", async () => {
  const { clock, events, record } = recorderOf();
  for (let i = 0; i < 30; i++) await record("much");
  const count = () => [...events.values()][0]?.count;
  expect(count()).toBe(25);
  await record("much", "q");
  expect(events.size).toBe(2);
  clock.advance(300_000);
  await record("much");
  await record("much");
  // What was dropped is counted all the same.
  expect(count()).toBe(31);
});

test("a name that no event can have is replaced", async () => {
  const { events, record } = recorderOf();
  await record("odd", "system:odd");
  expect([...events.keys()]).toEqual(["a-uuid"]);
});

test("what cannot be sent is tried again, what the server refuses is not", async () => {
  const { clock, events, state, errors, record } = recorderOf();
  state.failure = new Error("connection lost");
  await record("first");
  state.failure = undefined;
  clock.advance(5000);
  await idle();
  expect([events.size, errors]).toEqual([1, []]);
  state.failure = new StatusError(422, "Invalid", "no");
  await record("second");
  clock.advance(60_000);
  await idle();
  expect([state.creates, errors]).toEqual([3, [state.failure]]);
});
