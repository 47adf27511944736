import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podWith, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

/** Of a pod whose only container has the fields. */
const checkContainer = (fields: Record<string, unknown>): string[] =>
  problems(validatePodCreate(podWith(fields), optionsOf()));

describe("variables", () => {
  test.each<Case>([
    ["no name", { env: [{ name: "", value: "x" }] }, ["spec.containers[0].env[0].name: Required value"]],
    [
      "a name with an equals sign",
      { env: [{ name: "A=B" }] },
      [
        "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
      ],
    ],
    [
      "a value and a source",
      { env: [{ name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      ],
    ],
    [
      "an empty source",
      { env: [{ name: "A", valueFrom: {} }] },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ],
    ],
    [
      "two sources",
      {
        env: [
          {
            name: "A",
            valueFrom: { fieldRef: { fieldPath: "metadata.name" }, secretKeyRef: { name: "s", key: "k" } },
          },
        ],
      },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time',
      ],
    ],
    [
      "a field that pods do not tell",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.containers" } } }] },
      [
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.containers": error converting fieldPath: field label not supported: spec.containers',
      ],
    ],
    [
      "a label of the pod",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] },
      [],
    ],
    [
      "a resource in parts that it has not",
      { env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1m" } } }] },
      [
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.memory": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource',
      ],
    ],
    [
      "a key that is no file's name",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "c", key: "a/b" } } }] },
      [
        "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "a file in no volume",
      { env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "v", path: "f", key: "K" } } }] },
      ['spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"'],
    ],
    [
      "many from nowhere",
      { envFrom: [{}] },
      ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
    ],
    [
      "many from two places",
      { envFrom: [{ configMapRef: { name: "c" }, secretRef: { name: "s" } }] },
      ['spec.containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
    [
      "many from a secret without a name",
      { envFrom: [{ secretRef: { name: "" } }] },
      ["spec.containers[0].envFrom[0].secretRef.name: Required value"],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });
});
