import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateCsiStorageCapacity, validateCsiStorageCapacityUpdate } from "./csi-storage-capacity.ts";

type CSIStorageCapacity = ObjectOf<"io.k8s.api.storage.v1.CSIStorageCapacity">;

const valid = {
  metadata: { name: "csc", namespace: "default", resourceVersion: "1" },
  nodeTopology: { matchExpressions: [{ key: "a", operator: "Exists" }] },
  storageClassName: "a",
  maximumVolumeSize: "1Gi",
} as unknown as CSIStorageCapacity;

// The answers of kube-apiserver 1.36.3.
describe("CSIStorageCapacity", () => {
  it("takes what upstream takes: csc", () => {
    expect(validateCsiStorageCapacity(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/nodeTopology/matchExpressions/0",
      { "Bad Key!": "a" },
      [
        'nodeTopology.matchExpressions[0].operator: Invalid value: "": not a valid selector operator',
        'nodeTopology.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "nodeTopology.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      undefined,
      [
        'nodeTopology.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "nodeTopology.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "Bad_Value!",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "a/b/c",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "../x",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "x".repeat(64),
      [
        'nodeTopology.matchExpressions[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/operator",
      undefined,
      ['nodeTopology.matchExpressions[0].operator: Invalid value: "": not a valid selector operator'],
    ],
    [
      "/storageClassName",
      undefined,
      [
        "storageClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateCsiStorageCapacity(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/nodeTopology", undefined, ["nodeTopology: Invalid value: null: field is immutable"]],
    ["/nodeTopology/matchExpressions", undefined, ["nodeTopology: Invalid value: {}: field is immutable"]],
    [
      "/nodeTopology/matchExpressions",
      [
        { key: "a", operator: "Exists" },
        { key: "a", operator: "Exists" },
      ],
      [
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"a","operator":"Exists"},{"key":"a","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "",
      [
        'nodeTopology.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "nodeTopology.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "Bad_Value!",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"Bad_Value!","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "a.b",
      [
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"a.b","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "a/b/c",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"a/b/c","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "../x",
      [
        "nodeTopology.matchExpressions[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"../x","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/key",
      "x".repeat(64),
      [
        'nodeTopology.matchExpressions[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","operator":"Exists"}]}: field is immutable',
      ],
    ],
    [
      "/nodeTopology/matchExpressions/0/operator",
      "",
      [
        'nodeTopology.matchExpressions[0].operator: Invalid value: "": not a valid selector operator',
        'nodeTopology: Invalid value: {"matchExpressions":[{"key":"a","operator":""}]}: field is immutable',
      ],
    ],
    [
      "/storageClassName",
      undefined,
      [
        "storageClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'storageClassName: Invalid value: "": field is immutable',
      ],
    ],
    ["/storageClassName", "a.b", ['storageClassName: Invalid value: "a.b": field is immutable']],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateCsiStorageCapacityUpdate(corrupted(valid, pointer, value), valid),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
