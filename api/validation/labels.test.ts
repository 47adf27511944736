import { describe, expect, test } from "vitest";
import { FieldPath } from "./field.ts";
import { type LabelSelector, validateConditions, validateLabelSelector } from "./labels.ts";

const path = FieldPath.of("s");
const text = (errors: { field: string; body: string }[]): string[] =>
  errors.map(({ field, body }) => `${field}: ${body}`);

describe("label selectors", () => {
  test.each<[string, LabelSelector, string[]]>([
    [
      "every operator used well",
      {
        matchLabels: { a: "b" },
        matchExpressions: [
          { key: "k", operator: "In", values: ["v"] },
          { key: "k", operator: "Exists" },
        ],
      },
      [],
    ],
    [
      "In without values",
      { matchExpressions: [{ key: "k", operator: "In" }] },
      ["s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    ],
    [
      "Exists with values",
      { matchExpressions: [{ key: "k", operator: "Exists", values: ["v"] }] },
      [
        "s.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      "an unknown operator",
      { matchExpressions: [{ key: "k", operator: "<" }] },
      ['s.matchExpressions[0].operator: Invalid value: "\\u003c": not a valid selector operator'],
    ],
  ])("%s", (_, selector, errors) => {
    expect(text(validateLabelSelector(selector, {}, path))).toEqual(errors);
  });

  test("a value that was wrong before may stay", () => {
    const selector = { matchExpressions: [{ key: "k", operator: "In", values: ["a b"] }] };
    expect(validateLabelSelector(selector, {}, path)).toHaveLength(1);
    expect(validateLabelSelector(selector, { allowInvalidLabelValue: true }, path)).toEqual([]);
  });
});

test("conditions are complete and of different types", () => {
  const good = {
    type: "Ready",
    status: "True",
    reason: "AllGood",
    lastTransitionTime: "2024-01-01T00:00:00Z",
  };
  expect(validateConditions([good], path)).toEqual([]);
  expect(text(validateConditions([good, { ...good, status: "Maybe", reason: "" }], path))).toEqual([
    's[1].type: Duplicate value: "Ready"',
    's[1].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
    "s[1].reason: Required value",
  ]);
});
