import { crud } from "../../crud.ts";
import type { JsonObject } from "../../json.ts";

/** Sources that volumes had before CSI. */
const OLD_VOLUMES: Readonly<Record<string, JsonObject>> = {
  gcePersistentDisk: { pdName: "d", fsType: "ext4", partition: 1, readOnly: true },
  awsElasticBlockStore: { volumeID: "v", fsType: "ext4", partition: 1, readOnly: true },
  glusterfs: { endpoints: "e", path: "p", readOnly: true, endpointsNamespace: "n" },
  rbd: {
    monitors: ["m"],
    image: "i",
    fsType: "ext4",
    pool: "p",
    user: "u",
    keyring: "k",
    secretRef: { name: "s", namespace: "n" },
    readOnly: true,
  },
  iscsi: {
    targetPortal: "1.2.3.4:3260",
    iqn: "iqn.2001-04.com.example:storage.disk1",
    lun: 1,
    iscsiInterface: "default",
    fsType: "ext4",
    readOnly: true,
    portals: ["1.2.3.5"],
    chapAuthDiscovery: true,
    chapAuthSession: true,
    secretRef: { name: "s", namespace: "n" },
    initiatorName: "iqn.1996-04.de.suse:linux-host1",
  },
  cinder: { volumeID: "v", fsType: "ext4", readOnly: true, secretRef: { name: "s", namespace: "n" } },
  cephfs: {
    monitors: ["m"],
    path: "/p",
    user: "u",
    secretFile: "/f",
    secretRef: { name: "s", namespace: "n" },
    readOnly: true,
  },
  fc: { wwids: ["w"], fsType: "ext4", readOnly: true },
  flocker: { datasetUUID: "u" },
  flexVolume: {
    driver: "d",
    fsType: "ext4",
    secretRef: { name: "s", namespace: "n" },
    readOnly: true,
    options: { a: "b" },
  },
  azureFile: { secretName: "s", shareName: "n", readOnly: true, secretNamespace: "n" },
  vsphereVolume: { volumePath: "p", fsType: "ext4", storagePolicyName: "n", storagePolicyID: "i" },
  quobyte: { registry: "r:1", volume: "v", readOnly: true, user: "u", group: "g", tenant: "t" },
  azureDisk: {
    diskName: "d",
    diskURI: "https://example.com/d.vhd",
    cachingMode: "None",
    fsType: "ext4",
    readOnly: true,
    kind: "Shared",
  },
  photonPersistentDisk: { pdID: "p", fsType: "ext4" },
  portworxVolume: { volumeID: "v", fsType: "ext4", readOnly: true },
  scaleIO: {
    gateway: "g",
    system: "s",
    secretRef: { name: "s", namespace: "n" },
    sslEnabled: true,
    protectionDomain: "p",
    storagePool: "o",
    storageMode: "ThinProvisioned",
    volumeName: "v",
    fsType: "xfs",
    readOnly: true,
  },
  storageos: {
    volumeName: "v",
    volumeNamespace: "n",
    fsType: "ext4",
    readOnly: true,
    secretRef: { kind: "Secret", name: "s", namespace: "n" },
  },
};

const condition = {
  type: "Ready",
  status: "True",
  reason: "R",
  message: "m",
  lastTransitionTime: "2020-01-01T00:00:00Z",
};

