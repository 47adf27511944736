import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateLease } from "./lease.ts";

type Lease = ObjectOf<"io.k8s.api.coordination.v1.Lease">;

const valid = {
  metadata: { name: "l", namespace: "default", resourceVersion: "1" },
  spec: {
    holderIdentity: "a",
    leaseDurationSeconds: 3,
    acquireTime: "2026-01-01T00:00:00.000000Z",
    leaseTransitions: 1,
  },
} as unknown as Lease;

// The answers of kube-apiserver 1.36.3.
describe("Lease", () => {
  it("takes what upstream takes: l", () => {
    expect(validateLease(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/leaseDurationSeconds",
      -1,
      ["spec.leaseDurationSeconds: Invalid value: -1: must be greater than 0"],
    ],
    [
      "/spec/leaseTransitions",
      -1,
      ["spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0"],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateLease(corrupted(valid, pointer, value)))).toEqual(expected);
  });
});
