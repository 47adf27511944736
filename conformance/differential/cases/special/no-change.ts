import { type Answer, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { deployment, named, pod, service } from "../../objects.ts";

const scaleTargetRef = { kind: "Deployment", name: "d", apiVersion: "apps/v1" };
const jobSpec = { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } };
const autoscaler = (version: string, name: string, spec: JsonObject) =>
  named(`autoscaling/${version}`, "HorizontalPodAutoscaler", name, {
    spec: { scaleTargetRef, maxReplicas: 3, ...spec },
  });

const objects: Readonly<Record<string, JsonObject>> = {
  "apps/v1/deployments": deployment("a"),
  "apps/v1/daemonsets": { ...deployment("a"), kind: "DaemonSet" },
  "batch/v1/jobs": named("batch/v1", "Job", "a", { spec: jobSpec }),
  "batch/v1/cronjobs": named("batch/v1", "CronJob", "a", {
    spec: { schedule: "@daily", jobTemplate: { spec: jobSpec } },
  }),
  "autoscaling/v1/horizontalpodautoscalers": autoscaler("v1", "a", {}),
  "autoscaling/v2/horizontalpodautoscalers": autoscaler("v2", "b", {
    behavior: { scaleDown: { selectPolicy: "Disabled" } },
  }),
  "policy/v1/poddisruptionbudgets": named("policy/v1", "PodDisruptionBudget", "a", {
    spec: { minAvailable: 1 },
  }),
  "v1/pods": pod("a"),
  "v1/services": service("a"),
  "v1/configmaps": named("v1", "ConfigMap", "a", { data: { b: "c", a: "d" } }),
  "v1/persistentvolumeclaims": named("v1", "PersistentVolumeClaim", "a", {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } },
  }),
  "rbac.authorization.k8s.io/v1/roles": named("rbac.authorization.k8s.io/v1", "Role", "a", { rules: [] }),
  "discovery.k8s.io/v1/endpointslices": named("discovery.k8s.io/v1", "EndpointSlice", "a", {
    addressType: "IPv4",
    endpoints: [],
    ports: [],
  }),
};

/** Longer than the second by which managed fields tell the time. */
const SECOND_MS = 1100;

export const cases = [
  test("writes that change nothing", async (t) => {
    const made: { all: string; at: string; object: JsonObject; created: Answer }[] = [];
    for (const [resource, object] of Object.entries(objects)) {
      const all = t.path(resource);
      const created = await t.post(all, object);
      made.push({ all, at: `${all}/${created.string("metadata.name")}`, object, created });
    }
    const whole = (created: Answer, changes: Readonly<Record<string, Json | undefined>> = {}) =>
      created.with({ "metadata.resourceVersion": undefined, ...changes });
    await t.pause(SECOND_MS);
    for (const { at, object, created } of made) {
      await t.put(at, object, { remark: "as sent" });
      await t.put(at, whole(created));
      await t.put(at, whole(created, { "metadata.managedFields": undefined }));
      await t.put(at, whole(created, { "metadata.labels": {}, "metadata.finalizers": [] }));
      for (const type of ["merge", "strategic"]) await t.patch(at, {}, { type });
      await t.patch(at, { metadata: { labels: {}, annotations: null } }, { type: "merge" });
      await t.patch(at, []);
      await t.apply(at, object);
      await t.put(`${at}/status`, whole(created, { "status.observedGeneration": 5 }));
    }
    await t.pause(SECOND_MS);
    for (const { at, object, created } of made) {
      await t.apply(at, object);
      await t.put(at, whole(created), { headers: { "user-agent": "another/1" } });
      await t.put(at, whole(created, { "status.observedGeneration": 7 }));
      await t.put(`${at}/status`, whole(created, { "status.observedGeneration": 5 }));
      await t.put(`${at}/status`, whole(created, { "metadata.labels.x": "y" }), { remark: "a label" });
      await t.put(at, whole(created, { "metadata.managedFields": [] }), { remark: "without managers" });
    }
  }),
];
