import { describe, expect, test } from "vitest";
import type { ReplicationController } from "../../core-types.ts";
import { defaultFeatureGates } from "../../feature-gates.ts";
import { templateValidationOptions } from "./pod-options.ts";
import {
  validateReplicationController,
  validateReplicationControllerStatusUpdate,
  validateReplicationControllerUpdate,
} from "./replication-controller.ts";
import { podOf, problems } from "./testing.ts";

type Fields = Record<string, unknown>;

const options = templateValidationOptions(defaultFeatureGates());

function controllerOf(
  fields: Fields = {},
  metadata: Fields = {},
  status: Fields = {},
): ReplicationController {
  const template = { metadata: { labels: { app: "web" } }, spec: podOf().spec };
  return {
    metadata: { name: "web", namespace: "default", ...metadata },
    spec: { replicas: 1, selector: { app: "web" }, template, ...fields },
    status,
  } as unknown as ReplicationController;
}

const templateOf = (spec: Fields, labels: Fields = { app: "web" }): Fields => ({
  metadata: { labels },
  spec: podOf(spec).spec,
});

describe("a new controller", () => {
  test.each<[string, Fields, string[]]>([
    ["one that is well", {}, []],
    [
      "fewer than no replicas",
      { replicas: -1 },
      ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    ],
    [
      "a negative time until ready",
      { minReadySeconds: -1 },
      ["spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"],
    ],
    ["no selector", { selector: undefined }, ["spec.selector: Required value"]],
    ["no template", { template: undefined }, ["spec.template: Required value"]],
    [
      "a selector of other pods",
      { selector: { app: "other" } },
      [
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      "pods that end",
      { template: templateOf({ restartPolicy: "Never" }) },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      "a deadline of its pods",
      { template: templateOf({ activeDeadlineSeconds: 5 }) },
      [
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
      ],
    ],
    [
      "what no pod may have",
      { template: templateOf({ containers: [{ name: "A", image: "" }] }) },
      [
        "spec.template.spec.containers[0].name: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.template.spec.containers[0].image: Required value",
      ],
    ],
    [
      "ephemeral containers",
      { template: templateOf({ ephemeralContainers: [{ name: "debug", image: "i" }] }) },
      ["spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template"],
    ],
  ])("%s", (_, fields, errors) => {
    expect(problems(validateReplicationController(controllerOf(fields), options))).toEqual(errors);
  });

  test("has a name that its pods' names can begin with", () => {
    const controller = controllerOf({}, { name: "Web" });
    expect(problems(validateReplicationController(controller, options))).toEqual([
      "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
  });
});

const stored = { uid: "u", resourceVersion: "1", creationTimestamp: "2024-01-01T00:00:00Z" };

test("fields that another version can't tell are left alone", () => {
  const annotations = { "non-convertible.kubernetes.io/selector": "x" };
  const old = controllerOf({}, { ...stored, annotations });
  const labels = { app: "other" };
  const changed = controllerOf(
    { selector: labels, template: templateOf({}, labels) },
    { ...stored, annotations },
  );
  expect(problems(validateReplicationControllerUpdate(old, old, options))).toEqual([]);
  expect(problems(validateReplicationControllerUpdate(changed, old, options))).toEqual([
    'spec.selector: Invalid value: {"app":"other"}: cannot update non-convertible selector',
  ]);
});

test.each<[string, Fields, string[]]>([
  ["what is there", { replicas: 2, readyReplicas: 1, availableReplicas: 1 }, []],
  [
    "fewer than none",
    { replicas: -1, observedGeneration: -1 },
    [
      "status.replicas: Invalid value: -1: must be greater than or equal to 0",
      "status.observedGeneration: Invalid value: -1: must be greater than or equal to 0",
      "status.fullyLabeledReplicas: Invalid value: 0: cannot be greater than status.replicas",
      "status.readyReplicas: Invalid value: 0: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 0: cannot be greater than status.replicas",
    ],
  ],
  [
    "more parts than the whole",
    { replicas: 1, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 3 },
    [
      "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
    ],
  ],
])("a status tells of %s", (_, status, errors) => {
  const old = controllerOf({}, stored);
  expect(problems(validateReplicationControllerStatusUpdate(controllerOf({}, stored, status), old))).toEqual(
    errors,
  );
});
