import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named } from "../../objects.ts";

const claim: JsonObject = {
  spec: {
    storageClassName: "claims-grow",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
  },
};
const volume: JsonObject = {
  spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/a" } },
};
const asks = (storage: string): JsonObject => ({ spec: { resources: { requests: { storage } } } });
const affinityTo = (key: string): JsonObject => ({
  spec: {
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "Exists" }] }] } },
  },
});

export const cases = [
  test("claims: what may change, and when", async (t) => {
    const classes = "/apis/storage.k8s.io/v1/storageclasses";
    const growing = { provisioner: "example.com/p", allowVolumeExpansion: true };
    await t.ask("POST", classes, named("storage.k8s.io/v1", "StorageClass", "claims-grow", growing));
    t.leftovers.add(`${classes}/claims-grow`);
    const all = t.path("v1/persistentvolumeclaims");
    const at = `${all}/a`;
    await t.post(all, named("v1", "PersistentVolumeClaim", "a", claim));
    await t.patch(at, asks("2Gi"), { remark: "grow before it is bound" });
    await t.patch(at, { spec: { volumeName: "v" } });
    await t.patch(at, { spec: { volumeName: "w" } });
    const bound = { phase: "Bound", capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"] };
    await t.patch(`${at}/status`, { status: bound });
    await t.patch(at, asks("2Gi"), { remark: "grow" });
    await t.patch(at, asks("1Gi"), { remark: "shrink to what there is" });
    await t.patch(at, asks("512Mi"), { remark: "shrink below it" });
    const resizing = { storage: "ControllerResizeInProgress" };
    await t.patch(`${at}/status`, {
      status: { allocatedResources: { storage: "2Gi" }, allocatedResourceStatuses: resizing },
    });
    await t.patch(at, asks("1500Mi"), { remark: "shrink while it grows" });
    await t.patch(at, { spec: { resources: { limits: { storage: "9Gi" } } } });
    await t.patch(at, { spec: { volumeAttributesClassName: "gold" } });
    await t.patch(at, { spec: { volumeAttributesClassName: null } });
    await t.patch(at, { spec: { storageClassName: null } });
    await t.patch(at, { spec: { dataSource: { kind: "PersistentVolumeClaim", name: "x" } } });
    await t.patch(at, { metadata: { finalizers: ["kubernetes.io/pvc-protection"] } });
    await t.delete(at);
    await t.patch(at, asks("3Gi"), { remark: "grow under deletion" });
    await t.patch(at, { metadata: { finalizers: null } });
    await t.get(at);
  }),
  test("volumes: what may change", async (t) => {
    const all = "/api/v1/persistentvolumes";
    const at = `${all}/volumes-change`;
    t.leftovers.add(at);
    await t.post(all, named("v1", "PersistentVolume", "volumes-change", volume));
    await t.patch(`${at}/status`, { status: { phase: "Available" } });
    await t.patch(`${at}/status`, { status: { phase: "Bound", message: "m" } });
    await t.patch(`${at}/status`, { status: { lastPhaseTransitionTime: "2020-01-01T00:00:00Z" } });
    await t.patch(at, { spec: { claimRef: { name: "a", namespace: "b" } } });
    await t.patch(at, { spec: { capacity: { storage: "2Gi" } } });
    await t.patch(at, { spec: { hostPath: { path: "/b" } } });
    await t.patch(at, { spec: { hostPath: null, nfs: { server: "a", path: "/b" } } });
    await t.patch(at, affinityTo("beta.kubernetes.io/os"), { remark: "a first affinity" });
    await t.patch(at, affinityTo("kubernetes.io/os"), { remark: "the label's successor" });
    await t.patch(at, affinityTo("kubernetes.io/arch"), { remark: "another label" });
    await t.patch(at, { spec: { nodeAffinity: null } });
    await t.patch(at, { spec: { volumeMode: "Block" } });
    await t.patch(at, { spec: { storageClassName: "x", mountOptions: ["ro"] } });
    await t.patch(at, { spec: { volumeAttributesClassName: "x" } });
    await t.get(all, {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
      query: { fieldSelector: "metadata.name=volumes-change" },
    });
  }),
];
