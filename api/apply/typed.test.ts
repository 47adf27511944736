import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject } from "../object.ts";
import { loadTables } from "../schema/tables.ts";
import { compare } from "./compare.ts";
import { emptySet, isEmpty, union } from "./field-set.ts";
import { fieldSetOf, reconciled, withNamedFields } from "./field-set-of.ts";
import { merge } from "./merge.ts";
import { removeItems } from "./remove-items.ts";
import { structSchema } from "./struct-schema.ts";
import { frozen, mapList, setList, setOf, specSchema, text } from "./testing.ts";
import { validate } from "./validate.ts";

const object = (properties: Record<string, object>) => ({ type: "object", properties });
const schema = specSchema({
  text,
  number: { type: "integer" },
  list: { type: "array", items: text },
  set: setList,
  items: mapList("name"),
  pairs: mapList("name", "port"),
  map: { type: "object", additionalProperties: text },
  whole: { ...object({ a: text, b: text }), "x-kubernetes-map-type": "atomic" },
  parts: object({ a: text, b: text, inner: object({ c: text }) }),
  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
});

describe("compare", () => {
  test.each<[string, JsonObject, JsonObject, string[], string[]]>([
    ["a scalar", { text: "a" }, { text: "b" }, ["f:text"], []],
    ["a new scalar", {}, { text: "b" }, ["f:text"], []],
    ["a scalar that is gone", { text: "a" }, {}, [], ["f:text"]],
    ["an atomic list", { list: ["a"] }, { list: ["a", "b"] }, ["f:list"], []],
    ["a set", { set: ["a", "b"] }, { set: ["b", "c"] }, ['f:set/v:"c"'], ['f:set/v:"a"']],
    ["only the order of a set", { set: ["a", "b"] }, { set: ["b", "a"] }, [], []],
    ["a new set", {}, { set: ["a"] }, ["f:set", 'f:set/v:"a"'], []],
    [
      "an item",
      { items: [{ name: "a", value: "1" }] },
      { items: [{ name: "a", value: "2" }] },
      ['f:items/k:{"name":"a"}/f:value'],
      [],
    ],
    [
      "a new item",
      { items: [] },
      { items: [{ name: "a" }] },
      ['f:items/k:{"name":"a"}', 'f:items/k:{"name":"a"}/f:name'],
      [],
    ],
    [
      "an item that is gone",
      { items: [{ name: "a" }] },
      {},
      [],
      ["f:items", 'f:items/k:{"name":"a"}', 'f:items/k:{"name":"a"}/f:name'],
    ],
    [
      "a key that is only a default",
      { pairs: [{ name: "a" }] },
      { pairs: [{ name: "a", port: 80 }] },
      ['f:pairs/k:{"name":"a","port":80}/f:port'],
      [],
    ],
    ["an atomic map", { whole: { a: "1" } }, { whole: { a: "1", b: "2" } }, ["f:whole"], []],
    ["a granular map", { parts: { a: "1" } }, { parts: { b: "2" } }, ["f:parts/f:b"], ["f:parts/f:a"]],
    ["an empty map", {}, { parts: {} }, ["f:parts"], []],
    ["an empty map that gets a member", { parts: {} }, { parts: { a: "1" } }, ["f:parts/f:a"], []],
    ["null instead of nothing", { parts: null }, { parts: {} }, ["f:parts"], []],
    [
      "free-form JSON",
      { free: { a: { b: 1 }, l: [1] } },
      { free: { a: { b: 2 }, l: [2] } },
      ["f:free/f:a/f:b", "f:free/f:l"],
      [],
    ],
    [
      "a scalar that becomes a map",
      { free: { a: 1 } },
      { free: { a: { b: 1 } } },
      ["f:free/f:a", "f:free/f:a/f:b"],
      [],
    ],
    [
      "a map that becomes a scalar",
      { free: { a: { b: 1 } } },
      { free: { a: 1 } },
      ["f:free/f:a"],
      ["f:free/f:a/f:b"],
    ],
    ["items twice in both", { set: ["a", "a"] }, { set: ["a", "a", "b"] }, ['f:set/v:"b"'], []],
    [
      "an item that comes twice now",
      { items: [{ name: "a" }] },
      { items: [{ name: "a" }, { name: "a" }] },
      ['f:items/k:{"name":"a"}'],
      ['f:items/k:{"name":"a"}', 'f:items/k:{"name":"a"}/f:name'],
    ],
    [
      "items that came twice",
      { items: [{ name: "a" }, { name: "a" }] },
      { items: [] },
      [],
      ['f:items/k:{"name":"a"}'],
    ],
    [
      "names that objects inherit",
      {},
      { map: JSON.parse('{"constructor":"a","__proto__":"b"}') },
      ["f:map", "f:map/f:constructor", "f:map/f:__proto__"],
      [],
    ],
  ])("%s", (_name, before, after, written, removed) => {
    const found = compare(frozen(before), frozen(after), schema) ?? { written: emptySet, removed: emptySet };
    expect(found.written).toEqual(setOf(...written));
    expect(found.removed).toEqual(setOf(...removed));
  });
});

