import { expect, test } from "vitest";
import { deepFreeze } from "../../api/deep-freeze.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import type { JsonValue, KubeObject } from "../../api/object.ts";
import { openMemoryStorage } from "../storage/memory-storage.ts";
import { ObjectCache } from "./object-cache.ts";
import { TestRegistry } from "./resources/testing.ts";
import { ResourceStore, type Stored } from "./store.ts";

/** A resource of a server, kept in memory. */
function storeOf(path: string) {
  const resource = new TestRegistry().resource(path);
  const store = new ResourceStore(
    resource.type,
    openMemoryStorage({ clock: new ManualClock() }),
    new ObjectCache(10),
  );
  const request = { context: resource.context(), dryRun: false, warn: () => {} };
  const { strategy } = resource.type.definition;
  return {
    create: (sent: JsonValue, dryRun = false) => store.create(resource.read(sent), { ...request, dryRun }),
    /** Writes the object as it is now; without a copy for a status, which shares its spec with what was read. */
    touch: (object: KubeObject, shared = false) => {
      const updated = () => Promise.resolve(shared ? object : structuredClone(object));
      return store.update(object.metadata.name ?? "", { ...request, strategy, updated, forceCreate: false });
    },
    delete: (name: string, uid: string) => store.delete(name, { preconditions: { uid } }, request),
  };
}

const versionOf = ({ object }: Stored) => Number(object.metadata.resourceVersion);
const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" } };
const job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "a", namespace: "default" },
  spec: { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } },
};

test("an update that changes nothing is none", async () => {
  const { create, touch } = storeOf("v1/configmaps");
  const created = await create(configMap);
  expect(versionOf(await touch(created.object))).toBe(versionOf(created));
});

test("the first update that changes nothing writes what reading has added, the second is none", async () => {
  const { create, touch } = storeOf("batch/v1/jobs");
  const created = await create(job);
  expect(created.object.metadata.labels).toHaveProperty("job-name", "a");
  const first = await touch(created.object);
  expect(versionOf(first)).toBe(versionOf(created) + 1);
  expect(versionOf(await touch(first.object))).toBe(versionOf(first));
});

test("a claim is pending when it is read: the first update that changes nothing writes that", async () => {
  const { create, touch } = storeOf("v1/persistentvolumeclaims");
  const created = await create({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "a", namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  expect(created.object).toHaveProperty("status", { phase: "Pending" });
  expect(versionOf(await touch(created.object))).toBe(versionOf(created) + 1);
});

test("what is empty when it is written gets its default when it is read", async () => {
  const { create } = storeOf("v1/nodes");
  const { object } = await create({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "a" },
    status: { capacity: { cpu: "4" }, allocatable: {} },
  });
  expect(object).toHaveProperty("status.allocatable", { cpu: "4" });
});

test("a dry run answers with what reading would add", async () => {
  const { object } = await storeOf("batch/v1/jobs").create(job, true);
  expect(object.metadata.labels).toHaveProperty("job-name", "a");
});

test("what was written once more is none, though reading adds to it", async () => {
  const { create, touch } = storeOf("autoscaling/v1/horizontalpodautoscalers");
  const behavior =
    '{"ScaleDown":{"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":10}]}}';
  const sent = {
    metadata: {
      name: "a",
      namespace: "default",
      annotations: { "autoscaling.alpha.kubernetes.io/behavior": behavior },
    },
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    spec: { scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" }, maxReplicas: 3 },
  };
  const created = await create(sent);
  expect(created.object).toHaveProperty("spec.behavior.scaleUp.selectPolicy", "Max");
  const written = structuredClone(created.object) as KubeObject & { spec: object };
  const policies = [{ type: "Pods", value: 1, periodSeconds: 10 }];
  Object.assign(written.spec, { behavior: { scaleDown: { selectPolicy: "Max", policies } } });
  expect(versionOf(await touch(written))).toBe(versionOf(created));
  expect(versionOf(await touch(created.object))).toBe(versionOf(created) + 1);
});

test("a precondition that fails names the kind in the group that keeps it", async () => {
  const { create, delete: remove } = storeOf("events.k8s.io/v1/events");
  await create({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "a", namespace: "default" },
    eventTime: "2020-01-01T00:00:00.000000Z",
    reportingController: "example.com/c",
    reportingInstance: "i",
    action: "A",
    reason: "R",
    type: "Normal",
    regarding: { namespace: "default" },
  });
  await expect(remove("a", "other")).rejects.toMatchObject({
    message: expect.stringMatching(/^Operation cannot be fulfilled on Event "a": the UID/),
    details: { kind: "Event", name: "a" },
  });
});

test("stores and answers in Go's order, whatever defaults have added", async () => {
  const { create } = storeOf("batch/v1/jobs");
  const start =
    /"metadata":\{"name":"a","namespace":"default","uid":"[^"]*","resourceVersion":"\d*","generation":1,"creationTimestamp":"[^"]*","labels":\{.*\}\},"spec":\{"parallelism":1,"completions":1,/;
  const { object, entry } = await create(job);
  expect(JSON.stringify(object)).toMatch(start);
  expect(new TextDecoder().decode(entry!.bytes)).toMatch(start);
});

test("an address has the name that is asked for, also as the beginning of one", async () => {
  const { create } = storeOf("networking.k8s.io/v1/ipaddresses");
  const { object } = await create({
    apiVersion: "networking.k8s.io/v1",
    kind: "IPAddress",
    metadata: { generateName: "10.0.0.9" },
    spec: { parentRef: { resource: "services", namespace: "default", name: "a" } },
  });
  expect(object.metadata.name).toBe("10.0.0.9");
});

test("an empty list is a change where upstream compares exactly", async () => {
  const { create, touch } = storeOf("networking.k8s.io/v1/networkpolicies");
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "a", namespace: "default" },
    spec: { podSelector: {} },
  };
  const { object } = await create(policy);
  expect((await touch(object)).object.metadata.generation).toBe(1);
  const changed = structuredClone(object) as KubeObject & { spec: object };
  Object.assign(changed.spec, { ingress: [] });
  expect((await touch(changed)).object.metadata.generation).toBe(2);
});