export const cases = [
  ...crud({
    resource: "v1/nodes",
    kind: "Node",
    clusterScoped: true,
    minimal: {},
    variants: {
      full: {
        metadata: { labels: { "kubernetes.io/os": "linux" } },
        spec: {
          externalID: "e",
          configSource: {
            configMap: { namespace: "n", name: "c", uid: "u", resourceVersion: "1", kubeletConfigKey: "k" },
          },
          podCIDR: "10.1.0.0/24",
          podCIDRs: ["10.1.0.0/24"],
          providerID: "provider://1",
          unschedulable: true,
          taints: [{ key: "a", value: "b", effect: "NoExecute", timeAdded: "2020-01-01T00:00:00Z" }],
        },
        status: {
          capacity: { cpu: "1", memory: "1Gi" },
          addresses: [{ type: "InternalIP", address: "1.2.3.4" }],
        },
      },
    },
    change: { "spec.unschedulable": true },
    status: {
      "status.capacity": { cpu: "4", memory: "8Gi", pods: "110" },
      "status.allocatable": { cpu: "3500m" },
      "status.phase": "Running",
      "status.conditions": [{ ...condition, lastHeartbeatTime: "2020-01-01T00:00:00Z" }],
      "status.addresses": [{ type: "InternalIP", address: "1.2.3.4" }],
      "status.daemonEndpoints": { kubeletEndpoint: { Port: 10250 } },
      "status.nodeInfo": {
        machineID: "m",
        systemUUID: "s",
        bootID: "b",
        kernelVersion: "k",
        osImage: "o",
        containerRuntimeVersion: "c",
        kubeletVersion: "v1.36.3",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
      "status.images": [{ names: ["a", "b"], sizeBytes: 5 }],
      "status.volumesInUse": ["v"],
      "status.volumesAttached": [{ name: "v", devicePath: "/dev/x" }],
    },
  }),
  ...crud({
    resource: "v1/persistentvolumes",
    kind: "PersistentVolume",
    clusterScoped: true,
    minimal: {
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/tmp/x" } },
    },
    variants: {
      full: {
        spec: {
          capacity: { storage: "2Gi" },
          accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
          persistentVolumeReclaimPolicy: "Delete",
          storageClassName: "fast",
          mountOptions: ["ro"],
          volumeMode: "Filesystem",
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "n", name: "c" },
          csi: {
            driver: "d.example.com",
            volumeHandle: "h",
            readOnly: true,
            fsType: "ext4",
            volumeAttributes: { a: "b" },
            controllerPublishSecretRef: { name: "a", namespace: "b" },
            nodeStageSecretRef: { name: "a", namespace: "b" },
            nodePublishSecretRef: { name: "a", namespace: "b" },
            controllerExpandSecretRef: { name: "a", namespace: "b" },
            nodeExpandSecretRef: { name: "a", namespace: "b" },
          },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "k", operator: "In", values: ["v"] }] }],
            },
          },
          volumeAttributesClassName: "silver",
        },
      },
      local: {
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOncePod"],
          volumeMode: "Block",
          persistentVolumeReclaimPolicy: "Recycle",
          local: { path: "/mnt/x", fsType: "ext4" },
          nodeAffinity: {
            required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "k", operator: "Exists" }] }] },
          },
        },
      },
      nfs: {
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteMany"],
          nfs: { server: "s", path: "/p", readOnly: true },
        },
      },
      ...Object.fromEntries(
        Object.entries(OLD_VOLUMES).map(([name, source]) => [
          name,
          { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], [name]: source } },
        ]),
      ),
    },
    change: { "spec.persistentVolumeReclaimPolicy": "Delete" },
    status: { "status.phase": "Available", "status.message": "m", "status.reason": "r" },
  }),
  ...crud({
    resource: "v1/persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    minimal: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
    variants: {
      full: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          selector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "c", operator: "DoesNotExist" }] },
          resources: { requests: { storage: "1Gi" }, limits: { storage: "2Gi" } },
          volumeName: "v",
          storageClassName: "fast",
          volumeMode: "Block",
          dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "s" },
          volumeAttributesClassName: "silver",
        },
      },
      dataSourceRef: {
        spec: {
          accessModes: ["ReadWriteMany"],
          resources: { requests: { storage: "1Gi" } },
          dataSourceRef: { apiGroup: "example.com", kind: "Thing", name: "other", namespace: "dropped" },
          storageClassName: "",
        },
      },
    },
    change: { "metadata.labels": { changed: "yes" } },
    status: {
      "status.phase": "Bound",
      "status.accessModes": ["ReadWriteOnce"],
      "status.capacity": { storage: "1Gi" },
      "status.conditions": [{ ...condition, type: "Resizing", lastProbeTime: "2020-01-01T00:00:00Z" }],
      "status.allocatedResources": { storage: "1Gi" },
      "status.allocatedResourceStatuses": { storage: "ControllerResizeInProgress" },
      "status.currentVolumeAttributesClassName": "silver",
    },
  }),
  ...crud({
    resource: "v1/limitranges",
    kind: "LimitRange",
    minimal: { spec: { limits: [{ type: "Container" }] } },
    variants: {
      full: {
        spec: {
          limits: [
            {
              type: "Container",
              max: { cpu: "2" },
              min: { cpu: "100m" },
              default: { cpu: "1" },
              defaultRequest: { cpu: "500m" },
              maxLimitRequestRatio: { cpu: "10" },
            },
            { type: "Pod", max: { memory: "1Gi" } },
            { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
          ],
        },
      },
    },
    change: { "/spec/limits/0/max": { memory: "1Gi" } },
  }),
  ...crud({
    resource: "v1/resourcequotas",
    kind: "ResourceQuota",
    minimal: { spec: { hard: { pods: "1" } } },
    variants: {
      full: {
        spec: {
          hard: { "requests.cpu": "1", "limits.memory": "1Gi", "count/widgets.example.com": "5", pods: "3" },
          scopeSelector: {
            matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }],
          },
        },
      },
      scopes: { spec: { hard: { pods: "2" }, scopes: ["BestEffort", "NotTerminating"] } },
    },
    change: { "spec.hard": { pods: "2", services: "1" } },
    status: { "status.hard": { pods: "1" }, "status.used": { pods: "0" } },
  }),
  ...crud({
    resource: "v1/serviceaccounts",
    kind: "ServiceAccount",
    minimal: {},
    variants: {
      full: {
        secrets: [{ name: "s" }],
        imagePullSecrets: [{ name: "p" }],
        automountServiceAccountToken: false,
      },
    },
    change: { automountServiceAccountToken: true },
  }),
  ...crud({
    resource: "v1/events",
    kind: "Event",
    name: (word) => `${word}.1`,
    minimal: (_name, namespace) => ({ involvedObject: { namespace } }),
    variants: {
      old: (_name, namespace) => ({
        involvedObject: {
          namespace,
          kind: "Pod",
          name: "p",
          uid: "u",
          apiVersion: "v1",
          resourceVersion: "5",
          fieldPath: "spec",
        },
        reason: "Started",
        message: "m",
        source: { component: "kubelet", host: "h" },
        firstTimestamp: "2020-01-01T00:00:00Z",
        lastTimestamp: "2020-01-02T00:00:00Z",
        count: 3,
        type: "Normal",
      }),
      new: (_name, namespace) => ({
        involvedObject: { namespace, kind: "Node", name: "p" },
        eventTime: "2020-01-01T00:00:00.123456Z",
        series: { count: 2, lastObservedTime: "2020-01-01T00:00:00.500000Z" },
        action: "Binding",
        related: { kind: "Pod", name: "q" },
        reportingComponent: "example.com/controller",
        reportingInstance: "i",
        reason: "R",
        type: "Warning",
      }),
    },
    change: { message: "changed" },
  }),
];
