import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { forbidden, notFound, StatusError } from "../api/status.ts";
import { streamObjects } from "./stream-objects.ts";
import {
  watched as event,
  idle,
  initialEnd,
  noChance,
  ScriptedClient,
  type WatchAnswer,
  watchError,
} from "./testing.ts";

const pods = { group: "", version: "v1", resource: "pods" };
const lost = new Error("connection lost");
const expired = new StatusError(410, "Expired", "too old");

/** Plays these answers to watches one after the other, each as soon as it is asked for. */
async function play(answers: WatchAnswer[], pages: Record<string, readonly KubeObject[] | Error> = {}) {
  const told: string[] = [];
  const errors: unknown[] = [];
  const scripted = new ScriptedClient(answers, pages);
  const clock = new ManualClock();
  const ending = new AbortController();
  const version = ({ metadata }: KubeObject) => metadata.resourceVersion;
  const follower = {
    begin: () => void told.push("begin"),
    complete: () => void told.push("complete"),
    set: (object: KubeObject) => void told.push(`set ${version(object)}`),
    delete: (object: KubeObject) => void told.push(`delete ${version(object)}`),
  };
  const onError = (error: unknown) => void errors.push(error);
  const options = { clock, random: noChance, signal: ending.signal, onError };
  const streaming = streamObjects(scripted.client, pods, follower, options);
  const delays: number[] = [];
  for (await idle(); clock.timers > 0; await idle()) {
    const before = clock.monotonic();
    while (clock.timers > 0) clock.advance(100);
    delays.push(clock.monotonic() - before);
  }
  ending.abort();
  await streaming;
  return { told, asked: scripted.asked, errors, delays };
}

test("objects are told one by one, and a watch that ends is resumed where it was", async () => {
  const { told, asked, errors } = await play([
    [event("ADDED", "3"), event("ADDED", "1"), initialEnd("5"), event("MODIFIED", "6")],
    [event("BOOKMARK", "8"), event("DELETED", "9")],
  ]);
  expect(told).toEqual(["begin", "set 3", "set 1", "complete", "set 6", "delete 9"]);
  expect(asked).toEqual(["all", "6", "9"]);
  expect(errors).toEqual([]);
});

test("all is told anew when changes were missed, or the first state was not told in full", async () => {
  const { told, asked, errors } = await play([
    [event("ADDED", "1")],
    [event("ADDED", "1"), initialEnd("2")],
    [watchError(410)],
    [initialEnd("7")],
    expired,
    [initialEnd("9")],
  ]);
  expect(told).toEqual([
    ...["begin", "set 1", "begin", "set 1", "complete", "begin", "complete", "begin", "complete"],
  ]);
  expect(asked).toEqual(["all", "all", "2", "all", "7", "all", "9"]);
  expect(errors).toEqual([]);
});

test("a watch that fails, in its middle too, is opened again from where it was, later each time", async () => {
  const { asked, errors, delays } = await play([
    [initialEnd("2")],
    lost,
    lost,
    [event("MODIFIED", "3"), lost],
    ...Array.from({ length: 5 }, () => lost),
  ]);
  expect(asked).toEqual(["all", "2", "2", "2", "3", "3", "3", "3", "3", "3"]);
  expect(errors).toHaveLength(8);
  expect(delays).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test("what cannot be told at first is asked for again", async () => {
  const refusal = forbidden(pods, "", "no");
  const { asked, told, errors } = await play([refusal, lost, [event("ADDED", "1"), initialEnd("2")]]);
  expect(asked).toEqual(["all", "all", "all", "2"]);
  expect(told).toEqual(["begin", "begin", "begin", "set 1", "complete"]);
  expect(errors).toEqual([refusal, lost]);
});

test("a server that asks for patience is asked later from there, one that fails within for everything", async () => {
  const { asked, errors, delays } = await play([
    [initialEnd("2")],
    [watchError(429, "slow down")],
    [watchError(500, "no idea")],
    [initialEnd("4")],
  ]);
  expect(asked).toEqual(["all", "2", "2", "all", "4"]);
  expect(errors.map((error) => (error as Error).message)).toEqual(["slow down", "no idea"]);
  expect(delays).toEqual([800, 1600]);
});

test("a server that knows less than before is asked for everything", async () => {
  const causes = [{ reason: "ResourceVersionTooLarge" }];
  const future = new StatusError(504, "Timeout", "Too large resource version: 9", { causes });
  const { asked } = await play([[initialEnd("9")], future, [initialEnd("2")]]);
  expect(asked).toEqual(["all", "9", "all", "2"]);
});

test("of what is not served there is nothing, until it is served", async () => {
  const { told, errors, asked } = await play([
    notFound(pods, ""),
    notFound(pods, ""),
    [event("ADDED", "1"), initialEnd("2")],
    notFound(pods, ""),
  ]);
  expect(told).toEqual(["begin", "begin", "complete", "begin", "begin", "set 1", "complete"]);
  expect(asked).toEqual(["all", "all", "all", "2", "2"]);
  expect(errors).toEqual([]);
});

test("watches that end at once are not opened without a pause", async () => {
  const { asked, delays, errors } = await play([[initialEnd("2")], [], [], [event("ADDED", "3")]]);
  expect(asked).toEqual(["all", "2", "2", "2", "3"]);
  expect(delays).toEqual([800, 1600]);
  expect(errors).toEqual([]);
});

test("where lists cannot be streamed they are read by pages", async () => {
  const { told, asked, errors } = await play(
    [
      new StatusError(422, "Invalid", "sendInitialEvents is forbidden"),
      [event("MODIFIED", "8"), watchError(410)],
      [event("MODIFIED", "9")],
    ],
    { first: [event("ADDED", "1").object], second: [event("ADDED", "2").object] },
  );
  const pages = ["page first", "page second"];
  expect(asked).toEqual(["all", ...pages, "7", ...pages, "7", "9"]);
  const list = ["begin", "set 1", "set 2", "complete"];
  expect(told).toEqual(["begin", ...list, "set 8", ...list, "set 9"]);
  expect(errors).toEqual([]);
});
