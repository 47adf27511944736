import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateStorageClass, validateStorageClassUpdate } from "./storage-class.ts";

type StorageClass = ObjectOf<"io.k8s.api.storage.v1.StorageClass">;

const valid = {
  metadata: { name: "sc", resourceVersion: "1" },
  provisioner: "kubernetes.io/gce-pd",
  parameters: { a: "b", "x/y": "" },
  reclaimPolicy: "Delete",
  mountOptions: ["a"],
  allowVolumeExpansion: true,
  volumeBindingMode: "WaitForFirstConsumer",
  allowedTopologies: [
    {
      matchLabelExpressions: [
        { key: "failure-domain.beta.kubernetes.io/zone", values: ["a", "b"] },
        { key: "x", values: ["q"] },
      ],
    },
    { matchLabelExpressions: [{ key: "x", values: ["r"] }] },
  ],
} as unknown as StorageClass;

// The answers of kube-apiserver 1.36.3.
describe("StorageClass", () => {
  it("takes what upstream takes: sc", () => {
    expect(validateStorageClass(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/provisioner", undefined, ["provisioner: Required value"]],
    [
      "/provisioner",
      "Bad_Value!",
      [
        "provisioner: Invalid value: \"bad_value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/provisioner",
      "a/b/c",
      [
        "provisioner: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/provisioner",
      "../x",
      [
        "provisioner: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/provisioner",
      "x".repeat(64),
      [
        'provisioner: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/reclaimPolicy",
      "Bad_Value!",
      ['reclaimPolicy: Unsupported value: "Bad_Value!": supported values: "Delete", "Retain"'],
    ],
    [
      "/volumeBindingMode",
      "",
      ['volumeBindingMode: Unsupported value: "": supported values: "Immediate", "WaitForFirstConsumer"'],
    ],
    [
      "/allowedTopologies",
      [
        {
          matchLabelExpressions: [
            { key: "failure-domain.beta.kubernetes.io/zone", values: ["a", "b"] },
            { key: "x", values: ["q"] },
          ],
        },
        {
          matchLabelExpressions: [
            { key: "failure-domain.beta.kubernetes.io/zone", values: ["a", "b"] },
            { key: "x", values: ["q"] },
          ],
        },
      ],
      ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions",
      [
        { key: "failure-domain.beta.kubernetes.io/zone", values: ["a", "b"] },
        { key: "failure-domain.beta.kubernetes.io/zone", values: ["a", "b"] },
      ],
      [
        'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "failure-domain.beta.kubernetes.io/zone"',
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/key",
      undefined,
      [
        'allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: "": name part must be non-empty',
        "allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/key",
      "Bad_Value!",
      [
        "allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/key",
      "a/b/c",
      [
        "allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/key",
      "../x",
      [
        "allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/key",
      "x".repeat(64),
      [
        'allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/values",
      undefined,
      ["allowedTopologies[0].matchLabelExpressions[0].values: Required value"],
    ],
    [
      "/allowedTopologies/0/matchLabelExpressions/0/values",
      ["a", "a"],
      ['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"'],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateStorageClass(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/provisioner",
      "",
      ["provisioner: Required value", 'provisioner: Invalid value: "": field is immutable'],
    ],
    [
      "/provisioner",
      "Bad_Value!",
      [
        "provisioner: Invalid value: \"bad_value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'provisioner: Invalid value: "Bad_Value!": field is immutable',
      ],
    ],
    ["/provisioner", "a.b", ['provisioner: Invalid value: "a.b": field is immutable']],
    [
      "/provisioner",
      "a/b/c",
      [
        "provisioner: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'provisioner: Invalid value: "a/b/c": field is immutable',
      ],
    ],
    [
      "/provisioner",
      "../x",
      [
        "provisioner: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'provisioner: Invalid value: "../x": field is immutable',
      ],
    ],
    [
      "/provisioner",
      "x".repeat(64),
      [
        'provisioner: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
        'provisioner: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": field is immutable',
      ],
    ],
    ["/parameters", undefined, ["parameters: Invalid value: null: field is immutable"]],
    ["/parameters", { "Bad Key!": "b" }, ['parameters: Invalid value: {"Bad Key!":"b"}: field is immutable']],
    ["/parameters/a", "", ['parameters: Invalid value: {"a":"","x/y":""}: field is immutable']],
    ["/reclaimPolicy", "", ['reclaimPolicy: Invalid value: "": field is immutable']],
    [
      "/reclaimPolicy",
      "Bad_Value!",
      [
        'reclaimPolicy: Unsupported value: "Bad_Value!": supported values: "Delete", "Retain"',
        'reclaimPolicy: Invalid value: "Bad_Value!": field is immutable',
      ],
    ],
    [
      "/volumeBindingMode",
      "",
      [
        'volumeBindingMode: Unsupported value: "": supported values: "Immediate", "WaitForFirstConsumer"',
        'volumeBindingMode: Invalid value: "": field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateStorageClassUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
