import { describe, expect, it } from "vitest";
import { compareSemanticVersions, parseSemanticVersion } from "./semantic-version.ts";

describe("parseSemanticVersion", () => {
  it.each(["1.36.0", "0.0.0", "1.2.3-alpha.1", "1.2.3+build.01", "1.2.3-0a+b"])("takes %s", (text) => {
    expect(parseSemanticVersion(text)).toBeDefined();
  });

  it.each([
    "",
    "1",
    "1.2",
    "v1.2.3",
    "01.2.3",
    "1.2.3-01",
    "1.2.3-",
    "1.2.3-a..b",
    "1.2.18446744073709551616",
  ])("does not take %j", (text) => {
    expect(parseSemanticVersion(text)).toBeUndefined();
  });
});

describe("compareSemanticVersions", () => {
  it.each([
    ["1.2.3", "1.2.4"],
    ["1.9.0", "1.10.0"],
    ["1.2.3-alpha", "1.2.3"],
    ["1.2.3-2", "1.2.3-10"],
    ["1.2.3-10", "1.2.3-a"],
    ["1.2.3-a", "1.2.3-a.b"],
  ])("%s is older than %s", (older, newer) => {
    const [a, b] = [parseSemanticVersion(older), parseSemanticVersion(newer)];
    expect(compareSemanticVersions(a, b)).toBeLessThan(0);
    expect(compareSemanticVersions(b, a)).toBeGreaterThan(0);
    expect(compareSemanticVersions(a, a)).toBe(0);
  });

  it("does not look at builds, and takes none for 0.0.0", () => {
    expect(compareSemanticVersions(parseSemanticVersion("1.0.0+a"), parseSemanticVersion("1.0.0+b"))).toBe(0);
    expect(compareSemanticVersions(undefined, parseSemanticVersion("0.0.0"))).toBe(0);
  });
});
