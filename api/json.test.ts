import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonError, parseJson, setKey, stringifyJson } from "./json.ts";
import { keptDepth } from "./json-depth.ts";
import { maxDepth, parseJsonTree, treeValue, valueTree } from "./json-tree.ts";
import type { JsonValue } from "./object.ts";

/** JSON values without the integers that come back as bigint. */
const json = fc.jsonValue({ maxDepth: 6 }).map((input) => {
  const text = JSON.stringify(input, (_key, item) =>
    typeof item === "number" && Number.isInteger(item) && !Number.isSafeInteger(item) ? 0 : item,
  );
  return { text, value: JSON.parse(text) as JsonValue };
});

const value = (text: string | Uint8Array): JsonValue => parseJson(text).value;

describe("parsing", () => {
  test("any JSON value comes back as it went in", () => {
    fc.assert(
      fc.property(json, (input) => {
        expect(parseJson(input.text)).toEqual({
          value: input.value,
          duplicates: [],
          lossy: false,
          deep: false,
        });
      }),
    );
  });

  test("the slow way reads what the native parser reads", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, "\t"), (input, space) => {
        const text = JSON.stringify(input.value, null, space);
        expect(treeValue(parseJsonTree(text)).value).toEqual(input.value);
      }),
    );
  });

  test("integers beyond 2^53 survive up to int64, and become floats beyond that, as in Go", () => {
    expect(value("[9007199254740993, -9223372036854775808, 9223372036854775807]")).toEqual([
      9007199254740993n,
      -9223372036854775808n,
      9223372036854775807n,
    ]);
    expect(value("9223372036854775808")).toBe(2 ** 63);
    expect(value('{"a":1234567890123456}')).toEqual({ a: 1234567890123456 });
  });

  test("an integer in a float's clothes is told apart", () => {
    for (const text of ["[1.0]", "[1e3]", "[-0.0]", "[10000000000000000000.0]"])
      expect(parseJson(text).lossy).toBe(true);
    for (const text of ["[1]", "[1.5]", "[1e-3]", '["1.0"]']) expect(parseJson(text).lossy).toBe(false);
  });

  test("a number that no float64 holds is refused", () => {
    expect(() => parseJson("1e400")).toThrow(
      "json: cannot unmarshal number 1e400 into Go value of type float64",
    );
  });

  test("keys that mean something to JavaScript are data", () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"x":12345678901234567,"__proto__":{"a":1}}']) {
      const parsed = value(text) as Record<string, JsonValue>;
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
      expect(Object.hasOwn(parsed, "__proto__")).toBe(true);
      expect(stringifyJson(parsed)).toBe(text);
    }
    const object = {};
    setKey(object, "__proto__", 1);
    expect(Object.keys(object)).toEqual(["__proto__"]);
  });

  test.each([
    ['{"spec":{"replicas":1,"replicas":2}}', ["spec.replicas"], { spec: { replicas: 2 } }],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', ["a[1].b"], { a: [{ b: 1 }, { b: 2 }] }],
    ['{"a":1,"\\u0061":2}', ["a"], { a: 2 }],
    ['{"a":1,"a":2,"a":3}', ["a"], { a: 3 }],
    ['{"__proto__":1,"__proto__":2}', ["__proto__"], JSON.parse('{"__proto__":2}')],
  ])("repeated keys of %s are reported once each, and the last one counts", (text, duplicates, result) => {
    expect(parseJson(text)).toEqual({ value: result, duplicates, lossy: true, deep: false });
  });

  test("a hundred repeated keys are enough", () => {
    const text = `{${Array.from({ length: 300 }, (_, index) => `"k${index % 150}":1`).join()}}`;
    expect(parseJson(text).duplicates).toHaveLength(100);
  });

  test("half a surrogate pair and each broken byte become U+FFFD", () => {
    expect(value('["\\ud800","\\udc00x","\\ud83d\\ude00","\\ud83d\\u0041"]')).toEqual([
      "\ufffd",
      "\ufffdx",
      "😀",
      "\ufffdA",
    ]);
    const broken = Buffer.concat([Buffer.from('"é'), Buffer.from([0xe2, 0x82, 0xff]), Buffer.from('€"')]);
    expect(value(broken)).toBe("é\ufffd\ufffd\ufffd€");
  });

  test("nesting has an end", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(keptDepth))).toMatchObject({ deep: false });
    expect(parseJson(nested(maxDepth))).toMatchObject({ deep: true });
    expect(() => parseJson(nested(maxDepth + 1))).toThrow("invalid character '[' exceeded max depth");
  });

  // What Go 1.26's json.Unmarshal says.
  test.each([
    ["", "unexpected end of JSON input"],
    ["  ", "unexpected end of JSON input"],
    ["{", "unexpected end of JSON input"],
    ['{"a"', "unexpected end of JSON input"],
    ['{"a":', "unexpected end of JSON input"],
    ['{"a":1', "unexpected end of JSON input"],
    ["[1,", "unexpected end of JSON input"],
    ['"abc', "unexpected end of JSON input"],
    ["-", "invalid character ' ' in numeric literal"],
    ["1.", "invalid character ' ' after decimal point in numeric literal"],
    ["1e", "invalid character ' ' in exponent of numeric literal"],
    ["1e+x", "invalid character 'x' in exponent of numeric literal"],
    ["tr", "invalid character ' ' in literal true (expecting 'u')"],
    ["nil", "invalid character 'i' in literal null (expecting 'u')"],
    ["falsy", "invalid character 'y' in literal false (expecting 'e')"],
    ["x", "invalid character 'x' looking for beginning of value"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ["<html>", "invalid character '<' looking for beginning of value"],
    ["é", "invalid character 'Ã' looking for beginning of value"],
    ["\ufeff{}", "invalid character 'ï' looking for beginning of value"],
    ["\x00", "invalid character '\\x00' looking for beginning of value"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    ["{,}", "invalid character ',' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["01", "invalid character '1' after top-level value"],
    ["{}{}", "invalid character '{' after top-level value"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ])("what Go says about %j", (text, message) => {
    expect(() => parseJson(text)).toThrow(new JsonError(message));
  });
});

test("a byte that is not UTF-8 is one replaced character, and blamed by its own value", () => {
  const bytes = Buffer.from([0x22, 0x61, 0xff, 0xfe, 0x22]);
  expect(parseJson(bytes).value).toBe("a\ufffd\ufffd");
  expect(treeValue(parseJsonTree(bytes)).value).toBe("a\ufffd\ufffd");
  expect(() => parseJson(Buffer.from([0x7b, 0xff]))).toThrow(
    new JsonError("invalid character 'ÿ' looking for beginning of object key string"),
  );
});

describe("writing", () => {
  test("what was written reads the same", () => {
    fc.assert(
      fc.property(json, (input) => {
        expect(value(stringifyJson(input.value))).toEqual(input.value);
      }),
    );
  });

  test("characters that Go escapes for HTML are escaped, bigints are numbers", () => {
    expect(stringifyJson({ a: "<b>&\u2028\u2029", n: 9007199254740993n })).toBe(
      '{"a":"\\u003cb\\u003e\\u0026\\u2028\\u2029","n":9007199254740993}',
    );
  });

  test("what is undefined is left out, and null on its own", () => {
    expect(stringifyJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(stringifyJson(undefined)).toBe("null");
  });
});

test("a value and its tree are the same thing", () => {
  fc.assert(
    fc.property(json, (input) => {
      expect(treeValue(valueTree(input.value)).value).toEqual(input.value);
    }),
  );
});
