import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import { StreamSet } from "./stream-set.ts";
import { idle, initialEnd, noChance, ScriptedClient, type WatchAnswer, watched } from "./testing.ts";

function streams(answers: WatchAnswer[]) {
  const told: string[] = [];
  const scripted = new ScriptedClient(answers);
  const ending = new AbortController();
  const clock = new ManualClock();
  const options = { clock, random: noChance, signal: ending.signal, onError: () => undefined };
  const set = new StreamSet({ client: scripted.client, ...options });
  const follower = (name: string) => ({
    begin: () => void told.push(`${name} begins`),
    complete: () => void told.push(`${name} complete`),
    set: () => void told.push(`${name} set`),
    delete: () => void told.push(`${name} deleted`),
  });
  const wanted = (...names: string[]) =>
    new Map(
      names.map((name) => [
        name,
        {
          resource: { group: "", version: "v1", resource: name },
          metadataOnly: true,
          follow: () => follower(name),
        },
      ]),
    );
  return { set, wanted, told, ending, clock, scripted };
}

test("what is wanted is followed once, and told in full before sync resolves", async () => {
  const { set, wanted, told, scripted } = streams([
    [watched("ADDED", "1"), initialEnd("2")],
    [initialEnd("2")],
  ]);
  await set.sync(wanted("pods", "secrets"));
  expect(told.sort()).toEqual(
    ["pods begins", "pods set", "pods complete", "secrets begins", "secrets complete"].sort(),
  );
  await idle();
  const asked = [...scripted.asked];
  await set.sync(wanted("secrets", "pods"));
  expect(scripted.asked).toEqual(asked);
});

test("what is not wanted any more is let go, and may be wanted again", async () => {
  const { set, wanted, told, scripted } = streams([
    [initialEnd("2")],
    [initialEnd("2")],
    [watched("ADDED", "3")],
    [watched("ADDED", "3")],
  ]);
  await set.sync(wanted("pods", "secrets"));
  await idle();
  await set.sync(wanted("pods"));
  await idle();
  expect(scripted.ended).toEqual(["secrets"]);
  const again = set.sync(wanted("pods", "secrets"));
  await idle();
  expect(told.filter((one) => one === "secrets begins")).toHaveLength(2);
  await set.sync(wanted());
  await again;
  await idle();
  expect(scripted.ended.sort()).toEqual(["pods", "secrets", "secrets"]);
});

test("all end with the signal, and nothing begins after it", async () => {
  const { set, wanted, scripted, ending } = streams([[initialEnd("2")], [watched("ADDED", "3")]]);
  await set.sync(wanted("pods"));
  await idle();
  ending.abort();
  await idle();
  expect(scripted.ended).toEqual(["pods"]);
  const asked = scripted.asked.length;
  await set.sync(wanted("secrets"));
  expect(scripted.asked).toHaveLength(asked);
});
