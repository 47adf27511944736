import { expect, test } from "vitest";
import { stringifyJson } from "../../api/json.ts";
import { decodeStored, isKept, StoredEncoder, storedText } from "./stored.ts";

test("an integer that a float does not hold survives, wherever it stands", () => {
  for (let padding = 0; padding < 20; padding++) {
    const name = "x".repeat(padding);
    const object = decodeStored(`{"metadata":{"name":"${name}"},"n":1234567890123456789,"m":12}`);
    expect(object).toEqual({ metadata: { name }, n: 1234567890123456789n, m: 12 });
  }
});

test("a value is kept where nothing but the revision differs", () => {
  const text = (name: string, spec: string) =>
    `{"metadata":{"name":"${name}","resourceVersion":"","labels":{}},"spec":"${spec}"}`;
  const entry = (name: string, spec: string, revision: number) => {
    const bytes = Buffer.from(text(name, spec).replace('n":""', `n":"${revision}"`));
    return { key: "/a", bytes, revision };
  };
  const value = new StoredEncoder().encode(text("é", "s"));
  expect(value.bytes.subarray(0, value.revisionAt).toString()).toMatch(/"resourceVersion":"$/);
  expect(isKept(value, entry("é", "s", 9))).toBe(true);
  expect(isKept(value, entry("é", "s", 10))).toBe(true);
  expect(isKept(value, entry("é", "t", 10))).toBe(false);
  expect(isKept(value, entry("è", "s", 10))).toBe(false);
  expect(isKept(value, entry("é", "st", 9))).toBe(false);
});

test("a text of any length has its bytes, and the place of the revision in them", () => {
  const encoder = new StoredEncoder();
  for (const length of [1, 20_000, 200_000]) {
    const text = `{"metadata":{"name":"é","resourceVersion":""},"data":"${"é".repeat(length)}"}`;
    const { bytes, revisionAt } = encoder.encode(text);
    expect(Buffer.from(bytes).toString()).toBe(text);
    expect(Buffer.from(bytes.subarray(0, revisionAt)).toString()).toMatch(/"resourceVersion":"$/);
  }
});

test.each([
  [
    "all parts",
    [{ manager: "<a>", operation: "Update" as const, fieldsV1: { "f:data": {} } }],
    { data: { a: "<" } },
  ],
  ["nothing else", [{ manager: "a", operation: "Apply" as const, fieldsV1: {} }], {}],
  ["no managers", undefined, { data: {} }],
  ["an empty list of managers", [], { data: {} }],
])("the text of an object with %s is its JSON", (_name, managedFields, rest) => {
  const metadata = { name: "a", resourceVersion: "", ...(managedFields && { managedFields }) };
  const object = { kind: "ConfigMap", apiVersion: "v1", metadata, ...rest };
  expect(storedText(object)).toBe(stringifyJson(object));
});
