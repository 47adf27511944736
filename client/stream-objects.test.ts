import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { notFound } from "../api/status.ts";
import type { Client, WatchedEvent, WatchOptions } from "./client.ts";
import { streamObjects } from "./stream-objects.ts";

const idle = () => new Promise(setImmediate);
const pods = { group: "", version: "v1", resource: "pods" };
const end = { annotations: { "k8s.io/initial-events-end": "true" } };

const event = (type: WatchedEvent["type"], resourceVersion: string, metadata: object = {}): WatchedEvent => ({
  type,
  object: { metadata: { name: "a", resourceVersion, ...metadata } },
});
const expired: WatchedEvent = {
  type: "ERROR",
  object: { code: 410, message: "too old" } as unknown as KubeObject,
};

/** Plays these answers to watches one after the other; then nothing is served any more. */
async function play(answers: (WatchedEvent[] | Error)[]) {
  const told: string[] = [];
  const asked: (string | undefined)[] = [];
  const errors: unknown[] = [];
  const client = {
    async *watch(_resource: unknown, { resourceVersion, sendInitialEvents }: WatchOptions) {
      asked.push(sendInitialEvents ? "all" : resourceVersion);
      const answer = answers.shift() ?? notFound(pods, "");
      if (answer instanceof Error) throw answer;
      yield* answer;
    },
  } as unknown as Client;
  const clock = new ManualClock();
  const { signal } = new AbortController();
  const version = ({ metadata }: KubeObject) => metadata.resourceVersion;
  const follower = {
    begin: () => void told.push("begin"),
    complete: () => void told.push("complete"),
    set: (object: KubeObject) => void told.push(`set ${version(object)}`),
    delete: (object: KubeObject) => void told.push(`delete ${version(object)}`),
  };
  let ended = false;
  const onError = (error: unknown) => void errors.push(error);
  const streaming = streamObjects(client, pods, follower, { clock, signal, onError });
  void streaming.then(() => {
    ended = true;
  });
  while (!ended) {
    await idle();
    if (clock.timers > 0) clock.advance(30_000);
  }
  return { told, asked, errors };
}

test("objects are told one by one, and a watch that ends is resumed where it was", async () => {
  const { told, asked, errors } = await play([
    [event("ADDED", "3"), event("ADDED", "1"), event("BOOKMARK", "5", end), event("MODIFIED", "6")],
    [event("BOOKMARK", "8"), event("DELETED", "9")],
  ]);
  expect(told).toEqual(["begin", "set 3", "set 1", "complete", "set 6", "delete 9"]);
  expect(asked).toEqual(["all", "6", "9"]);
  expect(errors).toEqual([]);
});

test("all is told anew when changes were missed, or the first state was not told in full", async () => {
  const { told, asked } = await play([
    [event("ADDED", "1")],
    [event("ADDED", "1"), event("BOOKMARK", "2", end)],
    [expired],
    [event("BOOKMARK", "7", end)],
  ]);
  expect(told).toEqual(["begin", "set 1", "begin", "set 1", "complete", "begin", "complete"]);
  expect(asked).toEqual(["all", "all", "2", "all", "7"]);
});

test("a watch that fails is opened again from where it was", async () => {
  const lost = new Error("connection lost");
  const { asked, errors } = await play([[event("BOOKMARK", "2", end)], lost, lost, [event("MODIFIED", "3")]]);
  expect(asked).toEqual(["all", "2", "2", "2", "3"]);
  expect(errors).toEqual([lost, lost]);
});
