import { expect, test } from "vitest";
import { withoutPassing } from "./passing.ts";

const passing = (text: string) => withoutPassing(Buffer.from(text), ["/tmp/case"]).toString();

test.each([
  ['E1121 13:48:45.098277    7787 memcache.go:265] "x"', 'E<time> memcache.go:265] "x"'],
  ['stored in "/tmp/case/kubectl-edit-2718.yaml"', 'stored in "<place>/kubectl-edit.yaml"'],
  ["--- /tmp/LIVE-27/v1.ConfigMap", "--- /tmp/LIVE/v1.ConfigMap"],
  ["Created on: 2026-11-21 13:47:23 +0000 UTC", "Created on: <time> UTC"],
  ["map[name:d resourceVersion:73 uid:x]", "map[name:d resourceVersion:<rv> uid:x]"],
  ["Expected resource version to be 1, was 224", "Expected resource version to be 1, was <rv>"],
  ["replicas: 73", "replicas: 73"],
])("%s", (text, normal) => {
  expect(passing(text)).toBe(normal);
});
