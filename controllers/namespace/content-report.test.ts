import { expect, test } from "vitest";
import { ContentReport } from "./content-report.ts";

test("a namespace does not go while nobody knows what some groups have in it", () => {
  const report = new ContentReport();
  report.addUndiscovered(["b.example.com/v1", "a.example.com/v1"]);
  report.complete();
  const condition = report
    .conditions([], "2026-01-01T00:00:00Z")
    ?.find(({ type }) => type === "NamespaceDeletionDiscoveryFailure");
  const problem =
    "unable to retrieve the complete list of server APIs: " +
    "a.example.com/v1: stale GroupVersion discovery: a.example.com/v1, " +
    "b.example.com/v1: stale GroupVersion discovery: b.example.com/v1";
  expect(condition).toMatchObject({
    ...{ status: "True", reason: "DiscoveryFailed" },
    message: `Discovery failed for some groups, 2 failing: ${problem}`,
  });
  expect(() => report.throwFailures()).toThrow(problem);
});
