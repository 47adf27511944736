import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const TIME = "2020-01-01T00:00:00Z";
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
const DRIVERS = "/apis/storage.k8s.io/v1/csidrivers";
const NODES = "/apis/storage.k8s.io/v1/csinodes";
const ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";
const ATTRIBUTES = "/apis/storage.k8s.io/v1/volumeattributesclasses";
const VOLUMES = "/api/v1/persistentvolumes";

type Changes = Readonly<Record<string, Readonly<Record<string, Json | undefined>>>>;

async function tryChanges(t: Conversation, all: string, object: JsonObject, changes: Changes) {
  const created = await t.post(all, object);
  const path = `${all}/${created.string("metadata.name")}`;
  for (const [remark, change] of Object.entries(changes)) {
    await t.put(path, created.with(change), { remark, query: { dryRun: "All" } });
  }
  return { created, path };
}

const claim = (name: string, spec: JsonObject = {}) =>
  named("v1", "PersistentVolumeClaim", name, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
  });

const volume = (name: string, spec: JsonObject = {}) =>
  named("v1", "PersistentVolume", name, {
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "5Gi" },
      csi: { driver: "d.example.com", volumeHandle: "h" },
      ...spec,
    },
  });

export const cases = [
  test("storage: classes", async (t) => {
    const storageClass = (name: string, more: JsonObject = {}) =>
      named("storage.k8s.io/v1", "StorageClass", name, { provisioner: "example.com/p", ...more });
    const { path } = await tryChanges(t, CLASSES, storageClass("storage-classes"), {
      provisioner: { provisioner: "example.com/q" },
      parameters: { parameters: { a: "b" } },
      reclaim: { reclaimPolicy: "Retain" },
      binding: { volumeBindingMode: "WaitForFirstConsumer" },
      expansion: { allowVolumeExpansion: true },
      options: { mountOptions: ["ro"] },
      topologies: { allowedTopologies: [{ matchLabelExpressions: [{ key: "a", values: ["b"] }] }] },
    });
    const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
    await t.patch(path, { metadata: { annotations: isDefault } });
    await t.get(path, { accept: TABLE });
    await t.delete(path);
    const parameters = Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`k${i}`, "v"]));
    await t.post(CLASSES, storageClass("storage-many", { parameters }), { remark: "many parameters" });
    const long = { k: "x".repeat(256 * 1024) };
    await t.post(CLASSES, storageClass("storage-long", { parameters: long }), {
      remark: "long parameters",
      compare: "head",
    });
  }),
  test("storage: claims", async (t) => {
    const all = t.path("v1/persistentvolumeclaims");
    await tryChanges(t, all, claim("a", { storageClassName: "none" }), {
      "bigger, unbound": { "spec.resources.requests.storage": "2Gi" },
      smaller: { "spec.resources.requests.storage": "1Mi" },
      class: { "spec.storageClassName": "other" },
      "no class": { "spec.storageClassName": undefined },
      modes: { "spec.accessModes": ["ReadWriteMany"] },
      volume: { "spec.volumeName": "v" },
      selector: { "spec.selector": { matchLabels: { a: "b" } } },
      attributes: { "spec.volumeAttributesClassName": "v" },
      source: { "spec.dataSource": { kind: "PersistentVolumeClaim", name: "b" } },
    });
    const created = await t.post(all, claim("b", { storageClassName: "none" }));
    const bound = await t.put(
      `${all}/b/status`,
      created.with({
        status: {
          phase: "Bound",
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          conditions: [{ type: "Resizing", status: "True", lastProbeTime: TIME, lastTransitionTime: TIME }],
          allocatedResources: { storage: "2Gi" },
          allocatedResourceStatuses: { storage: "ControllerResizeInProgress" },
        },
      }),
    );
    for (const storage of ["2Gi", "512Mi", "1Gi", "0"]) {
      await t.put(`${all}/b`, bound.with({ "spec.resources.requests.storage": storage }), {
        remark: storage,
        query: { dryRun: "All" },
      });
    }
    await t.get(all, { accept: TABLE });
    await t.delete(`${all}/b`);
    await t.get(`${all}/b`);
    await t.patch(`${all}/b`, { metadata: { finalizers: null } });
    await t.get(`${all}/b`);
  }),
  test("storage: volumes", async (t) => {
    const { path } = await tryChanges(t, VOLUMES, volume("storage-volume"), {
      source: { "spec.csi.volumeHandle": "other" },
      "another source": { "spec.csi": undefined, "spec.hostPath": { path: "/x" } },
      capacity: { "spec.capacity.storage": "7Gi" },
      policy: { "spec.persistentVolumeReclaimPolicy": "Delete" },
      mode: { "spec.volumeMode": "Block" },
      modes: { "spec.accessModes": ["ReadWriteMany", "ReadWriteOncePod"] },
      claim: { "spec.claimRef": { kind: "PersistentVolumeClaim", namespace: "default", name: "c" } },
      affinity: {
        "spec.nodeAffinity": {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }] },
        },
      },
      attributes: { "spec.volumeAttributesClassName": "v" },
      secret: { "spec.csi.controllerExpandSecretRef": { name: "s", namespace: "n" } },
    });
    await t.patch(path, {
      spec: { claimRef: { kind: "PersistentVolumeClaim", namespace: "default", name: "c", uid: "u" } },
    });
    await t.patch(`${path}/status`, { status: { phase: "Bound", message: "m", reason: "R" } });
    await t.get(path, { accept: TABLE });
    await t.patch(`${path}/status`, { status: { phase: "Failed" } });
    await t.delete(path);
    await t.get(path, { accept: TABLE });
    await t.patch(path, { metadata: { finalizers: null } });
    await t.get(path);
  }),
  test("storage: drivers and their nodes", async (t) => {
    const driver = named("storage.k8s.io/v1", "CSIDriver", "storage.example.com", { spec: {} });
    const { path } = await tryChanges(t, DRIVERS, driver, {
      attach: { "spec.attachRequired": false },
      modes: { "spec.volumeLifecycleModes": ["Ephemeral"] },
      group: { "spec.fsGroupPolicy": "None" },
      capacity: { "spec.storageCapacity": true },
      info: { "spec.podInfoOnMount": true },
      tokens: { "spec.tokenRequests": [{ audience: "a" }, { audience: "a" }] },
      short: { "spec.tokenRequests": [{ audience: "a", expirationSeconds: 5 }] },
      linux: { "spec.seLinuxMount": true },
      period: { "spec.nodeAllocatableUpdatePeriodSeconds": 5 },
    });
    await t.get(path, { accept: TABLE });
    await t.delete(path);
    const nodeDriver = (name: string, more: JsonObject = {}) => ({
      name,
      nodeID: "n",
      topologyKeys: null,
      ...more,
    });
    const node = named("storage.k8s.io/v1", "CSINode", "storage-node", {
      spec: { drivers: [nodeDriver("a.example.com", { allocatable: { count: 5 } })] },
    });
    const changed = await tryChanges(t, NODES, node, {
      id: { "/spec/drivers/0/nodeID": "other" },
      count: { "/spec/drivers/0/allocatable/count": 7 },
      "no count": { "/spec/drivers/0/allocatable": undefined },
      keys: { "/spec/drivers/0/topologyKeys": ["zone", "zone"] },
      "one more": { "/spec/drivers/1": nodeDriver("b.example.com") },
      twice: { "/spec/drivers/1": nodeDriver("a.example.com") },
      none: { "spec.drivers": [] },
    });
    await t.get(changed.path, { accept: TABLE });
    await t.delete(changed.path);
  }),
  test("storage: attachments and attributes", async (t) => {
    const attachment = named("storage.k8s.io/v1", "VolumeAttachment", "storage-attachment", {
      spec: { attacher: "a.example.com", nodeName: "n", source: { persistentVolumeName: "p" } },
    });
    const { path } = await tryChanges(t, ATTACHMENTS, attachment, {
      attacher: { "spec.attacher": "b.example.com" },
      node: { "spec.nodeName": "m" },
      source: { "spec.source.persistentVolumeName": "q" },
      status: { "status.attached": true },
    });
    const error = { time: TIME, message: "m", errorCode: 3 };
    await t.patch(`${path}/status`, {
      status: { attachError: error, detachError: { ...error, errorCode: 0 } },
    });
    await t.patch(
      `${path}/status`,
      {
        status: { attached: true, attachError: { ...error, message: "x".repeat(300000) } },
      },
      { compare: "head" },
    );
    await t.patch(`${path}/status`, { status: { attached: true, attachmentMetadata: { a: "b" } } });
    await t.get(path, { accept: TABLE });
    await t.delete(path);
    const attributes = named("storage.k8s.io/v1", "VolumeAttributesClass", "storage-attributes", {
      driverName: "d.example.com",
      parameters: { a: "b" },
    });
    const made = await tryChanges(t, ATTRIBUTES, attributes, {
      driver: { driverName: "e.example.com" },
      parameters: { parameters: { a: "c" } },
      "no parameters": { parameters: undefined },
    });
    await t.get(made.path, { accept: TABLE });
    await t.delete(made.path);
    const all = t.path("storage.k8s.io/v1/csistoragecapacities");
    const capacity = named("storage.k8s.io/v1", "CSIStorageCapacity", "a", {
      storageClassName: "s",
      nodeTopology: { matchLabels: { a: "b" } },
      capacity: "1Gi",
    });
    await tryChanges(t, all, capacity, {
      class: { storageClassName: "t" },
      topology: { nodeTopology: { matchLabels: { a: "c" } } },
      "no topology": { nodeTopology: undefined },
      capacity: { capacity: "-1" },
      maximum: { maximumVolumeSize: "5Gi" },
    });
    await t.get(all, { accept: TABLE });
  }),
];
