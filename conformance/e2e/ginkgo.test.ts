import { expect, test } from "vitest";
import { endsIn, outcomesOf } from "./ginkgo.ts";

const it = (name: string, State: string, RunTime: number, Failure?: object) => ({
  ContainerHierarchyTexts: ["[sig-a] Group"],
  LeafNodeText: name,
  LeafNodeType: "It",
  ...{ State, RunTime, Failure },
});

test("what ran has an outcome, with the place of its failure; what did not has none", () => {
  const FileName = "k8s.io/kubernetes@v1.36.3/test/e2e/a/b.go";
  const outcomes = outcomesOf([
    it("works", "passed", 2e9),
    it("fails", "failed", 1e9, { Message: "expected 1\nto equal 2", Location: { FileName, LineNumber: 7 } }),
    it("hangs", "timedout", 6e10),
    it("skips itself", "skipped", 1e6, { Message: "not here" }),
    it("was not begun", "skipped", 0),
    it("is pending", "pending", 0),
  ]);
  expect(outcomes).toEqual([
    { test: "[sig-a] Group works", passed: true, seconds: 2, message: "" },
    {
      test: "[sig-a] Group fails",
      passed: false,
      seconds: 1,
      message: "failed at test/e2e/a/b.go:7\nexpected 1\nto equal 2",
    },
    { test: "[sig-a] Group hangs", passed: false, seconds: 60, message: "timedout" },
    { test: "[sig-a] Group skips itself", passed: false, seconds: 0.001, message: "skipped\nnot here" },
  ]);
});

test("where the suite cannot begin, nothing is said of its tests", () => {
  const suite = { ...it("", "failed", 1e9, { Message: "no node" }), LeafNodeType: "SynchronizedBeforeSuite" };
  expect(() => outcomesOf([suite])).toThrow("the suite could not begin: failed\nno node");
});

test("the ends of tests are read from what ginkgo writes while it runs", () => {
  expect(endsIn("••")).toEqual([true, true]);
  expect(endsIn("•• [FAILED] [30.058 seconds]")).toEqual([true, false]);
  expect(endsIn("• [SLOW TEST] [5.123 seconds]")).toEqual([true]);
  expect(endsIn("• [PANICKED!] [0.1 seconds]")).toEqual([false]);
  expect(endsIn("------")).toEqual([]);
});
