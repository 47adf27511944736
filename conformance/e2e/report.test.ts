import { expect, test } from "vitest";
import { junit } from "./report.ts";

test("JUnit tells what failed and what waits, in characters that XML has", () => {
  const one = { seconds: 1.5, attempts: 1, message: "" };
  const text = junit([
    { ...one, test: 'a "b" & <c>', passed: true },
    { ...one, test: "two", passed: false, message: "failed\n1 < 2 \u001b[0m" },
    { ...one, test: "three", passed: false, message: "timedout", waitsFor: "a controller" },
  ]);
  expect(text.split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuite name="conformance" tests="3" failures="1" skipped="1">',
    '<testcase classname="conformance" name="a &quot;b&quot; &amp; &lt;c&gt;" time="1.500"/>',
    '<testcase classname="conformance" name="two" time="1.500"><failure message="failed">failed',
    "1 &lt; 2 ?[0m</failure></testcase>",
    '<testcase classname="conformance" name="three" time="1.500"><skipped message="a controller"/></testcase>',
    "</testsuite>",
    "",
  ]);
});