describe("merge", () => {
  const a = { name: "a" };
  const b = { name: "b" };
  const c = { name: "c" };
  const d = { name: "d" };
  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    ["a scalar", { text: "a", number: 1 }, { text: "b" }, { text: "b", number: 1 }],
    ["an atomic list", { list: ["a"] }, { list: ["b"] }, { list: ["b"] }],
    ["an atomic map", { whole: { a: "1" } }, { whole: { b: "1" } }, { whole: { b: "1" } }],
    ["a granular map", { parts: { a: "1" } }, { parts: { b: "1" } }, { parts: { a: "1", b: "1" } }],
    [
      "nothing over something",
      { parts: { a: "1" }, set: ["a"] },
      { parts: {}, set: [] },
      { parts: { a: "1" }, set: ["a"] },
    ],
    [
      "null over something",
      { parts: { a: "1" }, set: ["a"], text: "a" },
      { parts: null, set: null, text: null },
      { parts: { a: "1" }, set: ["a"], text: null },
    ],
    ["sets", { set: ["a", "b"] }, { set: ["c", "b"] }, { set: ["a", "c", "b"] }],
    ["items in another order", { items: [a, b, c] }, { items: [c, a] }, { items: [b, c, a] }],
    ["live items between shared ones", { items: [a, b, c] }, { items: [a, d, c] }, { items: [a, b, d, c] }],
    [
      "members of items",
      { items: [{ ...a, value: "1" }, b] },
      { items: [{ ...a, port: 1 }] },
      { items: [{ ...a, value: "1", port: 1 }, b] },
    ],
    [
      "items twice in the live list are not merged",
      { items: [{ ...a, value: "1" }, a] },
      { items: [{ ...a, value: "2" }] },
      { items: [{ ...a, value: "2" }] },
    ],
    ["a map over a scalar", { free: { x: 1 } }, { free: { x: { y: 1 } } }, { free: { x: { y: 1 } } }],
  ])("%s", (_name, live, applied, expected) => {
    const result = merge(frozen(live), frozen(applied), schema);
    expect(result).toEqual(expected);
  });

  test("a configuration that says what is there gives the live object itself", () => {
    const live = frozen({
      text: "a",
      items: [{ ...a, value: "1" }, b],
      parts: { a: "1", b: "2" },
      list: ["x"],
    });
    expect(merge(live, { items: [{ ...a }], parts: { b: "2" }, list: ["x"] }, schema)).toBe(live);
  });
});

