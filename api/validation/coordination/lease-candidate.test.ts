import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateLeaseCandidate, validateLeaseCandidateUpdate } from "./lease-candidate.ts";

type LeaseCandidate = ObjectOf<"io.k8s.api.coordination.v1beta1.LeaseCandidate">;

const valid = {
  metadata: { name: "lc", namespace: "default", resourceVersion: "1" },
  spec: {
    leaseName: "l",
    pingTime: "2026-01-01T00:00:00.000000Z",
    binaryVersion: "1.36.0",
    emulationVersion: "1.35.0",
    strategy: "OldestEmulationVersion",
  },
} as unknown as LeaseCandidate;

// The answers of kube-apiserver 1.36.3.
describe("LeaseCandidate", () => {
  it("takes what upstream takes: lc", () => {
    expect(validateLeaseCandidate(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.leaseName: Required value",
        "spec.binaryVersion: Required value",
        "spec.strategy: Required value",
      ],
    ],
    ["/spec/leaseName", undefined, ["spec.leaseName: Required value"]],
    ["/spec/binaryVersion", undefined, ["spec.binaryVersion: Required value"]],
    [
      "/spec/binaryVersion",
      "Bad_Value!",
      [
        'spec.binaryVersion: Invalid value: "Bad_Value!": must be a valid semantic version',
        'spec.binaryVersion: Invalid value: "Bad_Value!": must be greater than or equal to `emulationVersion`',
      ],
    ],
    [
      "/spec/emulationVersion",
      undefined,
      [
        "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
      ],
    ],
    [
      "/spec/emulationVersion",
      "Bad_Value!",
      [
        'spec.emulationVersion: Invalid value: "Bad_Value!": must be a valid semantic version',
        "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
      ],
    ],
    ["/spec/strategy", undefined, ["spec.strategy: Required value"]],
    [
      "/spec/strategy",
      "Bad_Value!",
      ['spec.strategy.strategy: Unsupported value: "Bad_Value!": supported values: "OldestEmulationVersion"'],
    ],
    [
      "/spec/strategy",
      "a/b/c",
      [
        "spec.strategy.strategy: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/strategy",
      "../x",
      [
        "spec.strategy.strategy: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateLeaseCandidate(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.leaseName: Required value",
        "spec.binaryVersion: Required value",
        "spec.strategy: Required value",
        'spec.leaseName: Invalid value: "": field is immutable',
      ],
    ],
    [
      "/spec/leaseName",
      undefined,
      ["spec.leaseName: Required value", 'spec.leaseName: Invalid value: "": field is immutable'],
    ],
    ["/spec/leaseName", "Bad_Value!", ['spec.leaseName: Invalid value: "Bad_Value!": field is immutable']],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateLeaseCandidateUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
