import { describe, expect, test } from "vitest";
import type { ObjectMeta } from "../object.ts";
import { FieldPath } from "./field.ts";
import { nameIsDnsSubdomain } from "./names.ts";
import {
  validateAnnotations,
  validateFieldManager,
  validateObjectMeta,
  validateObjectMetaByName,
  validateObjectMetaUpdate,
} from "./object-meta.ts";

const text = (errors: { field: string; body: string }[]): string[] =>
  errors.map(({ field, body }) => `${field}: ${body}`);
const check = (meta: ObjectMeta, namespaced = true): string[] =>
  text(validateObjectMeta(meta, namespaced, nameIsDnsSubdomain));

const good: ObjectMeta = { name: "web", namespace: "default" };
const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "1" };

describe("metadata of a new object", () => {
  test("a name and a namespace are enough", () => {
    expect(check(good)).toEqual([]);
  });

  test.each<[string, ObjectMeta, string[]]>([
    ["no name", { namespace: "x" }, ["metadata.name: Required value: name or generateName is required"]],
    ["no namespace", { name: "web" }, ["metadata.namespace: Required value"]],
    [
      "a bad label",
      { ...good, labels: { a: "b c" } },
      [expect.stringMatching(/^metadata\.labels: Invalid value: "b c": a valid label must be/) as string],
    ],
    [
      "a bad annotation key",
      { ...good, annotations: { "a b": "" } },
      [
        expect.stringMatching(
          /^metadata\.annotations: Invalid value: "a b": name part must consist of/,
        ) as string,
      ],
    ],
    [
      "a key of __proto__, which is data",
      { ...good, labels: JSON.parse('{"__proto__":"x"}') as Record<string, string> },
      [expect.stringMatching(/^metadata\.labels: Invalid value: "__proto__": name part/) as string],
    ],
    [
      "an owner without uid",
      { ...good, ownerReferences: [{ ...owner, uid: "" }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
    [
      "two controllers",
      {
        ...good,
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, name: "b", uid: "2", controller: true },
        ],
      },
      [
        expect.stringContaining(
          'Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/web and ReplicaSet/b',
        ) as string,
      ],
    ],
    [
      "an owner that is an event",
      { ...good, ownerReferences: [{ ...owner, apiVersion: "v1", kind: "Event" }] },
      [
        'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"web","uid":"1"}: /v1, Kind=Event is disallowed from being an owner',
      ],
    ],
    [
      "an unknown short finalizer",
      { ...good, finalizers: ["mine"] },
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "finalizers that exclude each other",
      { ...good, finalizers: ["orphan", "foregroundDeletion"] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
  ])("%s", (_, meta, errors) => {
    expect(check(meta)).toEqual(errors);
  });

  test("cluster-scoped objects have no namespace", () => {
    expect(check(good, false)).toEqual(["metadata.namespace: Forbidden: not allowed on this type"]);
  });

  test("a checker of its own sees only the name", () => {
    const errors = validateObjectMetaByName({ namespace: "x", generateName: "A-" }, true, () => []);
    expect(text(errors)).toEqual([
      'metadata.name: Internal error: generateName was specified ("A-"), but no name was generated',
      "metadata.name: Required value: name or generateName is required",
    ]);
  });

  test("annotations have 256 KiB together", () => {
    const path = FieldPath.of("a");
    const limit = 256 * 1024;
    expect(validateAnnotations({ a: "x".repeat(limit - 1) }, path)).toEqual([]);
    expect(text(validateAnnotations({ a: "x".repeat(limit) }, path))).toEqual([
      `a: Too long: may not be more than ${limit} bytes`,
    ]);
    expect(text(validateAnnotations({ a: "é".repeat(limit / 2) }, path))).toHaveLength(1);
  });

  test("a field manager is printable", () => {
    expect(text(validateFieldManager("a\u00e9\nb", FieldPath.of("m")))).toEqual([
      'm: Invalid value: "aé\\nb": invalid character U+000A (at position 3)',
    ]);
  });
});

describe("metadata of a changed object", () => {
  const old: ObjectMeta = {
    ...good,
    resourceVersion: "1",
    uid: "u",
    creationTimestamp: "2024-01-01T00:00:00Z",
  };
  test.each<[string, Partial<ObjectMeta>, string[]]>([
    ["nothing", {}, []],
    ["another uid", { uid: "v" }, ['metadata.uid: Invalid value: "v": field is immutable']],
    [
      "no resourceVersion",
      { resourceVersion: undefined },
      ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
    ],
    [
      "no creationTimestamp",
      { creationTimestamp: undefined },
      ["metadata.creationTimestamp: Invalid value: null: field is immutable"],
    ],
  ])("%s", (_, change, errors) => {
    expect(text(validateObjectMetaUpdate({ ...old, ...change }, old))).toEqual(errors);
  });

  test("an object that is being deleted gets no more finalizers", () => {
    const deleted = { ...old, deletionTimestamp: "2024-01-01T00:00:00Z", finalizers: ["a.b/c"] };
    expect(text(validateObjectMetaUpdate({ ...deleted, finalizers: ["a.b/d", "a.b/c"] }, deleted))).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/d"}',
    ]);
  });
});
