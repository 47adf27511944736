import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { Informer, Informers } from "./informer.ts";
import { initialEnd, noChance, ScriptedClient } from "./testing.ts";

const pod = (name: string, node: string, resourceVersion: string, uid = name): KubeObject => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name, namespace: "n", uid, resourceVersion, labels: { node } },
});

const names = (objects: Iterable<KubeObject>) => [...objects].map(({ metadata }) => metadata.name).sort();

test("who comes late is told of what is known, and of changes like the others", () => {
  const informer = new Informer();
  const told: string[] = [];
  informer.follower.replace([pod("a", "1", "1")]);
  informer.onChange((now, before) => told.push(`${before ? "changed" : "new"} ${now?.metadata.name}`));
  informer.follower.set(pod("b", "1", "2"));
  informer.follower.set(pod("b", "2", "3"));
  expect(told).toEqual(["new a", "new b", "changed b"]);
  expect(informer.objects.get("n/b")?.metadata.labels).toEqual({ node: "2" });
});

test("an index follows what objects say of themselves", () => {
  const informer = new Informer();
  informer.follower.replace([pod("a", "1", "1"), pod("b", "1", "2")]);
  const byNode = informer.index(({ metadata }) => [metadata.labels?.["node"] ?? ""]);
  expect(names(byNode.get("1"))).toEqual(["a", "b"]);
  informer.follower.set(pod("b", "2", "3"));
  expect([names(byNode.get("1")), names(byNode.get("2"))]).toEqual([["a"], ["b"]]);
  informer.follower.delete(pod("a", "1", "4"));
  // Gone and made anew while nobody looked.
  informer.follower.replace([pod("b", "3", "6", "another")]);
  expect([names(byNode.get("1")), names(byNode.get("2")), names(byNode.get("3"))]).toEqual([[], [], ["b"]]);
});

test("a resource is followed once, however many ask for it", async () => {
  const scripted = new ScriptedClient([[{ type: "ADDED", object: pod("a", "1", "1") }, initialEnd("1")]]);
  const ending = new AbortController();
  const options = { clock: new ManualClock(), random: noChance, signal: ending.signal };
  const informers = new Informers({ client: scripted.client, ...options, onError: () => undefined });
  const pods = { group: "", version: "v1", resource: "pods" };
  const informer = informers.of(pods);
  expect(informers.of({ ...pods })).toBe(informer);
  await informers.start();
  await informers.start();
  expect(scripted.asked.filter((from) => from === "all")).toHaveLength(1);
  expect(informer.objects.has("n/a")).toBe(true);
  ending.abort();
});