describe("the set of a configuration", () => {
  test.each<[string, JsonObject, string[]]>([
    ["scalars, also null", { text: "a", number: null }, ["f:text", "f:number"]],
    ["atomic values", { list: ["a"], whole: { a: "1" } }, ["f:list", "f:whole"]],
    [
      "items own themselves and their members",
      { items: [{ name: "a" }] },
      ['f:items/k:{"name":"a"}', 'f:items/k:{"name":"a"}/f:name'],
    ],
    [
      "members of maps own themselves, declared fields do not",
      { map: { x: "1" }, parts: { inner: { c: "1" } } },
      ["f:map/f:x", "f:parts/f:inner/f:c"],
    ],
    [
      "empty maps are named, empty lists are not",
      { parts: {}, map: {}, set: [], list: [] },
      ["f:parts", "f:map", "f:list"],
    ],
    [
      "items that come twice are one thing",
      { set: ["a", "a"], items: [{ name: "b" }, { name: "b" }] },
      ['f:set/v:"a"', 'f:items/k:{"name":"b"}'],
    ],
    ["free-form JSON", { free: { a: { b: [1] }, c: {} } }, ["f:free/f:a", "f:free/f:a/f:b", "f:free/f:c"]],
  ])("%s", (_name, value, expected) => {
    expect(fieldSetOf(frozen(value), schema)).toEqual(setOf(...expected));
  });

  test("declared fields that lead to a path can be added; maps and items cannot", () => {
    const set = setOf("f:parts/f:inner/f:c", "f:map/f:x", 'f:items/k:{"name":"a"}/f:value');
    expect(withNamedFields(set, schema)).toEqual(
      union(set, setOf("f:parts", "f:parts/f:inner", "f:map", "f:items")),
    );
  });
});

describe("removing paths", () => {
  test.each<[string, JsonObject, string[], JsonObject]>([
    [
      "fields and members",
      { text: "a", number: 1, map: { x: "1", y: "2" } },
      ["f:text", "f:map/f:x"],
      { number: 1, map: { y: "2" } },
    ],
    [
      "items",
      { set: ["a", "b"], items: [{ name: "a" }, { name: "b", value: "1" }] },
      ['f:set/v:"a"', 'f:items/k:{"name":"a"}', 'f:items/k:{"name":"b"}/f:value'],
      { set: ["b"], items: [{ name: "b" }] },
    ],
    [
      "everything in it leaves null",
      { number: 1, map: { x: "1" }, set: ["a"] },
      ["f:map/f:x", 'f:set/v:"a"'],
      { number: 1, map: null, set: null },
    ],
    [
      "part of an atomic value takes all",
      { number: 1, whole: { a: "1", b: "2" } },
      ["f:whole/f:a"],
      { number: 1, whole: null },
    ],
  ])("%s", (_name, value, paths, expected) => {
    expect(removeItems(frozen(value), setOf(...paths), schema)).toEqual(expected);
  });

  test("what nothing is removed from is shared", () => {
    const value = frozen({ text: "a", parts: { a: "1" } });
    const result = removeItems(value, setOf("f:text"), schema);
    expect(result["parts"]).toBe(value.parts);
    expect(removeItems(value, setOf("f:number", "f:parts/f:b"), schema)).toBe(value);
  });
});

describe("a set that was written before a type became atomic", () => {
  test("owns the whole instead of parts", () => {
    const before = setOf("f:whole/f:a", "f:whole/f:b", "f:list/i:0", "f:text", "f:parts/f:a");
    expect(reconciled(before, schema)).toEqual(setOf("f:whole", "f:list", "f:text", "f:parts/f:a"));
  });

  test("is left alone below free-form JSON and unknown fields", () => {
    const set = setOf("f:free/f:a/f:b", "f:gone/f:a", "f:whole");
    expect(reconciled(set, schema)).toBe(set);
  });
});

