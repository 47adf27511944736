import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import {
  validateStorageVersionMigration,
  validateStorageVersionMigrationStatus,
  validateStorageVersionMigrationUpdate,
} from "./storage-version-migration.ts";

type StorageVersionMigration = ObjectOf<"io.k8s.api.storagemigration.v1beta1.StorageVersionMigration">;

const valid = {
  metadata: { name: "svm", resourceVersion: "1" },
  spec: { resource: { group: "apps", resource: "deployments" } },
  status: {},
} as unknown as StorageVersionMigration;

const validStatus = {
  ...valid,
  status: {
    conditions: [
      {
        type: "Running",
        status: "True",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        reason: "R",
        message: "m",
      },
    ],
    resourceVersion: "12",
  },
} as unknown as StorageVersionMigration;

// The answers of kube-apiserver 1.36.3.
describe("StorageVersionMigration", () => {
  it("takes what upstream takes: svm", () => {
    expect(validateStorageVersionMigration(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.resource.resource: Required value: resource is required to be set"]],
    [
      "/spec/resource/group",
      "Bad_Value!",
      [
        "spec.resource.group: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/resource/resource",
      "Bad_Value!",
      [
        "spec.resource.resource: Invalid value: \"Bad_Value!\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/spec/resource/resource",
      "x".repeat(64),
      [
        'spec.resource.resource: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateStorageVersionMigration(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.resource.resource: Required value: resource is required to be set",
        'spec: Invalid value: {"Resource":{"group":"","resource":""}}: field is immutable',
      ],
    ],
    [
      "/spec/resource/group",
      undefined,
      ['spec: Invalid value: {"Resource":{"group":"","resource":"deployments"}}: field is immutable'],
    ],
    [
      "/spec/resource/group",
      "Bad_Value!",
      [
        "spec.resource.group: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec: Invalid value: {"Resource":{"group":"Bad_Value!","resource":"deployments"}}: field is immutable',
      ],
    ],
    [
      "/spec/resource/resource",
      "Bad_Value!",
      [
        "spec.resource.resource: Invalid value: \"Bad_Value!\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        'spec: Invalid value: {"Resource":{"group":"apps","resource":"Bad_Value!"}}: field is immutable',
      ],
    ],
    [
      "/spec/resource/resource",
      "x".repeat(64),
      [
        'spec.resource.resource: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
        'spec: Invalid value: {"Resource":{"group":"apps","resource":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateStorageVersionMigrationUpdate(corrupted(valid, pointer, value), valid),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/conditions",
      [
        {
          type: "Running",
          status: "True",
          lastTransitionTime: "2026-01-01T00:00:00Z",
          reason: "R",
          message: "m",
        },
        {
          type: "Running",
          status: "True",
          lastTransitionTime: "2026-01-01T00:00:00Z",
          reason: "R",
          message: "m",
        },
      ],
      ['status.conditions[1].type: Duplicate value: "Running"'],
    ],
    [
      "/status/conditions/0/type",
      undefined,
      [
        'status.conditions[0].type: Invalid value: "": name part must be non-empty',
        "status.conditions[0].type: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/status/conditions/0/type",
      "Bad_Value!",
      [
        "status.conditions[0].type: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/status/conditions/0/type",
      "a/b/c",
      [
        "status.conditions[0].type: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/status/conditions/0/type",
      "../x",
      [
        "status.conditions[0].type: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/status/conditions/0/type",
      "x".repeat(64),
      [
        'status.conditions[0].type: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/status/conditions/0/status",
      undefined,
      ['status.conditions[0].status: Unsupported value: "": supported values: "False", "True", "Unknown"'],
    ],
    [
      "/status/conditions/0/lastTransitionTime",
      undefined,
      ["status.conditions[0].lastTransitionTime: Required value"],
    ],
    ["/status/conditions/0/reason", undefined, ["status.conditions[0].reason: Required value"]],
    [
      "/status/conditions/0/reason",
      "Bad_Value!",
      [
        "status.conditions[0].reason: Invalid value: \"Bad_Value!\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
      ],
    ],
    [
      "/status/resourceVersion",
      "Bad_Value!",
      [
        'status.resourceVersion: Invalid value: "Bad_Value!": resource version is not well formed: Bad_Value!',
      ],
    ],
    [
      "/status/resourceVersion",
      "a.b",
      ['status.resourceVersion: Invalid value: "a.b": resource version is not well formed: a.b'],
    ],
    [
      "/status/resourceVersion",
      "-1",
      ['status.resourceVersion: Invalid value: "-1": resource version is not well formed: -1'],
    ],
    [
      "/status/resourceVersion",
      "10.0.0.300",
      [
        'status.resourceVersion: Invalid value: "10.0.0.300": resource version is not well formed: 10.0.0.300',
      ],
    ],
    [
      "/status/resourceVersion",
      "fd00::5",
      ['status.resourceVersion: Invalid value: "fd00::5": resource version is not well formed: fd00::5'],
    ],
    [
      "/status/resourceVersion",
      "10.0.0.5/8",
      [
        'status.resourceVersion: Invalid value: "10.0.0.5/8": resource version is not well formed: 10.0.0.5/8',
      ],
    ],
    [
      "/status/resourceVersion",
      "1.5",
      ['status.resourceVersion: Invalid value: "1.5": resource version is not well formed: 1.5'],
    ],
    [
      "/status/resourceVersion",
      "500m",
      ['status.resourceVersion: Invalid value: "500m": resource version is not well formed: 500m'],
    ],
    [
      "/status/resourceVersion",
      "*.example.com",
      [
        'status.resourceVersion: Invalid value: "*.example.com": resource version is not well formed: *.example.com',
      ],
    ],
    [
      "/status/resourceVersion",
      "*",
      ['status.resourceVersion: Invalid value: "*": resource version is not well formed: *'],
    ],
    [
      "/status/resourceVersion",
      "a/b",
      ['status.resourceVersion: Invalid value: "a/b": resource version is not well formed: a/b'],
    ],
    [
      "/status/resourceVersion",
      "a/b/c",
      ['status.resourceVersion: Invalid value: "a/b/c": resource version is not well formed: a/b/c'],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validateStorageVersionMigrationStatus(changed, valid))).toEqual(expected);
  });
});
