import { expect, test } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "./feature-gates.ts";
import { parsePodLogOptions } from "./pod-log-options.ts";

const read = (query: string, gates = defaultFeatureGates()) =>
  parsePodLogOptions(new URLSearchParams(query), "p", gates);

test("names the container", () => {
  expect(read("container=c&tailLines=0&sinceSeconds=1&limitBytes=1")).toEqual({ container: "c" });
  expect(read("")).toEqual({ container: "" });
});

test.each([
  ["tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0"],
  ["limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0"],
  ["sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0"],
  [
    "sinceSeconds=0&sinceTime=2020-01-01T00:00:00Z",
    "[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
  ],
  [
    "sinceSeconds=1&sinceTime=",
    "[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
  ],
  ["stream=Stdout", "stream: Forbidden: may not be specified"],
])("%s is refused", (query, problem) => {
  expect(() => read(query)).toThrow(`PodLogOptions "p" is invalid: ${problem}`);
});

test.each([
  ["tailLines=x", 'strconv.ParseInt: parsing "x": invalid syntax'],
  ["sinceTime=x", 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
])("%s cannot be read", (query, problem) => {
  expect(() => read(query)).toThrow(expect.objectContaining({ code: 400, message: problem }));
});

test("streams can be told apart where the feature is on", () => {
  const gates = parseFeatureGates("PodLogsQuerySplitStreams=true");
  expect(read("stream=Stdout", gates)).toEqual({ container: "" });
  expect(() => read("stream=Stdout&tailLines=1", gates)).toThrow("mutually exclusive");
  expect(() => read("stream=Other", gates)).toThrow('supported values: "All", "Stderr", "Stdout"');
});
