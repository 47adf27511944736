import { expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { applyMergePatch } from "./merge-patch.ts";

function patch(document: JsonObject, body: unknown, strict = true) {
  const before = JSON.stringify(document);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const result = applyMergePatch(document, text, { strict }).value;
  expect(JSON.stringify(document)).toBe(before);
  return result;
}

test.each([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [{ a: "foo" }, { a: { b: { c: null }, d: 1 } }, { a: { b: {}, d: 1 } }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{ e: null }, { e: { x: null, y: 1 } }, { e: { y: 1 } }],
  [{}, { a: [{ b: null }, null] }, { a: [{}, null] }],
  [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  [{}, {}, {}],
])("%j patched by %j is %j", (document, body, expected) => {
  expect(patch(document as JsonObject, body)).toEqual(expected);
});

test("a member named __proto__ is data", () => {
  expect(JSON.stringify(patch({ a: {} }, '{"a":{"__proto__":{"b":1}}}'))).toBe('{"a":{"__proto__":{"b":1}}}');
});

test.each([
  [
    "[1]",
    true,
    "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
  ],
  [
    "1",
    true,
    "error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}",
  ],
  ["null", true, "Invalid JSON Patch"],
  ["{", true, "error decoding patch: unexpected end of JSON input"],
  ["null", false, "Invalid JSON Patch"],
  ["1", false, "Invalid JSON Patch"],
  ["{", false, "Invalid JSON Patch"],
])("%s (strict: %s) is refused", (body, strict, message) => {
  expect(() => applyMergePatch({}, body, { strict })).toThrow(
    expect.objectContaining({ code: 400, message }),
  );
});

test("without validation a list replaces the document, which fails when it gets decoded", () => {
  expect(patch({ a: 1 }, [1, { b: null }], false)).toEqual([1, {}]);
});

test("strict validation reports repeated members", () => {
  const outcome = applyMergePatch({}, '{"a":{"b":1,"b":2}}', { strict: true });
  expect(outcome.strictErrors).toEqual(['duplicate field "a.b"']);
});
