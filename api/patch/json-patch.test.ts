import { describe, expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { StatusError } from "../status.ts";
import { applyJsonPatch } from "./json-patch.ts";

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

function patch(document: JsonObject, operations: unknown, strict = true) {
  return applyJsonPatch(deepFreeze(document), JSON.stringify(operations), { strict });
}

function failure(document: JsonObject, operations: unknown, strict = true): StatusError {
  try {
    patch(document, operations, strict);
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("the patch was applied");
}

describe("a JSON patch is applied", () => {
  test.each([
    ["add a member", { a: 1 }, [{ op: "add", path: "/b", value: { c: 1 } }], { a: 1, b: { c: 1 } }],
    ["add into a list", { a: [1, 2] }, [{ op: "add", path: "/a/1", value: 9 }], { a: [1, 9, 2] }],
    ["append", { a: [1] }, [{ op: "add", path: "/a/-", value: 2 }], { a: [1, 2] }],
    ["-1 appends on add", { a: [1, 2] }, [{ op: "add", path: "/a/-1", value: 3 }], { a: [1, 2, 3] }],
    ["add without a value", {}, [{ op: "add", path: "/a" }], { a: null }],
    [
      "remove",
      { a: [1, 2], b: 1 },
      [
        { op: "remove", path: "/a/0" },
        { op: "remove", path: "/b" },
      ],
      { a: [2] },
    ],
    ["remove from the end", { a: [1, 2, 3] }, [{ op: "remove", path: "/a/-1" }], { a: [1, 2] }],
    ["replace", { a: { b: 1 } }, [{ op: "replace", path: "/a/b", value: 2 }], { a: { b: 2 } }],
    [
      "replace adds a missing member",
      { a: {} },
      [{ op: "replace", path: "/a/b", value: 2 }],
      { a: { b: 2 } },
    ],
    ["replace everything", { a: 1 }, [{ op: "replace", path: "", value: { b: 1 } }], { b: 1 }],
    ["move", { a: 1, b: [] }, [{ op: "move", from: "/a", path: "/b/0" }], { b: [1] }],
    [
      "copy",
      { a: { x: 1 } },
      [
        { op: "copy", from: "/a", path: "/b" },
        { op: "add", path: "/b/y", value: 2 },
      ],
      { a: { x: 1 }, b: { x: 1, y: 2 } },
    ],
    ["copy of what is missing", {}, [{ op: "copy", from: "/a", path: "/b" }], { b: null }],
    [
      "copy into itself",
      { a: { x: 1 } },
      [
        { op: "add", path: "/a/z", value: 1 },
        { op: "copy", from: "/a", path: "/a/y" },
      ],
      { a: { x: 1, z: 1, y: { x: 1, z: 1 } } },
    ],
    ["test", { a: { b: [1] } }, [{ op: "test", path: "/a", value: { b: [1] } }], { a: { b: [1] } }],
    ["test of null against a missing member", {}, [{ op: "test", path: "/a", value: null }], {}],
    ["test of everything", { a: 1 }, [{ op: "test", path: "", value: { a: 1 } }], { a: 1 }],
    [
      "escaped names",
      { "a/b": 1, "c~d": 2, "~1": 3 },
      [
        { op: "remove", path: "/a~1b" },
        { op: "remove", path: "/c~0d" },
        { op: "remove", path: "/~01" },
      ],
      {},
    ],
    ["the text before the first slash is ignored", { a: 1 }, [{ op: "remove", path: "x/a" }], {}],
    [
      "an added value is changed later",
      {},
      [
        { op: "add", path: "/a", value: { b: 1 } },
        { op: "add", path: "/a/c", value: 2 },
      ],
      { a: { b: 1, c: 2 } },
    ],
  ])("%s", (_name, document, operations, expected) => {
    expect(patch(document, operations).value).toEqual(expected);
  });

  test("a member named __proto__ is data", () => {
    const { value } = patch({ a: {} }, [{ op: "add", path: "/a/__proto__", value: { polluted: true } }]);
    expect(JSON.stringify(value)).toBe('{"a":{"__proto__":{"polluted":true}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(failure({}, [{ op: "add", path: "/__proto__/x", value: 1 }]).code).toBe(422);
  });

  test("what the patch does not touch is shared with the document", () => {
    const document = { a: { b: 1 }, c: { d: 1 } };
    const { value } = patch(document, [{ op: "add", path: "/a/x", value: 1 }]);
    expect((value as typeof document).c).toBe(document.c);
  });
});

describe("a JSON patch that does not fit is answered 422 with one text", () => {
  test.each([
    ["a failing test", { a: 1 }, [{ op: "test", path: "/a", value: 2 }]],
    ["remove of a missing member", {}, [{ op: "remove", path: "/a" }]],
    ["remove past the end", { a: [1] }, [{ op: "remove", path: "/a/1" }]],
    ["remove of -", { a: [1] }, [{ op: "remove", path: "/a/-" }]],
    ["add past the end", { a: [1] }, [{ op: "add", path: "/a/2", value: 1 }]],
    ["add under a missing member", {}, [{ op: "add", path: "/a/b", value: 1 }]],
    ["add under a scalar", { a: 1 }, [{ op: "add", path: "/a/b", value: 1 }]],
    ["add under null", { a: null }, [{ op: "add", path: "/a/b", value: 1 }]],
    ["a list index that is no number", { a: [1] }, [{ op: "replace", path: "/a/1e0", value: 1 }]],
    ["an empty path", { a: 1 }, [{ op: "remove", path: "" }]],
    ["a path without a slash", { a: 1 }, [{ op: "remove", path: "a" }]],
    ["no path", { a: 1 }, [{ op: "remove" }]],
    ["no from", { a: 1 }, [{ op: "move", path: "/b" }]],
    ["an unknown operation", { a: 1 }, [{ op: "merge", path: "/a" }]],
    ["no operation", { a: 1 }, [null]],
    ["replace of everything by a scalar", { a: 1 }, [{ op: "replace", path: "", value: 1 }]],
    ["replace of everything by nothing", { a: 1 }, [{ op: "replace", path: "" }]],
  ])("%s", (_name, document, operations) => {
    expect(failure(document, operations).status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "the server rejected our request due to an error in our request",
      reason: "Invalid",
      details: {},
      code: 422,
    });
  });

  test("copies that add more than 3 MiB", () => {
    const document = { a: "x".repeat(1024 * 1024) };
    const copies = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ op: "copy", from: "/a", path: `/b${index}` }));
    expect(failure(document, copies(3)).code).toBe(422);
    expect(Object.keys(patch(document, copies(2)).value as object)).toHaveLength(3);
  });
});

