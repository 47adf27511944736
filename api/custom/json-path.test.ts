import { expect, test } from "vitest";
import { JsonPathError, parseJsonPath, printJson } from "./json-path.ts";

const object = {
  spec: { size: 3, "a.b": "dotted", list: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  status: {
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Other", status: "False" },
    ],
  },
};

test.each([
  [".spec.size", [3]],
  [".spec.missing", []],
  [".spec.a\\.b", ["dotted"]],
  [".spec['a.b']", ["dotted"]],
  [".spec.list[1].n", [2]],
  [".spec.list[-1].n", [3]],
  [".spec.list[*].n", [1, 2, 3]],
  [".spec.list[0:2].n", [1, 2]],
  ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
  [".spec.list[?(@.n>1)].n", [2, 3]],
  ["..status", [object.status, "True", "False"]],
])("%s", (path, expected) => {
  expect(parseJsonPath(path)(object)).toEqual(expected);
});

test("what is no path is refused", () => {
  expect(() => parseJsonPath(".spec[")).toThrow(JsonPathError);
});

test("results are shown as Go prints them", () => {
  expect([null, "x", true, 1.5, [1, { b: 1, a: 2 }]].map(printJson)).toEqual([
    "<no value>",
    "x",
    "true",
    "1.5",
    '[1,{"a":2,"b":1}]',
  ]);
});
