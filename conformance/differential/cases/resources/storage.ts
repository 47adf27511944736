import { crud } from "../../crud.ts";

export const cases = [
  ...crud({
    resource: "storage.k8s.io/v1/storageclasses",
    kind: "StorageClass",
    clusterScoped: true,
    minimal: { provisioner: "example.com/p" },
    variants: {
      full: {
        provisioner: "example.com/p",
        parameters: { a: "b" },
        reclaimPolicy: "Retain",
        mountOptions: ["ro"],
        allowVolumeExpansion: true,
        volumeBindingMode: "WaitForFirstConsumer",
        allowedTopologies: [{ matchLabelExpressions: [{ key: "zone", values: ["a", "b"] }] }],
      },
    },
    change: { allowVolumeExpansion: true },
  }),
  ...crud({
    resource: "storage.k8s.io/v1/csidrivers",
    kind: "CSIDriver",
    clusterScoped: true,
    minimal: { spec: {} },
    variants: {
      full: {
        spec: {
          attachRequired: false,
          podInfoOnMount: true,
          volumeLifecycleModes: ["Persistent", "Ephemeral"],
          storageCapacity: true,
          fsGroupPolicy: "File",
          tokenRequests: [{ audience: "a", expirationSeconds: 3600 }, { audience: "" }],
          requiresRepublish: true,
          seLinuxMount: true,
          nodeAllocatableUpdatePeriodSeconds: 60,
          serviceAccountTokenInSecrets: true,
          preventPodSchedulingIfMissing: true,
        },
      },
    },
    change: { "spec.requiresRepublish": true },
  }),
  ...crud({
    resource: "storage.k8s.io/v1/csinodes",
    kind: "CSINode",
    clusterScoped: true,
    minimal: { spec: { drivers: [] } },
    variants: {
      full: {
        spec: {
          drivers: [
            { name: "d.example.com", nodeID: "n", topologyKeys: ["zone"], allocatable: { count: 5 } },
          ],
        },
      },
    },
    change: { "spec.drivers": [{ name: "e.example.com", nodeID: "n", topologyKeys: null }] },
  }),
  ...crud({
    resource: "storage.k8s.io/v1/csistoragecapacities",
    kind: "CSIStorageCapacity",
    minimal: { storageClassName: "s" },
    variants: {
      full: {
        storageClassName: "s",
        nodeTopology: { matchLabels: { zone: "a" } },
        capacity: "10Gi",
        maximumVolumeSize: "1Gi",
      },
    },
    change: { capacity: "5Gi" },
  }),
  ...crud({
    resource: "storage.k8s.io/v1/volumeattachments",
    kind: "VolumeAttachment",
    clusterScoped: true,
    minimal: { spec: { attacher: "a", nodeName: "n", source: { persistentVolumeName: "p" } } },
    variants: {
      inline: {
        spec: {
          attacher: "a",
          nodeName: "n",
          source: {
            inlineVolumeSpec: {
              accessModes: ["ReadWriteOnce"],
              csi: { driver: "d.example.com", volumeHandle: "h" },
            },
          },
        },
      },
    },
    change: { "metadata.labels": { changed: "yes" } },
    status: {
      "status.attached": true,
      "status.attachmentMetadata": { a: "b" },
      "status.attachError": { time: "2020-01-01T00:00:00Z", message: "m", errorCode: 3 },
      "status.detachError": { time: "2020-01-01T00:00:00Z", message: "m" },
    },
  }),
  ...crud({
    resource: "storage.k8s.io/v1/volumeattributesclasses",
    kind: "VolumeAttributesClass",
    clusterScoped: true,
    minimal: { driverName: "d.example.com", parameters: { a: "b" } },
    variants: { full: { driverName: "d.example.com", parameters: { a: "b", c: "" } } },
    change: { "metadata.labels": { changed: "yes" } },
  }),
];