describe("a body that is no JSON patch is answered 400", () => {
  test.each([
    [
      "{}",
      true,
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    ],
    ["{}", false, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"],
    [
      '["a"]',
      true,
      "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
    ],
    ["[1]", false, "json: cannot unmarshal number into Go value of type jsonpatch.Operation"],
    [
      '[{"op":1}]',
      true,
      "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
    ],
    ["[", true, "error decoding patch: unexpected end of JSON input"],
    ["[", false, "unexpected end of JSON input"],
  ])("%s (strict: %s)", (body, strict, message) => {
    expect(() => applyJsonPatch({}, body, { strict })).toThrow(
      expect.objectContaining({ code: 400, reason: "BadRequest", message }),
    );
  });
});

describe("CVE-2019-1002100: patches that cost more than they weigh", () => {
  test("copying has a limit, also where each copy doubles what there is", () => {
    const copies = Array.from({ length: 60 }, (_, index) => ({ op: "copy", from: "", path: `/a${index}` }));
    expect(failure({ a: "x".repeat(1000) }, copies)).toMatchObject({ code: 422 });
    const long = Array.from({ length: 10 }, (_, index) => ({ op: "copy", from: "/a", path: `/a${index}` }));
    expect(failure({ a: "x".repeat(1024 * 1024) }, long)).toMatchObject({ code: 422 });
  });

  test("more than 10,000 operations are too many", manyOperations);
});

function manyOperations(): void {
  const operations = (count: number) => Array(count).fill({ op: "test", path: "/a" });
  expect(failure({}, operations(10_001))).toMatchObject({
    code: 413,
    message: "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
  });
  expect(patch({}, operations(10_000)).value).toEqual({});
}

test("strict validation reports unknown and repeated members of operations", () => {
  const body = '[{"op":"add","path":"/a","value":1,"vlaue":2,"op":"add"}]';
  expect(applyJsonPatch({}, body, { strict: true }).strictErrors).toEqual([
    'json patch duplicate field "[0].op"',
    'json patch unknown field "[0].vlaue"',
  ]);
  expect(applyJsonPatch({}, body, { strict: false }).strictErrors).toEqual([]);
});