test("what was read and is written back is not changed by what reading adds", async () => {
  const { create, touch } = storeOf("autoscaling/v2/horizontalpodautoscalers");
  const { object } = await create({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "a", namespace: "default" },
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
      maxReplicas: 3,
      behavior: { scaleDown: { selectPolicy: "Disabled" } },
    },
  });
  const { metadata, spec } = deepFreeze(structuredClone(object)) as KubeObject & { spec: object };
  const labelled = { ...object, metadata: { ...metadata, labels: { a: "b" } }, spec };
  expect(versionOf(await touch(labelled, true))).toBe(versionOf({ object, entry: undefined }) + 1);
});

test("an update that says nothing but another time keeps the old one, also where a list is empty", async () => {
  const { create, touch } = storeOf("rbac.authorization.k8s.io/v1/roles");
  const managedFields = [{ manager: "m", operation: "Update", time: "2020-01-01T00:00:00Z" }];
  const created = await create({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "a", namespace: "default", managedFields },
    rules: [],
  });
  const later = [{ ...created.object.metadata.managedFields![0]!, time: "2020-01-01T00:00:01Z" }];
  const again = {
    ...created.object,
    metadata: { ...created.object.metadata, managedFields: later },
    rules: [],
  };
  expect(versionOf(await touch(again))).toBe(versionOf(created));
});

test("an update that lets go of a doomed object answers with what would have been stored", async () => {
  const { create, touch, delete: remove } = storeOf("v1/configmaps");
  const created = await create({ ...configMap, metadata: { ...configMap.metadata, finalizers: ["a.b/c"] } });
  const { object } = await remove("a", created.object.metadata.uid!);
  const last = await touch({
    ...object,
    metadata: { ...object.metadata, finalizers: [] },
    data: {},
  } as KubeObject);
  expect(last.entry).toBeUndefined();
  expect(last.object.metadata).not.toHaveProperty("finalizers");
  expect(last.object).not.toHaveProperty("data");
});

/** In protobuf, as upstream stores it, about bytes long. */
const bindingOf = (bytes: number): JsonValue => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: {
    name: "large",
    managedFields: [
      {
        manager: "m",
        operation: "Update",
        apiVersion: "v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:a": {} },
      },
    ],
  },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "role" },
  subjects: Array.from({ length: bytes / 1024 }, (_, index) => ({
    apiGroup: "rbac.authorization.k8s.io",
    kind: "User",
    name: `${index}`.padEnd(984, "x"),
  })),
});

test("what is too large for etcd is kept without managedFields, or refused in its words", async () => {
  const { create } = storeOf("rbac.authorization.k8s.io/v1/clusterrolebindings");
  const mebibyte = 1024 * 1024;
  await expect(create(bindingOf(1.6 * mebibyte))).rejects.toMatchObject({
    code: 500,
    reason: "",
    message: "etcdserver: request is too large",
  });
  await expect(create(bindingOf(2.1 * mebibyte))).rejects.toThrow(
    /^rpc error: code = ResourceExhausted desc = trying to send message larger than max \(\d+ vs\. 2097152\)$/,
  );
  const { object } = await create(bindingOf(1.4 * mebibyte));
  expect(object.metadata.managedFields).toHaveLength(1);
});
