import { describe, expect, it } from "vitest";
import { goDiff, unifiedDiff } from "./go-diff.ts";

describe("goDiff", () => {
  it("shows three lines around a change, as upstream prints it", () => {
    const before = { A: "1", B: ["x"], C: null, D: { a: 1, b: 2 }, E: true, F: "f", G: "g", H: "h" };
    expect(goDiff(before, { ...before, C: "new" })).toBe(
      [
        "@@ -3,7 +3,7 @@",
        '  "B": [',
        '   "x"',
        "  ],",
        '- "C": null,',
        '+ "C": "new",',
        '  "D": {',
        '   "a": 1,',
        '   "b": 2',
        "",
      ].join("\n"),
    );
  });

  it("is empty where nothing changed", () => {
    expect(goDiff({ A: [1, 2] }, { A: [1, 2] })).toBe("");
  });
});

describe("unifiedDiff", () => {
  const lines = (...all: number[]) => all.join("\n");

  it.each([
    ["an added line", lines(1, 2, 3), lines(1, 2, 9, 3), "@@ -1,3 +1,4 @@\n 1\n 2\n+9\n 3\n"],
    ["a removed line", lines(1, 2, 3), lines(1, 3), "@@ -1,3 +1,2 @@\n 1\n-2\n 3\n"],
    ["everything", "a", "b", "@@ -1 +1 @@\n-a\n+b\n"],
  ])("tells %s", (_, before, after, diff) => {
    expect(unifiedDiff(before, after)).toBe(diff);
  });

  it("tells changes that are far apart in hunks of their own", () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    const changed = numbers.map((n) => (n === 2 || n === 25 ? n + 100 : n));
    const hunks = unifiedDiff(lines(...numbers), lines(...changed)).match(/^@@ .*$/gm);
    expect(hunks).toEqual(["@@ -1,6 +1,6 @@", "@@ -23,7 +23,7 @@"]);
  });
});
