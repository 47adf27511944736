import { expect, test } from "vitest";
import { findField } from "./field-path.ts";
import type { JsonSchema } from "./json-schema.ts";

const schema: JsonSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer" },
        "a.b": { type: "string" },
        "it's": { type: "string" },
        labels: { type: "object", additionalProperties: { type: "string" } },
        open: { type: "object", additionalProperties: true },
      },
    },
  },
};

test.each([
  [".spec.size", "spec.size", "integer"],
  [".spec['a.b']", "spec.a.b", "string"],
  [".spec['it\\'s']", "spec.it's", "string"],
  [".spec.labels.x", "spec.labels[x]", "string"],
  [".spec.labels['x.y']", "spec.labels[x.y]", "string"],
  [".spec.open.x", "spec.open[x]", undefined],
])("%s leads to a field", (path, text, type) => {
  const found = findField(path, schema, true);
  expect([found.path, found.schema?.type]).toEqual([text, type]);
});

test.each([
  ["Bad Value!", "expected [ or . but got: Bad Value!"],
  [".spec.nothing", "does not refer to a valid field"],
  [".spec.size.more", "does not refer to a valid field"],
  [".spec..size", "does not refer to a valid field"],
  [".spec.", "unexpected end of JSON path"],
  [".spec[", "unexpected end of JSON path"],
  [".spec[0]", "expected single quoted string but got 0"],
  [".spec['size'", "unexpected end of JSON path"],
  [".spec['size'.", "expected ] but got ."],
  [".spec['\\d']", "invalid string literal: invalid escape char \\d"],
])("%s is refused", (path, problem) => {
  expect(() => findField(path, schema, true)).toThrow(problem);
});

test("subscripts may not be understood", () => {
  expect(() => findField(".spec['size']", schema, false)).toThrow("array notation is not allowed");
});
