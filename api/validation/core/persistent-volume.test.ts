import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validatePersistentVolume, validatePersistentVolumeUpdate } from "./persistent-volume.ts";

type PersistentVolume = ObjectOf<"io.k8s.api.core.v1.PersistentVolume">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "pv", resourceVersion: "1" },
  spec: {
    capacity: { storage: "1Gi" },
    csi: {
      driver: "csi.example.com",
      volumeHandle: "h",
      readOnly: true,
      fsType: "ext4",
      volumeAttributes: { a: "b" },
      controllerPublishSecretRef: { name: "s", namespace: "default" },
      nodeStageSecretRef: { name: "s", namespace: "default" },
      nodePublishSecretRef: { name: "s", namespace: "default" },
      controllerExpandSecretRef: { name: "s", namespace: "default" },
      nodeExpandSecretRef: { name: "s", namespace: "default" },
    },
    accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
    claimRef: { kind: "PersistentVolumeClaim", namespace: "default", name: "c" },
    persistentVolumeReclaimPolicy: "Delete",
    storageClassName: "fast",
    mountOptions: ["ro"],
    volumeMode: "Filesystem",
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: "kubernetes.io/hostname", operator: "In", values: ["n1"] },
              { key: "beta.kubernetes.io/os", operator: "Exists" },
            ],
            matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }],
          },
        ],
      },
    },
    volumeAttributesClassName: "vac",
  },
  status: { phase: "Pending" },
} as unknown as PersistentVolume;

const other = {
  metadata: { name: "pv5", resourceVersion: "1" },
  spec: {
    capacity: { storage: "1Gi" },
    rbd: {
      monitors: ["m"],
      image: "i",
      pool: "p",
      user: "u",
      keyring: "k",
      secretRef: { name: "s", namespace: "n" },
    },
    accessModes: ["ReadWriteOnce"],
    persistentVolumeReclaimPolicy: "Recycle",
    volumeMode: "Filesystem",
  },
  status: { phase: "Pending" },
} as unknown as PersistentVolume;

