import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import {
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimStatusUpdate,
  validatePersistentVolumeClaimUpdate,
} from "./persistent-volume-claim.ts";

type PersistentVolumeClaim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "pvc", namespace: "default", resourceVersion: "1" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    selector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "k", operator: "In", values: ["v"] }] },
    resources: { limits: { storage: "2Gi" }, requests: { storage: "1Gi" } },
    volumeName: "v",
    storageClassName: "fast",
    volumeMode: "Block",
    dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "s" },
    dataSourceRef: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "s" },
    volumeAttributesClassName: "vac",
  },
  status: { phase: "Pending" },
} as unknown as PersistentVolumeClaim;

const validStatus = {
  ...valid,
  status: {
    phase: "Bound",
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: "1Gi" },
    conditions: [
      {
        type: "Resizing",
        status: "True",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        lastProbeTime: "2026-01-01T00:00:00Z",
      },
    ],
    allocatedResources: { storage: "2Gi" },
    allocatedResourceStatuses: { storage: "ControllerResizeInProgress" },
    currentVolumeAttributesClassName: "a",
    modifyVolumeStatus: { targetVolumeAttributesClassName: "b", status: "Pending" },
  },
} as unknown as PersistentVolumeClaim;

// The answers of kube-apiserver 1.36.3.
describe("PersistentVolumeClaim", () => {
  it("takes what upstream takes: pvc", () => {
    expect(validatePersistentVolumeClaim(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.accessModes: Required value: at least 1 access mode is required",
        "spec.resources[storage]: Required value",
      ],
    ],
    [
      "/spec/accessModes",
      undefined,
      ["spec.accessModes: Required value: at least 1 access mode is required"],
    ],
    [
      "/spec/accessModes/0",
      "",
      [
        'spec.accessModes: Unsupported value: "": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    ],
    [
      "/spec/selector/matchLabels",
      { "Bad Key!": "b" },
      [
        "spec.selector.matchLabels: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/selector/matchLabels",
      { "a/b/c": "b" },
      [
        "spec.selector.matchLabels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/selector/matchLabels/a",
      "Bad_Value!",
      [
        "spec.selector.matchLabels: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/selector/matchLabels/a",
      "x".repeat(64),
      [
        'spec.selector.matchLabels: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      undefined,
      [
        'spec.selector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "spec.selector.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "Bad_Value!",
      [
        "spec.selector.matchExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "a/b/c",
      [
        "spec.selector.matchExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "../x",
      [
        "spec.selector.matchExpressions[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "x".repeat(64),
      [
        'spec.selector.matchExpressions[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/operator",
      undefined,
      ['spec.selector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator'],
    ],
    [
      "/spec/selector/matchExpressions/0/operator",
      "Exists",
      [
        "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/values",
      undefined,
      [
        "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/values/0",
      "Bad_Value!",
      [
        "spec.selector.matchExpressions[0].values[0]: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/values/0",
      "x".repeat(64),
      [
        'spec.selector.matchExpressions[0].values[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    ["/spec/resources", undefined, ["spec.resources[storage]: Required value"]],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validatePersistentVolumeClaim(corrupted(valid, pointer, value), gates))).toEqual(
      expected,
    );
  });

  it.each<Corruption>([
    [
      "/spec/accessModes",
      undefined,
      [
        "spec.accessModes: Required value: at least 1 access mode is required",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,7 +1,5 @@\n {\n- "AccessModes": [\n-  "ReadWriteOnce"\n- ],\n+ "AccessModes": null,\n  "Selector": {\n   "matchLabels": {\n    "a": "b"\n',
      ],
    ],
    [
      "/spec/accessModes",
      ["ReadWriteOnce", "ReadWriteOnce"],
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,5 +1,6 @@\n {\n  "AccessModes": [\n+  "ReadWriteOnce",\n   "ReadWriteOnce"\n  ],\n  "Selector": {\n',
      ],
    ],
    [
      "/spec/accessModes/0",
      undefined,
      [
        "spec.accessModes: Required value: at least 1 access mode is required",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,7 +1,5 @@\n {\n- "AccessModes": [\n-  "ReadWriteOnce"\n- ],\n+ "AccessModes": [],\n  "Selector": {\n   "matchLabels": {\n    "a": "b"\n',
      ],
    ],
    [
      "/spec/accessModes/0",
      "",
      [
        'spec.accessModes: Unsupported value: "": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  ""\n  ],\n  "Selector": {\n   "matchLabels": {\n',
      ],
    ],
    [
      "/spec/accessModes/0",
      "ReadWriteOncePod",
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  "ReadWriteOncePod"\n  ],\n  "Selector": {\n   "matchLabels": {\n',
      ],
    ],
    [
      "/spec/selector",
      undefined,
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -2,20 +2,7 @@\n  "AccessModes": [\n   "ReadWriteOnce"\n  ],\n- "Selector": {\n-  "matchLabels": {\n-   "a": "b"\n-  },\n-  "matchExpressions": [\n-   {\n-    "key": "k",\n-    "operator": "In",\n-    "values": [\n-     "v"\n-    ]\n-   }\n-  ]\n- },\n+ "Selector": null,\n  "Resources": {\n   "Limits": {\n    "storage": "2Gi"\n',
      ],
    ],
    [
      "/spec/selector/matchLabels",
      undefined,
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -3,9 +3,6 @@\n   "ReadWriteOnce"\n  ],\n  "Selector": {\n-  "matchLabels": {\n-   "a": "b"\n-  },\n   "matchExpressions": [\n    {\n     "key": "k",\n',
      ],
    ],
    [
      "/spec/selector/matchLabels",
      { "Bad Key!": "b" },
      [
        "spec.selector.matchLabels: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -4,7 +4,7 @@\n  ],\n  "Selector": {\n   "matchLabels": {\n-   "a": "b"\n+   "Bad Key!": "b"\n   },\n   "matchExpressions": [\n    {\n',
      ],
    ],
    [
      "/spec/selector/matchLabels",
      { "a/b/c": "b" },
      [
        "spec.selector.matchLabels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -4,7 +4,7 @@\n  ],\n  "Selector": {\n   "matchLabels": {\n-   "a": "b"\n+   "a/b/c": "b"\n   },\n   "matchExpressions": [\n    {\n',
      ],
    ],
    [
      "/spec/selector/matchLabels",
      { cpu: "b" },
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -4,7 +4,7 @@\n  ],\n  "Selector": {\n   "matchLabels": {\n-   "a": "b"\n+   "cpu": "b"\n   },\n   "matchExpressions": [\n    {\n',
      ],
    ],
    [
      "/spec/selector/matchLabels/a",
      "Bad_Value!",
      [
        "spec.selector.matchLabels: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -4,7 +4,7 @@\n  ],\n  "Selector": {\n   "matchLabels": {\n-   "a": "b"\n+   "a": "Bad_Value!"\n   },\n   "matchExpressions": [\n    {\n',
      ],
    ],
    [
      "/spec/selector/matchLabels/a",
      "x".repeat(64),
      [
        'spec.selector.matchLabels: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -4,7 +4,7 @@\n  ],\n  "Selector": {\n   "matchLabels": {\n-   "a": "b"\n+   "a": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n   },\n   "matchExpressions": [\n    {\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions",
      undefined,
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -5,16 +5,7 @@\n  "Selector": {\n   "matchLabels": {\n    "a": "b"\n-  },\n-  "matchExpressions": [\n-   {\n-    "key": "k",\n-    "operator": "In",\n-    "values": [\n-     "v"\n-    ]\n-   }\n-  ]\n+  }\n  },\n  "Resources": {\n   "Limits": {\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions",
      [
        { key: "k", operator: "In", values: ["v"] },
        { key: "k", operator: "In", values: ["v"] },
      ],
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -7,6 +7,13 @@\n    "a": "b"\n   },\n   "matchExpressions": [\n+   {\n+    "key": "k",\n+    "operator": "In",\n+    "values": [\n+     "v"\n+    ]\n+   },\n    {\n     "key": "k",\n     "operator": "In",\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "",
      [
        'spec.selector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "spec.selector.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -8,7 +8,7 @@\n   },\n   "matchExpressions": [\n    {\n-    "key": "k",\n+    "key": "",\n     "operator": "In",\n     "values": [\n      "v"\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "Bad_Value!",
      [
        "spec.selector.matchExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -8,7 +8,7 @@\n   },\n   "matchExpressions": [\n    {\n-    "key": "k",\n+    "key": "Bad_Value!",\n     "operator": "In",\n     "values": [\n      "v"\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "a.b",
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -8,7 +8,7 @@\n   },\n   "matchExpressions": [\n    {\n-    "key": "k",\n+    "key": "a.b",\n     "operator": "In",\n     "values": [\n      "v"\n',
      ],
    ],
    [
      "/spec/selector/matchExpressions/0/key",
      "a/b/c",
      [
        "spec.selector.matchExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -8,7 +8,7 @@\n   },\n   "matchExpressions": [\n    {\n-    "key": "k",\n+    "key": "a/b/c",\n     "operator": "In",\n     "values": [\n      "v"\n',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validatePersistentVolumeClaimUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/capacity/storage",
      "-1",
      ["status.capacity[storage]: Invalid value: -1: must be a valid resource quantity"],
    ],
    [
      "/status/allocatedResources",
      { "Bad Key!": "2Gi" },
      [
        "status.allocatedResources: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/status/allocatedResources",
      { "a/b/c": "2Gi" },
      [
        "status.allocatedResources: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/status/allocatedResources",
      { cpu: "2Gi" },
      ['status.allocatedResources: Unsupported value: "cpu": supported values: "storage"'],
    ],
    [
      "/status/allocatedResources/storage",
      "-1",
      ["status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity"],
    ],
    [
      "/status/allocatedResourceStatuses",
      { "Bad Key!": "ControllerResizeInProgress" },
      [
        "status.allocatedResourceStatuses: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/status/allocatedResourceStatuses",
      { "a/b/c": "ControllerResizeInProgress" },
      [
        "status.allocatedResourceStatuses: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/status/allocatedResourceStatuses",
      { cpu: "ControllerResizeInProgress" },
      ['status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "storage"'],
    ],
    [
      "/status/allocatedResourceStatuses/storage",
      "",
      [
        'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      ],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validatePersistentVolumeClaimStatusUpdate(changed, valid, gates))).toEqual(expected);
  });
});
