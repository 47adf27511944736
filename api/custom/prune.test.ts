import { expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { applyDefaults, pruneNulls } from "./defaults.ts";
import type { JsonSchema } from "./json-schema.ts";
import { pruneUnknown } from "./prune.ts";

const pod: JsonSchema = {
  type: "object",
  "x-kubernetes-embedded-resource": true,
  "x-kubernetes-preserve-unknown-fields": true,
  properties: { spec: { type: "object", properties: { a: { type: "string" } } } },
};

test("what the schema does not specify goes, with its path", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      list: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
      map: { type: "object", additionalProperties: { type: "object", properties: {} } },
    },
  };
  const object: JsonObject = {
    kind: "K",
    metadata: { x: 1 },
    list: [{ a: "1", b: 2 }],
    map: { k: { z: 1 } },
    c: 3,
  };
  expect(pruneUnknown(object, schema)).toEqual(["c", "list[0].b", "map.k.z"]);
  expect(object).toEqual({ kind: "K", metadata: { x: 1 }, list: [{ a: "1" }], map: { k: {} } });
});

test("unknown fields are preserved where the schema says so, and pruned again below what it specifies", () => {
  const object: JsonObject = { pod: { kind: "P", other: { deep: 1 }, spec: { a: "1", b: 2 } } };
  expect(pruneUnknown(object, { type: "object", properties: { pod } })).toEqual(["pod.spec.b"]);
  expect(object).toEqual({ pod: { kind: "P", other: { deep: 1 }, spec: { a: "1" } } });
});

test("names that JavaScript knows are only data", () => {
  const object = JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}') as JsonObject;
  expect(pruneUnknown(object, { type: "object", properties: {} })).toEqual(["__proto__", "constructor"]);
  expect(Object.keys(object)).toEqual([]);
});

test("a null that is not allowed makes place for the default, or goes", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      a: { type: "string", default: "x" },
      b: { type: "string" },
      c: { type: "string", nullable: true, default: "y" },
      d: { type: "object", default: {}, properties: { e: { type: "integer", default: 1 } } },
    },
  };
  const object: JsonObject = { a: null, b: null, c: null };
  pruneNulls(object, schema);
  applyDefaults(object, schema);
  expect(object).toEqual({ a: "x", c: null, d: { e: 1 } });
  expect(schema.properties?.["d"]?.default).toEqual({});
});
