import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateCsiDriver, validateCsiDriverUpdate } from "./csi-driver.ts";

type CSIDriver = ObjectOf<"io.k8s.api.storage.v1.CSIDriver">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "csid", resourceVersion: "1" },
  spec: {
    attachRequired: true,
    podInfoOnMount: true,
    volumeLifecycleModes: ["Persistent", "Ephemeral"],
    storageCapacity: true,
    fsGroupPolicy: "File",
    tokenRequests: [{ audience: "a", expirationSeconds: 1000 }],
    requiresRepublish: true,
    seLinuxMount: true,
    nodeAllocatableUpdatePeriodSeconds: 20,
    serviceAccountTokenInSecrets: true,
  },
} as unknown as CSIDriver;

const other = {
  metadata: { name: "csid", resourceVersion: "1" },
  spec: {
    attachRequired: true,
    podInfoOnMount: false,
    volumeLifecycleModes: ["Ephemeral"],
    storageCapacity: false,
    fsGroupPolicy: "None",
    tokenRequests: [{ audience: "a" }, { audience: "", expirationSeconds: 600 }],
    requiresRepublish: false,
    seLinuxMount: false,
  },
} as unknown as CSIDriver;

// The answers of kube-apiserver 1.36.3.
describe("CSIDriver", () => {
  it("takes what upstream takes: csid", () => {
    expect(validateCsiDriver(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/volumeLifecycleModes/0",
      "",
      ['spec.volumeLifecycleModes: Unsupported value: "": supported values: "Persistent", "Ephemeral"'],
    ],
    [
      "/spec/fsGroupPolicy",
      "",
      [
        'spec.fsGroupPolicy: Unsupported value: "": supported values: "File", "None", "ReadWriteOnceWithFSType"',
      ],
    ],
    [
      "/spec/tokenRequests",
      undefined,
      [
        "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
      ],
    ],
    [
      "/spec/tokenRequests",
      [
        { audience: "a", expirationSeconds: 1000 },
        { audience: "a", expirationSeconds: 1000 },
      ],
      ['spec.tokenRequests[1].audience: Duplicate value: "a"'],
    ],
    [
      "/spec/tokenRequests/0/expirationSeconds",
      -1,
      [
        "spec.tokenRequests[0].expirationSeconds: Invalid value: -1: may not specify a duration less than 10 minutes",
      ],
    ],
    [
      "/spec/nodeAllocatableUpdatePeriodSeconds",
      -1,
      [
        "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: -1: must be greater than or equal to 10 seconds",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateCsiDriver(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/spec/attachRequired", false, ["spec.attachedRequired: Invalid value: false: field is immutable"]],
    [
      "/spec/volumeLifecycleModes",
      ["Persistent", "Persistent"],
      ['spec.volumeLifecycleModes: Invalid value: ["Persistent","Persistent"]: field is immutable'],
    ],
    [
      "/spec/volumeLifecycleModes/0",
      undefined,
      ['spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable'],
    ],
    [
      "/spec/volumeLifecycleModes/0",
      "",
      [
        'spec.volumeLifecycleModes: Unsupported value: "": supported values: "Persistent", "Ephemeral"',
        'spec.volumeLifecycleModes: Invalid value: ["","Ephemeral"]: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateCsiDriverUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it("takes what upstream takes: csid (2)", () => {
    expect(validateCsiDriver(other, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/volumeLifecycleModes/0",
      "",
      [
        'spec.volumeLifecycleModes: Unsupported value: "": supported values: "Persistent", "Ephemeral"',
        'spec.volumeLifecycleModes: Invalid value: [""]: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateCsiDriverUpdate(corrupted(other, pointer, value), other, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
