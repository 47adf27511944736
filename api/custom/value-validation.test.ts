import { beforeAll, describe, expect, test } from "vitest";
import type { JsonValue } from "../object.ts";
import { Correlation } from "./correlation.ts";
import type { JsonSchema } from "./json-schema.ts";
import { loadPatterns } from "./pattern.ts";
import { fieldErrors } from "./value-result.ts";
import { validateValue } from "./value-validation.ts";

beforeAll(loadPatterns);

const wrap = (schema: JsonSchema): JsonSchema => ({ type: "object", properties: { a: schema } });

function problems(schema: JsonSchema, value: JsonValue, old?: JsonValue): string[] {
  const root = wrap(schema);
  const correlation = old === undefined ? undefined : new Correlation({ a: value }, { a: old }, root);
  const { problems: found } = validateValue({ a: value }, root, correlation);
  return fieldErrors(found, "").map(({ field, body }) => `${field}: ${body}`);
}

describe("a value that does not fit its schema is refused in upstream's words", () => {
  const cases: [JsonSchema, JsonValue, string[]][] = [
    [{ type: "integer" }, "x", ['a: Invalid value: "string": a in body must be of type integer: "string"']],
    [{ type: "string" }, null, ['a: Invalid value: "null": a in body must be of type string: "null"']],
    [{ type: "string", nullable: true }, null, []],
    [
      { type: "integer", minimum: 1 },
      0,
      ["a: Invalid value: 0: a in body should be greater than or equal to 1"],
    ],
    [
      { type: "number", maximum: 1, exclusiveMaximum: true },
      1,
      ["a: Invalid value: 1: a in body should be less than 1"],
    ],
    [{ type: "string", maxLength: 2 }, "äöü", ["a: Too long: may not be more than 2 bytes"]],
    [{ type: "string", maxLength: 2 }, "äö", []],
    [
      { type: "string", pattern: "^[a-z]+$" },
      "A",
      [`a: Invalid value: "A": a in body should match '^[a-z]+$'`],
    ],
    [{ type: "string", enum: ["x", "y"] }, "z", ['a: Unsupported value: "z": supported values: "x", "y"']],
    [{ type: "object", required: ["b"] }, {}, ["a.b: Required value"]],
    [
      { type: "array", maxItems: 1, items: { type: "string" } },
      ["x", "y"],
      ["a: Too many: 2: must have at most 1 item"],
    ],
    [
      { type: "string", format: "date-time" },
      "now",
      ['a: Invalid value: "now": a in body must be of type date-time: "now"'],
    ],
    [{ type: "string", format: "no-such-format" }, "x", []],
    [{ "x-kubernetes-int-or-string": true }, "5%", []],
    [
      { "x-kubernetes-int-or-string": true },
      true,
      ['a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"'],
    ],
    [
      { type: "object", oneOf: [{ required: ["b"] }, { required: ["c"] }] },
      { b: 1, c: 1 },
      [
        '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
  ];
  test.each(cases)("%j of %j", (schema, value, expected) => {
    expect(problems(schema, value)).toEqual(expected);
  });
});

test("what was wrong before may stay, what is new may not", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: { old: { type: "integer", minimum: 5 }, new: { type: "integer", minimum: 5 } },
  };
  expect(problems(schema, { old: 1, new: 2 }, { old: 1 })).toEqual([
    "a.new: Invalid value: 2: a.new in body should be greater than or equal to 5",
  ]);
});

test("items of a list that is a map are compared by their keys", () => {
  const schema: JsonSchema = {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["k"],
    items: { type: "object", properties: { k: { type: "string" }, v: { type: "integer", minimum: 5 } } },
  };
  const old = [{ k: "x", v: 1 }];
  expect(
    problems(
      schema,
      [
        { k: "y", v: 7 },
        { k: "x", v: 1 },
      ],
      old,
    ),
  ).toEqual([]);
  expect(problems(schema, [{ k: "z", v: 1 }], old)).toHaveLength(1);
});

test("a pattern that would take for ever elsewhere is matched at once", () => {
  expect(problems({ type: "string", pattern: "^(a+)+$" }, `${"a".repeat(50_000)}b`)).toHaveLength(1);
});
