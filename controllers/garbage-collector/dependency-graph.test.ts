import { expect, test } from "vitest";
import type { ObjectMeta, OwnerReference } from "../../api/object.ts";
import { DependencyGraph } from "./dependency-graph.ts";

const pods = { apiVersion: "v1", kind: "Pod" };
const sets = { apiVersion: "apps/v1", kind: "ReplicaSet" };

const reference = (name: string, more: Partial<OwnerReference> = {}): OwnerReference => ({
  ...{ ...sets, name, uid: `uid-${name}` },
  ...more,
});

const meta = (name: string, owners: OwnerReference[] = [], more: ObjectMeta = {}): ObjectMeta => ({
  ...{ name, namespace: "n", uid: `uid-${name}` },
  ...(owners.length > 0 ? { ownerReferences: owners } : {}),
  ...more,
});

const identity = (name: string, namespace = "n") => ({ ...sets, name, namespace, uid: `uid-${name}` });

function graphOf() {
  const told: string[] = [];
  const graph = new DependencyGraph({
    attemptToDelete: ({ name }) => told.push(`delete ${name}`),
    attemptToDeleteLater: ({ name }) => told.push(`later ${name}`),
    attemptToOrphan: ({ name }) => told.push(`orphan ${name}`),
    invalidNamespace: ({ name }, owner) => told.push(`${name} is not in the namespace of ${owner.name}`),
  });
  return { graph, heard: () => told.splice(0) };
}

const ending = (finalizer: string): ObjectMeta => ({ deletionTimestamp: "now", finalizers: [finalizer] });

test("objects without owners concern nobody", () => {
  const { graph, heard } = graphOf();
  graph.observe(pods, meta("p"));
  graph.observe(pods, meta("p", [], { labels: { a: "b" } }));
  graph.remove(pods, meta("p"));
  expect(heard()).toEqual([]);
  expect(graph.get("uid-p")).toBeUndefined();
});

test("an owner that nobody has seen is looked for; when it is not there its dependents are looked at", () => {
  const { graph, heard } = graphOf();
  graph.observe(pods, meta("p", [reference("s")]));
  expect(heard()).toEqual(["delete s"]);
  graph.removeAbsent(identity("s"));
  expect(heard()).toEqual(["delete p"]);
  expect(graph.absentOwners.has(identity("s"))).toBe(true);
});

test("an owner that is seen after its dependents is an owner like any other", () => {
  const { graph, heard } = graphOf();
  graph.observe(pods, meta("p", [reference("s")]));
  graph.observe(sets, meta("s"));
  heard();
  graph.observe(pods, meta("p", [reference("s")]));
  expect(heard()).toEqual([]);
  graph.remove(sets, meta("s"));
  expect(heard()).toEqual(["delete p"]);
});

test("dependents that do not agree about an owner: each of its names is looked for", () => {
  const { graph, heard } = graphOf();
  graph.observe(pods, meta("p", [reference("s")]));
  graph.observe(pods, meta("q", [reference("s", { kind: "StatefulSet" })]));
  expect(heard()).toEqual(["delete s", "delete q"]);
  graph.removeAbsent(identity("s"));
  expect(heard()).toEqual(["delete p", "later s"]);
  expect(graph.get("uid-s")).toMatchObject({ kind: "StatefulSet", isVirtual: true });
  // It is one: who calls it a ReplicaSet is looked at.
  graph.observe({ ...sets, kind: "StatefulSet" }, meta("s"));
  graph.removeAbsent(identity("s"));
  expect(heard()).toEqual(["delete p"]);
  expect(graph.get("uid-s")).toBeDefined();
});

test("an owner of another namespace is told of, whichever is seen first", () => {
  const said = "p is not in the namespace of s";
  const first = graphOf();
  first.graph.observe(sets, meta("s", [], { namespace: "other" }));
  first.graph.observe(pods, meta("p", [reference("s")]));
  expect(first.heard()).toEqual([said, "delete p"]);
  const last = graphOf();
  last.graph.observe(pods, meta("p", [reference("s")]));
  last.graph.observe(sets, meta("s", [], { namespace: "other" }));
  expect(last.heard()).toEqual(["delete s", said, "delete p"]);
});

test("the beginning of a deletion is looked at once", () => {
  const { graph, heard } = graphOf();
  graph.observe(sets, meta("s"));
  graph.observe(pods, meta("p", [reference("s")]));
  heard();
  for (let i = 0; i < 2; i++) graph.observe(sets, meta("s", [], ending("foregroundDeletion")));
  expect(heard()).toEqual(["delete p", "delete s"]);
  graph.remove(pods, meta("p"));
  expect(heard()).toEqual(["delete s"]);
  graph.observe(sets, meta("t"));
  for (let i = 0; i < 2; i++) graph.observe(sets, meta("t", [], ending("orphan")));
  expect(heard()).toEqual(["orphan t"]);
});

test("an owner is looked at when a reference that blocks it is gone or blocks no more", () => {
  const { graph, heard } = graphOf();
  const blocking = reference("s", { blockOwnerDeletion: true });
  for (const now of [[], [{ ...blocking, blockOwnerDeletion: false }]]) {
    graph.observe(sets, meta("s"));
    graph.observe(pods, meta("p", [blocking]));
    heard();
    expect(graph.get("uid-s")?.blockingDependents()).toHaveLength(1);
    graph.observe(pods, meta("p", now));
    expect(heard()).toEqual(["delete s"]);
    expect(graph.get("uid-s")?.blockingDependents()).toHaveLength(0);
    expect(graph.get("uid-s")?.dependents.size).toBe(now.length);
  }
});

test("what went while nobody looked is removed, but nothing that is only said to be", () => {
  const { graph, heard } = graphOf();
  graph.observe(sets, meta("s"));
  graph.observe(sets, meta("t"));
  graph.observe(pods, meta("p", [reference("s"), reference("u")]));
  heard();
  graph.keepOnly(sets, new Set(["uid-t"]));
  expect(heard()).toEqual(["delete p"]);
  expect(["s", "t", "u", "p"].map((name) => graph.get(`uid-${name}`) !== undefined)).toEqual([
    ...[false, true, true, true],
  ]);
});
