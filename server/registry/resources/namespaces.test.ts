import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { StatusError } from "../../../api/status.ts";
import { namespaces } from "./namespaces.ts";

type Namespace = ObjectOf<"io.k8s.api.core.v1.Namespace">;

const { strategy, subresources } = namespaces;
const context = {
  gates: defaultFeatureGates(),
  clock: { now: () => Date.parse("2026-11-21T10:00:00Z"), monotonic: () => 0, setTimer: () => () => {} },
  random: { next: () => 0.5, uuid: () => "" },
  namespace: "",
  user: { name: "", uid: "", groups: [], extra: {} },
  requestVersion: "v1",
  warn: () => {},
};

function namespaceOf(fields: { metadata?: object; spec?: object; status?: object } = {}): Namespace {
  return {
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
    ...fields,
    metadata: { name: "team", uid: "u", resourceVersion: "7", ...fields.metadata },
  } as Namespace;
}

describe("deleting a namespace", () => {
  it("begins by marking it: what is in it goes first", () => {
    const namespace = namespaceOf();
    expect(strategy.beginDelete!(namespace, {}, context)).toBe("update");
    expect(namespace.metadata.deletionTimestamp).toBe("2026-11-21T10:00:00Z");
    expect(namespace.status.phase).toBe("Terminating");
  });

  it("waits for as long as spec.finalizers has entries, and then removes it", () => {
    const marked = { deletionTimestamp: "2026-11-21T09:00:00Z" };
    const held = namespaceOf({ metadata: marked });
    expect(strategy.beginDelete!(held, {}, context)).toBe("pending");
    expect(strategy.removableByUpdate!(held)).toBe(false);
    const free = namespaceOf({ metadata: marked, spec: {} });
    expect(strategy.beginDelete!(free, {}, context)).toBeUndefined();
    expect(strategy.removableByUpdate!(free)).toBe(true);
  });

  it.each([
    [{ propagationPolicy: "Orphan" }, ["example.com/f", "orphan"]],
    [{ propagationPolicy: "Foreground" }, ["example.com/f", "foregroundDeletion"]],
    [{ propagationPolicy: "Background" }, ["example.com/f"]],
    [{ orphanDependents: true }, ["example.com/f", "orphan"]],
    [{ orphanDependents: false }, ["example.com/f", "foregroundDeletion"]],
    [{}, ["example.com/f", "orphan"]],
  ])("with %j leaves the finalizers %j", (options, finalizers) => {
    const namespace = namespaceOf({ metadata: { finalizers: ["orphan", "example.com/f"] } });
    strategy.beginDelete!(namespace, options as never, context);
    expect(namespace.metadata.finalizers).toEqual(finalizers);
  });

  it.each([
    [{ uid: "other" }, "Precondition failed: UID in precondition: other, UID in object meta: u"],
    [
      { resourceVersion: "6" },
      "Precondition failed: ResourceVersion in precondition: 6, ResourceVersion in object meta: 7",
    ],
  ])("is refused if it is not %j", (preconditions, detail) => {
    const namespace = namespaceOf();
    const attempt = () => strategy.beginDelete!(namespace, { preconditions }, context);
    expect(attempt).toThrow(StatusError);
    expect(attempt).toThrow(`Operation cannot be fulfilled on namespaces "team": ${detail}`);
    expect(namespace.metadata.deletionTimestamp).toBeUndefined();
  });
});

describe("spec.finalizers", () => {
  it("always has kubernetes in a new namespace", () => {
    const namespace = namespaceOf({
      spec: { finalizers: ["example.com/f"] },
      status: { phase: "Terminating" },
    });
    strategy.prepareForCreate!(namespace, context);
    expect(namespace.spec?.finalizers).toEqual(["example.com/f", "kubernetes"]);
    expect(namespace.status).toEqual({ phase: "Active" });
  });

  it("is changed by the finalize subresource only", () => {
    const old = namespaceOf();
    const changed = namespaceOf({ spec: {} });
    strategy.prepareForUpdate!(changed, old, context);
    expect(changed.spec?.finalizers).toEqual(["kubernetes"]);
    const finalized = namespaceOf({ spec: {}, status: { phase: "Terminating" } });
    subresources!["finalize"]!.prepareForUpdate!(finalized, old, context);
    expect(finalized.spec?.finalizers).toBeUndefined();
    expect(finalized.status).toEqual({ phase: "Active" });
  });
});

it("every namespace is labelled with its name", () => {
  const namespace = namespaceOf({ metadata: { labels: { a: "b", "kubernetes.io/metadata.name": "wrong" } } });
  strategy.canonicalize!(namespace);
  expect(namespace.metadata.labels).toEqual({ a: "b", "kubernetes.io/metadata.name": "team" });
});
