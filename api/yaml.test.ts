import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goStructTypes } from "../openapi/go-types.ts";
import { stringifyJson } from "./json.ts";
import type { JsonValue } from "./object.ts";
import { decodeObject, strictWarnings } from "./schema/decode-object.ts";
import { decodeYaml } from "./schema/decode-yaml.ts";
import { StatusError } from "./status.ts";
import { parseYaml, stringifyYaml, YamlError } from "./yaml.ts";

const value = (text: string): JsonValue => parseYaml(text).value;

/** Strings without the line breaks that go-yaml folds. */
const strings = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\u0085\u2028\u2029]/g, ""));

const values = fc.letrec<{ any: JsonValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    strings,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(
      "true",
      "1",
      "0x1",
      "~",
      "",
      " a",
      "a ",
      "- a",
      "a: b",
      "#",
      "a\nb\n",
      "\n",
      "2001-01-01",
      "1:30",
    ),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(strings, tie("any"), { maxKeys: 4 }).map((object) => ({ ...object })),
  ),
})).any;

describe("reading", () => {
  test("what is written reads the same", () => {
    fc.assert(
      fc.property(values, (input) => {
        expect(value(stringifyYaml(input))).toEqual(JSON.parse(JSON.stringify(input)));
      }),
    );
  });

  test("JSON is YAML", () => {
    fc.assert(
      fc.property(values, (input) => {
        expect(value(JSON.stringify(input))).toEqual(JSON.parse(JSON.stringify(input)));
      }),
    );
  });

  // Compared with sigs.k8s.io/yaml 1.6.0.
  test.each([
    [
      "a: y\nb: N\nc: on\nd: Off\ne: 'yes'\nf: Null\ng: ~\nh:",
      '{"a":true,"b":false,"c":true,"d":false,"e":"yes","f":null,"g":null,"h":null}',
    ],
    [
      "a: 0x10\nb: 0b11\nc: 0o17\nd: 017\ne: 1_000\nf: +5\ng: 08\nh: 0o8\ni: _1",
      '{"a":16,"b":3,"c":15,"d":15,"e":1000,"f":5,"g":8,"h":"0o8","i":"_1"}',
    ],
    [
      "a: 1e3\nb: .5\nc: 5.\nd: 1e400\ne: 12:30:45\nf: 1.2.3",
      '{"a":1000,"b":0.5,"c":5,"d":"1e400","e":"12:30:45","f":"1.2.3"}',
    ],
    ["a: 18446744073709551615\nb: 9007199254740993", '{"a":18446744073709551615,"b":9007199254740993}'],
    [
      "a: 2001-01-01\nb: 2001-01-01T00:00:00Z\nc: 2001-13-01",
      '{"a":"2001-01-01","b":"2001-01-01T00:00:00Z","c":"2001-13-01"}',
    ],
    ["1: a\n1.5: b\ntrue: c\ny: d", '{"1":"a","1.5":"b","true":"d"}'],
    ["a: !!str 5\nb: !!float 1\nc: !foo bar\nd: !!binary aGk=", '{"a":"5","b":1,"c":"bar","d":"hi"}'],
    [
      "x: &x {a: 1, b: 2}\nu: {<<: *x, a: 3}\nz: {a: 0, <<: *x}",
      '{"u":{"a":3,"b":2},"x":{"a":1,"b":2},"z":{"a":1,"b":2}}',
    ],
    ["a: |\n x\n  y", '{"a":"x\\n y"}'],
    ["a: 1\n---\n]]]", '{"a":1}'],
    ["# nothing", "null"],
    [
      "\ufeffa: >\n folded\n text\n\n more\nb: 'it''s\n one'\nc: \"x\\\n  y\"",
      '{"a":"folded text\\nmore\\n","b":"it\'s one","c":"xy"}',
    ],
    ["%TAG ! tag:x,2000:\n---\na: !foo b\nb: [c: d, e]\n? f\n: g", '{"a":"b","b":[{"c":"d"},"e"],"f":"g"}'],
    ["b: 1\na: 2", '{"a":2,"b":1}'],
    ["__proto__: {a: 1}", '{"__proto__":{"a":1}}'],
  ])("%j", (text, json) => {
    expect(stringifyJson(value(text))).toBe(json);
  });

  test("repeated keys count once, the last time, and are told with their lines", () => {
    const { value: read, strictError } = parseYaml("a: 1\na: 2\nb: {c: 1,\n  c: 3}");
    expect(read).toEqual({ a: 2, b: { c: 3 } });
    expect(strictError).toBe(
      'yaml: unmarshal errors:\n  line 2: key "a" already set in map\n  line 4: key "c" already set in map',
    );
    expect(parseYaml('{"a":1,"a":2}').strictError).toBe(
      'yaml: unmarshal errors:\n  line 1: key "a" already set in map',
    );
  });

  // Compared with sigs.k8s.io/yaml 1.6.0.
  test.each([
    ["a: b: c", "yaml: mapping values are not allowed in this context"],
    ["a: 1\n  b: 2", "yaml: line 2: mapping values are not allowed in this context"],
    ["a:\n  b: 1\n c: 2", "yaml: line 2: did not find expected key"],
    ["a: 1\nkey\nb: 2\n", "yaml: line 3: could not find expected ':'"],
    ["a:\n\tb: 1", "yaml: line 2: found character that cannot start any token"],
    ["a: @b", "yaml: found character that cannot start any token"],
    ["a: [1, 2", "yaml: line 1: did not find expected ',' or ']'"],
    ["a: {b: 1", "yaml: line 1: did not find expected ',' or '}'"],
    ['a: "x', "yaml: found unexpected end of stream"],
    ['a: "\\q"', "yaml: found unknown escape character"],
    ["- a\nb: 1", "yaml: line 1: did not find expected '-' indicator"],
    ["a:\n- b: 1\n - c: 1", "yaml: line 2: did not find expected key"],
    ["? [a]\n{b", "yaml: line 3: could not find expected ':'"],
    ["%YAML 1.2\n---\na: 1", "yaml: found incompatible YAML document"],
    ["a: !x!y z", "yaml: found undefined tag handle"],
    ["a: 'x\n---\n", "yaml: line 2: found unexpected document indicator"],
    ["a: |0\n", "yaml: found an indentation indicator equal to 0"],
    ["a: >\n\tx", "yaml: line 2: found a tab character where an indentation space is expected"],
    ["a: - b", "yaml: block sequence entries are not allowed in this context"],
    ["a: *x", "yaml: unknown anchor 'x' referenced"],
    ["a: &x [*x]", "yaml: anchor 'x' value contains itself"],
    ["a: !!int x", "yaml: cannot decode !!str `x` as a !!int"],
    ["<<: 1", "yaml: map merge requires map or sequence of maps as the value"],
    ["a: {{ .x }}", 'yaml: invalid map key: map[interface {}]interface {}{".x":interface {}(nil)}'],
    ["~: x", 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "x"'],
    ["a: .inf", "json: unsupported value: +Inf"],
    ["\u0001", "yaml: control characters are not allowed"],
  ])("%j is refused in upstream's words", (text, message) => {
    expect(() => parseYaml(text)).toThrow(new YamlError(message));
  });

  test("CVE-2019-11253: aliases that multiply are refused", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 9; level++) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array(9).fill(alias).join(", ")}]`);
    }
    expect(() => parseYaml(lines.join("\n"))).toThrow("yaml: document contains excessive aliasing");
  });

  test("nesting has an end", () => {
    for (const depth of [1_100, 10_000])
      expect(() => parseYaml("[".repeat(depth) + "]".repeat(depth))).toThrow(YamlError);
  });
});

describe("writing", () => {
  // Compared with sigs.k8s.io/yaml 1.6.0.
  test.each([
    [{ b: [1, { c: "x", d: [] }], a: {} }, "a: {}\nb:\n- 1\n- c: x\n  d: []\n"],
    [{ a10: 1, a2: 1, A: 1, _x: 1 }, "_x: 1\nA: 1\na2: 1\na10: 1\n"],
    ["true", '"true"\n'],
    ["- x", "'- x'\n"],
    ["it's", "it's\n"],
    ["'q", "'''q'\n"],
    ["tab\there", '"tab\\there"\n'],
    ["😀", '"\\U0001F600"\n'],
    [{ a: "x\ny\n" }, "a: |\n  x\n  y\n"],
    [{ a: "x\n\n" }, "a: |+\n  x\n\n"],
    [[["a"], "b"], "- - a\n- b\n"],
    [1e21, "1e+21\n"],
    [1234567.5, "1.2345675e+06\n"],
    [{ a: "word ".repeat(20).trim() }, `a: ${"word ".repeat(15)}word\n  word word word word\n`],
  ])("%j", (input, text) => {
    expect(stringifyYaml(input)).toBe(text);
  });
});

test("a body of a write is decoded with its repeated keys as the first strict error", () => {
  const configMap = goStructTypes().get("io.k8s.api.core.v1.ConfigMap");
  const target = { group: "", version: "v1", kind: "ConfigMap", structOf: () => configMap };
  const decode = (text: string) =>
    decodeYaml(Buffer.from(text), target, true, (body) => decodeObject(body, target, true));
  const { value: object, strictErrors } = decode("data: {a: b}\ndata: {a: c}\nbogus: 1\n");
  expect(object).toEqual({ metadata: {}, data: { a: "c" } });
  expect(strictWarnings(strictErrors)).toEqual([
    'line 2: key "data" already set in map',
    'unknown field "bogus"',
  ]);
  expect(() => decode("a: b: c")).toThrow(StatusError);
  expect(() => decode("a: b: c")).toThrow(
    "the object provided is unrecognized (must be of type ConfigMap): yaml: mapping values are not allowed in this context (613a20623a2063)",
  );
});
