import { expect, test } from "vitest";
import { loadPatterns, matchesPattern, patternProblem, patternsAreLoaded, usesPatterns } from "./pattern.ts";

test("patterns are there once they are loaded", async () => {
  expect(patternsAreLoaded()).toBe(false);
  expect(() => matchesPattern("a", "a")).toThrow("patterns are not loaded");
  await loadPatterns();
  expect(matchesPattern("^a+$", "aaa")).toBe(true);
  expect(matchesPattern("^a+$", "ab")).toBe(false);
  expect(patternProblem("^a+$")).toBeUndefined();
  expect(patternProblem("(")).toBe("error parsing regexp: missing closing ): `(`");
});

test("a schema uses patterns wherever they stand in it", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "array", items: { anyOf: [{ pattern: "a" }] } } },
  };
  expect(usesPatterns(schema)).toBe(true);
  expect(usesPatterns({ type: "object", properties: { pattern: { type: "string" } } })).toBe(false);
});
