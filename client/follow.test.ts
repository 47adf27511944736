import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { forbidden, pathNotFound } from "../api/status.ts";
import { type Follower, follow } from "./follow.ts";
import { idle, initialEnd, noChance, ScriptedClient, type WatchAnswer, watched } from "./testing.ts";

const things = { group: "example.com", version: "v1", resource: "things" };

function followed(answers: WatchAnswer[]) {
  const told: string[] = [];
  const texts = (objects: readonly KubeObject[]) =>
    objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join(" ");
  const follower: Follower = {
    replace: (objects) => told.push(`all: ${texts(objects)}`),
    set: (object) => told.push(`set: ${texts([object])}`),
    delete: (object) => told.push(`delete: ${texts([object])}`),
  };
  const clock = new ManualClock();
  const ending = new AbortController();
  const { client } = new ScriptedClient(answers);
  const options = { clock, random: noChance, signal: ending.signal, onError: () => undefined };
  return { told, clock, ending, following: follow(client, things, follower, options) };
}

test("all there is is told at once, then each change", async () => {
  const { told, following } = followed([
    [
      ...[watched("ADDED", "1"), watched("ADDED", "2", { name: "b" }), watched("ADDED", "3", { name: "c" })],
      // Changes may come before the end of what there is.
      ...[watched("MODIFIED", "4"), watched("DELETED", "5", { name: "b" }), initialEnd("5")],
      ...[watched("MODIFIED", "6"), watched("DELETED", "7")],
    ],
  ]);
  await following;
  await idle();
  expect(told).toEqual(["all: a@4 c@3", "set: a@6", "delete: a@7"]);
});

test("of what is not served there is nothing", async () => {
  const { told, following } = followed([pathNotFound()]);
  await following;
  expect(told).toEqual(["all: "]);
});

test("what cannot be listed otherwise is not taken for nothing, and whoever waits for it is let go at the end", async () => {
  const { told, ending, following, clock } = followed([forbidden(things, "", "no"), new Error("lost")]);
  await idle();
  clock.advance(800);
  await idle();
  expect(told).toEqual([]);
  ending.abort();
  await following;
});