// The answers of kube-apiserver 1.36.3.
describe("PersistentVolume", () => {
  it("takes what upstream takes: pv", () => {
    expect(validatePersistentVolume(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        "spec.accessModes: Required value",
        "spec.capacity: Required value",
        'spec.capacity: Unsupported value: null: supported values: "storage"',
        "spec: Required value: must specify a volume type",
      ],
    ],
    [
      "/spec/capacity",
      undefined,
      [
        "spec.capacity: Required value",
        'spec.capacity: Unsupported value: null: supported values: "storage"',
      ],
    ],
    [
      "/spec/capacity",
      { "Bad Key!": "1Gi" },
      ['spec.capacity: Unsupported value: {"Bad Key!":"1Gi"}: supported values: "storage"'],
    ],
    [
      "/spec/capacity/storage",
      undefined,
      ["spec.capacity: Required value", 'spec.capacity: Unsupported value: {}: supported values: "storage"'],
    ],
    [
      "/spec/capacity/storage",
      "-1",
      [
        "spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
        'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
      ],
    ],
    [
      "/spec/csi",
      undefined,
      [
        "spec: Required value: must specify a volume type",
        "spec.csi: Required value: has to be specified when using volumeAttributesClassName",
      ],
    ],
    ["/spec/csi/driver", undefined, ["spec.csi.driver: Required value"]],
    [
      "/spec/csi/driver",
      "Bad_Value!",
      [
        "spec.csi.driver: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/csi/driver", "x".repeat(64), ["spec.csi.driver: Too long: may not be more than 63 bytes"]],
    ["/spec/csi/volumeHandle", undefined, ["spec.csi.volumeHandle: Required value"]],
    [
      "/spec/csi/controllerPublishSecretRef",
      { "Bad Key!": "s" },
      [
        "spec.csi.controllerPublishSecretRef.name: Required value",
        "spec.csi.controllerPublishSecretRef.namespace: Required value",
      ],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/name",
      undefined,
      ["spec.csi.controllerPublishSecretRef.name: Required value"],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/name",
      "Bad_Value!",
      [
        "spec.csi.controllerPublishSecretRef.name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/namespace",
      undefined,
      ["spec.csi.controllerPublishSecretRef.namespace: Required value"],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/namespace",
      "Bad_Value!",
      [
        "spec.csi.controllerPublishSecretRef.namespace: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validatePersistentVolume(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/csi/driver",
      "a.b",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -21,7 +21,7 @@\n  "Local": null,\n  "StorageOS": null,\n  "CSI": {\n-  "Driver": "csi.example.com",\n+  "Driver": "a.b",\n   "VolumeHandle": "h",\n   "ReadOnly": true,\n   "FSType": "ext4",\n',
      ],
    ],
    [
      "/spec/csi/volumeHandle",
      "Bad_Value!",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -22,7 +22,7 @@\n  "StorageOS": null,\n  "CSI": {\n   "Driver": "csi.example.com",\n-  "VolumeHandle": "h",\n+  "VolumeHandle": "Bad_Value!",\n   "ReadOnly": true,\n   "FSType": "ext4",\n   "VolumeAttributes": {\n',
      ],
    ],
    [
      "/spec/csi/readOnly",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -23,7 +23,7 @@\n  "CSI": {\n   "Driver": "csi.example.com",\n   "VolumeHandle": "h",\n-  "ReadOnly": true,\n+  "ReadOnly": false,\n   "FSType": "ext4",\n   "VolumeAttributes": {\n    "a": "b"\n',
      ],
    ],
    [
      "/spec/csi/fsType",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -24,7 +24,7 @@\n   "Driver": "csi.example.com",\n   "VolumeHandle": "h",\n   "ReadOnly": true,\n-  "FSType": "ext4",\n+  "FSType": "",\n   "VolumeAttributes": {\n    "a": "b"\n   },\n',
      ],
    ],
    [
      "/spec/csi/volumeAttributes",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -25,9 +25,7 @@\n   "VolumeHandle": "h",\n   "ReadOnly": true,\n   "FSType": "ext4",\n-  "VolumeAttributes": {\n-   "a": "b"\n-  },\n+  "VolumeAttributes": null,\n   "ControllerPublishSecretRef": {\n    "Name": "s",\n    "Namespace": "default"\n',
      ],
    ],
    [
      "/spec/csi/volumeAttributes",
      { "Bad Key!": "b" },
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -26,7 +26,7 @@\n   "ReadOnly": true,\n   "FSType": "ext4",\n   "VolumeAttributes": {\n-   "a": "b"\n+   "Bad Key!": "b"\n   },\n   "ControllerPublishSecretRef": {\n    "Name": "s",\n',
      ],
    ],
    [
      "/spec/csi/volumeAttributes/a",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -25,9 +25,7 @@\n   "VolumeHandle": "h",\n   "ReadOnly": true,\n   "FSType": "ext4",\n-  "VolumeAttributes": {\n-   "a": "b"\n-  },\n+  "VolumeAttributes": {},\n   "ControllerPublishSecretRef": {\n    "Name": "s",\n    "Namespace": "default"\n',
      ],
    ],
    [
      "/spec/csi/controllerPublishSecretRef",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -28,10 +28,7 @@\n   "VolumeAttributes": {\n    "a": "b"\n   },\n-  "ControllerPublishSecretRef": {\n-   "Name": "s",\n-   "Namespace": "default"\n-  },\n+  "ControllerPublishSecretRef": null,\n   "NodeStageSecretRef": {\n    "Name": "s",\n    "Namespace": "default"\n',
      ],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/name",
      "a.b",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -29,7 +29,7 @@\n    "a": "b"\n   },\n   "ControllerPublishSecretRef": {\n-   "Name": "s",\n+   "Name": "a.b",\n    "Namespace": "default"\n   },\n   "NodeStageSecretRef": {\n',
      ],
    ],
    [
      "/spec/csi/controllerPublishSecretRef/namespace",
      "500m",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -30,7 +30,7 @@\n   },\n   "ControllerPublishSecretRef": {\n    "Name": "s",\n-   "Namespace": "default"\n+   "Namespace": "500m"\n   },\n   "NodeStageSecretRef": {\n    "Name": "s",\n',
      ],
    ],
    [
      "/spec/csi/nodeStageSecretRef",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -32,10 +32,7 @@\n    "Name": "s",\n    "Namespace": "default"\n   },\n-  "NodeStageSecretRef": {\n-   "Name": "s",\n-   "Namespace": "default"\n-  },\n+  "NodeStageSecretRef": null,\n   "NodePublishSecretRef": {\n    "Name": "s",\n    "Namespace": "default"\n',
      ],
    ],
    [
      "/spec/csi/nodeStageSecretRef",
      { "Bad Key!": "s" },
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -33,8 +33,8 @@\n    "Namespace": "default"\n   },\n   "NodeStageSecretRef": {\n-   "Name": "s",\n-   "Namespace": "default"\n+   "Name": "",\n+   "Namespace": ""\n   },\n   "NodePublishSecretRef": {\n    "Name": "s",\n',
      ],
    ],
    [
      "/spec/csi/nodeExpandSecretRef",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -44,9 +44,6 @@\n    "Name": "s",\n    "Namespace": "default"\n   },\n-  "NodeExpandSecretRef": {\n-   "Name": "s",\n-   "Namespace": "default"\n-  }\n+  "NodeExpandSecretRef": null\n  }\n }\n',
      ],
    ],
    [
      "/spec/csi/nodeExpandSecretRef/name",
      "a.b",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -45,7 +45,7 @@\n    "Namespace": "default"\n   },\n   "NodeExpandSecretRef": {\n-   "Name": "s",\n+   "Name": "a.b",\n    "Namespace": "default"\n   }\n  }\n',
      ],
    ],
    [
      "/spec/csi/nodeExpandSecretRef/namespace",
      "500m",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -46,7 +46,7 @@\n   },\n   "NodeExpandSecretRef": {\n    "Name": "s",\n-   "Namespace": "default"\n+   "Namespace": "500m"\n   }\n  }\n }\n',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validatePersistentVolumeUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it.each([
    [0, "example.com/host", true],
    [0, "", false],
    [1, "kubernetes.io/os", false],
    [1, "", true],
  ])("key %i of the affinity changed to %j: immutable is %s", (index, key, isProblem) => {
    const pointer = `/spec/nodeAffinity/required/nodeSelectorTerms/0/matchExpressions/${index}/key`;
    const errors = validatePersistentVolumeUpdate(corrupted(valid, pointer, key), valid, gates);
    expect(errors.some(({ field }) => field === "nodeAffinity")).toBe(isProblem);
  });

  it("takes what upstream takes: pv5 (2)", () => {
    expect(validatePersistentVolume(other, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec/rbd", undefined, ["spec: Required value: must specify a volume type"]],
    ["/spec/rbd/monitors", undefined, ["spec.rbd.monitors: Required value"]],
    ["/spec/rbd/image", undefined, ["spec.rbd.image: Required value"]],
    ["/spec/accessModes", undefined, ["spec.accessModes: Required value"]],
    [
      "/spec/accessModes/0",
      "",
      [
        'spec.accessModes: Unsupported value: "": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    ],
    [
      "/spec/persistentVolumeReclaimPolicy",
      "Bad_Value!",
      [
        'spec.persistentVolumeReclaimPolicy: Unsupported value: "Bad_Value!": supported values: "Delete", "Recycle", "Retain"',
      ],
    ],
    [
      "/spec/volumeMode",
      "",
      ['spec.volumeMode: Unsupported value: "": supported values: "Block", "Filesystem"'],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validatePersistentVolume(corrupted(other, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/rbd/monitors",
      ["m", "m"],
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -6,6 +6,7 @@\n  "NFS": null,\n  "RBD": {\n   "CephMonitors": [\n+   "m",\n    "m"\n   ],\n   "RBDImage": "i",\n',
      ],
    ],
    [
      "/spec/rbd/monitors/0",
      "",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -6,7 +6,7 @@\n  "NFS": null,\n  "RBD": {\n   "CephMonitors": [\n-   "m"\n+   ""\n   ],\n   "RBDImage": "i",\n   "FSType": "",\n',
      ],
    ],
    [
      "/spec/rbd/image",
      "Bad_Value!",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -8,7 +8,7 @@\n   "CephMonitors": [\n    "m"\n   ],\n-  "RBDImage": "i",\n+  "RBDImage": "Bad_Value!",\n   "FSType": "",\n   "RBDPool": "p",\n   "RadosUser": "u",\n',
      ],
    ],
    [
      "/spec/rbd/pool",
      "Bad_Value!",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -10,7 +10,7 @@\n   ],\n   "RBDImage": "i",\n   "FSType": "",\n-  "RBDPool": "p",\n+  "RBDPool": "Bad_Value!",\n   "RadosUser": "u",\n   "Keyring": "k",\n   "SecretRef": {\n',
      ],
    ],
    [
      "/spec/rbd/user",
      "Bad_Value!",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -11,7 +11,7 @@\n   "RBDImage": "i",\n   "FSType": "",\n   "RBDPool": "p",\n-  "RadosUser": "u",\n+  "RadosUser": "Bad_Value!",\n   "Keyring": "k",\n   "SecretRef": {\n    "Name": "s",\n',
      ],
    ],
    [
      "/spec/rbd/keyring",
      "Bad_Value!",
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -12,7 +12,7 @@\n   "FSType": "",\n   "RBDPool": "p",\n   "RadosUser": "u",\n-  "Keyring": "k",\n+  "Keyring": "Bad_Value!",\n   "SecretRef": {\n    "Name": "s",\n    "Namespace": "n"\n',
      ],
    ],
    [
      "/spec/rbd/secretRef",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -13,10 +13,7 @@\n   "RBDPool": "p",\n   "RadosUser": "u",\n   "Keyring": "k",\n-  "SecretRef": {\n-   "Name": "s",\n-   "Namespace": "n"\n-  },\n+  "SecretRef": null,\n   "ReadOnly": false\n  },\n  "Quobyte": null,\n',
      ],
    ],
    [
      "/spec/rbd/secretRef",
      { "Bad Key!": "s" },
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -14,8 +14,8 @@\n   "RadosUser": "u",\n   "Keyring": "k",\n   "SecretRef": {\n-   "Name": "s",\n-   "Namespace": "n"\n+   "Name": "",\n+   "Namespace": ""\n   },\n   "ReadOnly": false\n  },\n',
      ],
    ],
    [
      "/spec/rbd/secretRef/name",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -14,7 +14,7 @@\n   "RadosUser": "u",\n   "Keyring": "k",\n   "SecretRef": {\n-   "Name": "s",\n+   "Name": "",\n    "Namespace": "n"\n   },\n   "ReadOnly": false\n',
      ],
    ],
    [
      "/spec/rbd/secretRef/namespace",
      undefined,
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -15,7 +15,7 @@\n   "Keyring": "k",\n   "SecretRef": {\n    "Name": "s",\n-   "Namespace": "n"\n+   "Namespace": ""\n   },\n   "ReadOnly": false\n  },\n',
      ],
    ],
    ["/spec/volumeMode", "Block", ['volumeMode: Invalid value: "Block": field is immutable']],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validatePersistentVolumeUpdate(corrupted(other, pointer, value), other, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