describe("validation", () => {
  const problem = (value: JsonObject, allowDuplicates = false) => {
    try {
      validate(value, schema, { allowDuplicates });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[JsonObject, string | undefined]>([
    [{ text: null, number: 1.5, free: { any: [{}] }, items: [{ name: "a" }, { name: "b" }] }, undefined],
    [{ other: 1 }, ".other: field not declared in schema"],
    [{ parts: { inner: { d: 1 } } }, ".parts.inner.d: field not declared in schema"],
    [{ text: 1 }, ".text: expected string, got &value.valueUnstructured{Value:1}"],
    [
      { text: { a: ["x", null, true] } },
      '.text: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{"x", interface {}(nil), true}}}',
    ],
    [{ number: "1" }, ".number: expected numeric (int or float), got string"],
    [{ set: {} }, ".set: expected list, got &{map[]}"],
    [{ map: ["a"] }, ".map: expected map, got &{[a]}"],
    [
      { items: [{ value: "1" }] },
      '.items: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
    [{ pairs: [{ value: "1" }, { port: 80 }] }, ".pairs: duplicate entries for key [port=80]"],
    [{ items: ["a"] }, ".items: element 0: associative list with keys may not have non-map elements"],
    [
      { set: [null] },
      ".set: element 0: associative list without keys has an element that's an explicit null",
    ],
    [{ set: [["a"]] }, ".set: element 0: not supported: associative list with lists as elements"],
    [
      { text: 1, number: true },
      "errors:\n  .text: expected string, got &value.valueUnstructured{Value:1}\n  .number: expected numeric (int or float), got bool",
    ],
    [
      { set: Array.from({ length: 20 }, (_, index) => `x${index % 19}`) },
      '.set: duplicate entries for key [="x0"]',
    ],
  ])("%j", (value, message) => {
    expect(problem(value)).toBe(message);
  });

  test("live objects may hold items twice", () => {
    expect(problem({ set: ["a", "a"], items: [{ name: "a" }, { name: "a" }] }, true)).toBeUndefined();
  });
});

test("built-in types own what their tables say", () => {
  const pod = structSchema(loadTables().kind("", "v1", "Pod")!);
  const value: JsonObject = {
    metadata: { labels: { a: "1" }, finalizers: ["f"], ownerReferences: [{ uid: "u" }] },
    spec: {
      containers: [
        { name: "a", ports: [{ containerPort: 80 }], command: ["x"], resources: { limits: { cpu: "1" } } },
      ],
      nodeSelector: { a: "1" },
      imagePullSecrets: [{}],
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
  };
  const container = 'f:containers/k:{"name":"a"}';
  expect(fieldSetOf(value, pod)).toEqual(
    setOf(
      "f:metadata/f:labels/f:a",
      'f:metadata/f:finalizers/v:"f"',
      'f:metadata/f:ownerReferences/k:{"uid":"u"}',
      `f:spec/${container}`,
      `f:spec/${container}/f:name`,
      `f:spec/${container}/f:command`,
      `f:spec/${container}/f:resources/f:limits/f:cpu`,
      `f:spec/${container}/f:ports/k:{"containerPort":80,"protocol":"TCP"}`,
      `f:spec/${container}/f:ports/k:{"containerPort":80,"protocol":"TCP"}/f:containerPort`,
      "f:spec/f:nodeSelector",
      'f:spec/f:imagePullSecrets/k:{"name":""}',
      "f:spec/f:affinity/f:nodeAffinity/f:requiredDuringSchedulingIgnoredDuringExecution",
    ),
  );
});

describe("for any two values", () => {
  const word = fc.constantFrom("1", "2");
  const value = fc.record(
    {
      text: word,
      list: fc.array(word, { maxLength: 2 }),
      set: fc.uniqueArray(fc.constantFrom("a", "b", "c")),
      items: fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c"), value: word }), {
        selector: ({ name }) => name,
      }),
      map: fc.dictionary(fc.constantFrom("x", "y"), word),
      parts: fc.record(
        { a: word, inner: fc.record({ c: word }, { requiredKeys: [] }) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;

  test("compare finds no difference only where merging changes nothing", () => {
    fc.assert(
      fc.property(value, value, (live, applied) => {
        const merged = merge(frozen(live), frozen(applied), schema);
        const found = compare(live, merged, schema);
        // Merging never takes away.
        expect(isEmpty(found?.removed ?? emptySet)).toBe(true);
        // What stays is shared, so that nothing else has to compare again.
        expect(merged === live).toBe(jsonEqual(merged, live));
        expect(merge(merged, applied, schema)).toBe(merged);
      }),
    );
  });

  test("what was written is what differs, and the other way round is what was removed", () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const there = compare(frozen(before), frozen(after), schema);
        const back = compare(after, before, schema);
        expect(there === undefined).toBe(back === undefined);
        for (const path in there?.removed ?? {}) expect(back?.written[path]).toBeDefined();
      }),
    );
  });
});
