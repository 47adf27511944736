import { describe, expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { customSchema, type StructuralSchema } from "./custom-schema.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { objectMeta, setOf, text } from "./testing.ts";
import { validate } from "./validate.ts";

const object = (
  properties: Record<string, StructuralSchema>,
  more: StructuralSchema = {},
): StructuralSchema => ({
  type: "object",
  properties,
  ...more,
});

function owned(schema: StructuralSchema, value: JsonObject): unknown {
  return fieldSetOf(value, customSchema(schema, objectMeta));
}

function problem(schema: StructuralSchema, value: JsonObject): string | undefined {
  try {
    validate(value, customSchema(schema, objectMeta), { allowDuplicates: false });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the schema of a custom resource", () => {
  test("metadata is that of every object, whatever the CRD says", () => {
    const schema = object({ metadata: object({ name: text }) });
    expect(owned(schema, { metadata: { labels: { a: "1" }, finalizers: ["f"] } })).toEqual(
      setOf("f:metadata/f:labels/f:a", 'f:metadata/f:finalizers/v:"f"'),
    );
    expect(problem(schema, { metadata: { foo: 1 } })).toBe(".metadata.foo: field not declared in schema");
  });

  test("an embedded resource has metadata, too", () => {
    const schema = object({ e: object({ x: text }, { "x-kubernetes-embedded-resource": true }) });
    expect(owned(schema, { e: { kind: "K", metadata: { finalizers: ["f"] } } })).toEqual(
      setOf("f:e/f:kind", 'f:e/f:metadata/f:finalizers/v:"f"'),
    );
  });

  test("unknown fields are kept where the schema or one above it says so", () => {
    const keeps = object({ a: object({ b: object({}) }) }, { "x-kubernetes-preserve-unknown-fields": true });
    expect(problem(object({ s: keeps }), { s: { x: 1, a: { y: { z: [1] }, b: { q: 1 } } } })).toBeUndefined();
    expect(problem(object({ s: object({ a: text }) }), { s: { x: 1 } })).toBe(
      ".s.x: field not declared in schema",
    );
    expect(owned(object({ s: keeps }), { s: { x: { y: [{}] } } })).toEqual(setOf("f:s/f:x", "f:s/f:x/f:y"));
  });

  test("an object without properties takes anything", () => {
    expect(problem(object({ s: { type: "object" } }), { s: { a: { b: 1 } } })).toBeUndefined();
    expect(
      problem(object({ s: { type: "object", additionalProperties: true } }), { s: { a: 1 } }),
    ).toBeUndefined();
    expect(problem(object({ s: { type: "object", additionalProperties: false } }), { s: { a: 1 } })).toBe(
      ".s.a: field not declared in schema",
    );
  });

  test("int-or-string takes any scalar, and texts with a format are not checked", () => {
    const schema = object({
      i: { "x-kubernetes-int-or-string": true },
      d: { type: "string", format: "date-time" },
      b: { type: "string", format: "byte" },
    });
    expect(problem(schema, { i: "10%", d: 5 })).toBeUndefined();
    expect(problem(schema, { i: 1, b: 5 })).toMatch(/^\.b: expected string/);
  });

  test("lists are atomic unless they say otherwise", () => {
    const items = object({ k: text, n: { type: "integer", default: 1 } });
    const schema = object({
      atomic: { type: "array", items: text },
      set: { type: "array", items: text, "x-kubernetes-list-type": "set" },
      map: {
        type: "array",
        items,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["n", "k"],
      },
    });
    expect(owned(schema, { atomic: ["a"], set: ["a"], map: [{ k: "x" }] })).toEqual(
      setOf("f:atomic", 'f:set/v:"a"', 'f:map/k:{"k":"x","n":1}', 'f:map/k:{"k":"x","n":1}/f:k'),
    );
  });

  test("maps are granular unless they say otherwise", () => {
    const schema = object({
      whole: object({ a: text }, { "x-kubernetes-map-type": "atomic" }),
      labels: { type: "object", additionalProperties: object({ a: text, b: text }) },
    });
    expect(owned(schema, { whole: { a: "1" }, labels: { x: { a: "1" } } })).toEqual(
      setOf("f:whole", "f:labels/f:x", "f:labels/f:x/f:a"),
    );
  });

  test("names that every JavaScript object has are fields like others", () => {
    const properties = JSON.parse('{"constructor":{"type":"string"},"__proto__":{"type":"string"}}');
    const value = JSON.parse('{"__proto__":"a"}');
    expect(owned(object(properties), value)).toEqual(setOf("f:__proto__"));
    expect(problem(object({ a: text }), value)).toBe(".__proto__: field not declared in schema");
  });

  test("more fields than a number has bits are in order, too", () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${String(index).padStart(2, "0")}`);
    const schema = object(Object.fromEntries(names.map((name) => [name, text])));
    const value = Object.fromEntries(names.toReversed().map((name) => [name, "1"]));
    expect(Object.keys(owned(schema, value) as object)).toEqual(names.map((name) => `f:${name}`));
  });

  test("without a schema everything goes", () => {
    const schema = customSchema(undefined, objectMeta);
    expect(fieldSetOf({ spec: { a: { b: 1 } } }, schema)).toEqual(
      setOf("f:spec", "f:spec/f:a", "f:spec/f:a/f:b"),
    );
  });
});
