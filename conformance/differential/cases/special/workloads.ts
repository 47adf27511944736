import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { deployment, named } from "../../objects.ts";

const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const TIME = "2020-01-01T00:00:00Z";

const container = { name: "c", image: "i" };
const template = (name: string, spec: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app: name } },
  spec: { containers: [container], ...spec },
});
const selected = (name: string) => ({ selector: { matchLabels: { app: name } }, template: template(name) });
const statefulSet = (name: string, spec: JsonObject = {}) =>
  named("apps/v1", "StatefulSet", name, { spec: { serviceName: "s", ...selected(name), ...spec } });
const daemonSet = (name: string, spec: JsonObject = {}) =>
  named("apps/v1", "DaemonSet", name, { spec: { ...selected(name), ...spec } });
const replicaSet = (name: string, spec: JsonObject = {}) =>
  named("apps/v1", "ReplicaSet", name, { spec: { ...selected(name), ...spec } });
const job = (name: string, spec: JsonObject = {}) =>
  named("batch/v1", "Job", name, {
    spec: { template: { spec: { containers: [container], restartPolicy: "Never" } }, ...spec },
  });
const cronJob = (name: string, spec: JsonObject = {}) =>
  named("batch/v1", "CronJob", name, {
    spec: { schedule: "@daily", jobTemplate: { spec: job("x")["spec"] as JsonObject }, ...spec },
  });
const autoscaler = (name: string, spec: JsonObject = {}) =>
  named("autoscaling/v2", "HorizontalPodAutoscaler", name, {
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
      maxReplicas: 3,
      ...spec,
    },
  });

type Changes = Readonly<Record<string, Readonly<Record<string, Json | undefined>>>>;

/** Makes the object and tries each change of it. */
async function tryChanges(t: Conversation, resource: string, object: JsonObject, changes: Changes) {
  const all = t.path(resource);
  const created = await t.post(all, object);
  const path = `${all}/${created.string("metadata.name")}`;
  for (const [remark, change] of Object.entries(changes)) {
    await t.put(path, created.with(change), { remark, query: { dryRun: "All" } });
  }
}

const templateChanges: Changes = {
  image: { "/spec/template/spec/containers/0/image": "other" },
  "template labels": { "spec.template.metadata.labels": { app: "a", b: "c" } },
  "selected label": { "spec.template.metadata.labels": { app: "b" } },
  selector: { "spec.selector": { matchLabels: { b: "c" } } },
  "selector and labels": {
    "spec.selector": { matchLabels: { b: "c" } },
    "spec.template.metadata.labels": { b: "c" },
  },
  "restart policy": { "spec.template.spec.restartPolicy": "Never" },
  deadline: { "spec.template.spec.activeDeadlineSeconds": 5 },
  "debug container": {
    "spec.template.spec.ephemeralContainers": [{ name: "d", image: "i" }],
  },
};

export const cases = [
  test("workloads: changes of what runs for ever", async (t) => {
    await tryChanges(t, "apps/v1/deployments", deployment("a"), {
      ...templateChanges,
      recreate: { "spec.strategy": { type: "Recreate" } },
      "recreate, half": { "spec.strategy.type": "Recreate" },
      "no progress": { "spec.minReadySeconds": 700 },
      rollback: { "metadata.annotations": { "deprecated.deployment.rollback.to": "3" } },
      "rollback, no number": { "metadata.annotations": { "deprecated.deployment.rollback.to": "x" } },
    });
    await tryChanges(t, "apps/v1/replicasets", replicaSet("a"), templateChanges);
    await tryChanges(t, "apps/v1/daemonsets", daemonSet("a"), {
      ...templateChanges,
      "on delete": { "spec.updateStrategy": { type: "OnDelete" } },
      surge: { "spec.updateStrategy.rollingUpdate": { maxSurge: 1, maxUnavailable: 0 } },
      "surge and unavailable": { "spec.updateStrategy.rollingUpdate": { maxSurge: 1, maxUnavailable: 1 } },
      generation: { "metadata.annotations": { "deprecated.daemonset.template.generation": "7" } },
      "generation, no number": {
        "metadata.annotations": { "deprecated.daemonset.template.generation": "x" },
      },
    });
    await tryChanges(
      t,
      "v1/replicationcontrollers",
      named("v1", "ReplicationController", "a", {
        spec: { selector: { app: "a" }, template: template("a") },
      }),
      {
        ...templateChanges,
        selector: { "spec.selector": { b: "c" } },
        "selector and labels": { "spec.selector": { b: "c" }, "spec.template.metadata.labels": { b: "c" } },
        "no selector": { "spec.selector": undefined },
        "no template": { "spec.template": undefined },
      },
    );
  }),
  test("workloads: annotations that are no numbers", async (t) => {
    const all = t.path("apps/v1/deployments");
    const metadata = { name: "a", annotations: { "deprecated.deployment.rollback.to": "x" } };
    await t.post(all, { ...deployment("a"), metadata });
    await t.post(all, deployment("a"));
    await t.put(`${all}/a`, { ...deployment("a"), metadata });
    await t.put(`${all}/a/status`, { ...deployment("a"), metadata });
    for (const type of ["merge", "strategic"]) await t.patch(`${all}/a`, { metadata }, { type });
    await t.patch(`${all}/a`, [{ op: "add", path: "/metadata/annotations", value: metadata.annotations }]);
    for (const name of ["a", "b"]) {
      await t.apply(
        `${all}/${name}`,
        named("apps/v1", "Deployment", name, { metadata: { ...metadata, name } }),
      );
    }
    await t.post(t.path("autoscaling/v1/horizontalpodautoscalers"), {
      ...autoscaler("a"),
      apiVersion: "autoscaling/v1",
      metadata: { name: "a", annotations: { "autoscaling.alpha.kubernetes.io/metrics": "x" } },
    });
  }),
  test("workloads: changes of StatefulSets", async (t) => {
    const claim = (size: string) => ({
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
    });
    await tryChanges(t, "apps/v1/statefulsets", statefulSet("a", { volumeClaimTemplates: [claim("1Gi")] }), {
      ...templateChanges,
      replicas: { "spec.replicas": 5, "spec.ordinals": { start: 2 }, "spec.minReadySeconds": 4 },
      service: { "spec.serviceName": "other" },
      policy: { "spec.podManagementPolicy": "Parallel" },
      claims: { "spec.volumeClaimTemplates": [claim("2Gi")] },
      "no claims": { "spec.volumeClaimTemplates": undefined },
      "size as another text": { "spec.volumeClaimTemplates": [claim("1024Mi")] },
      retention: { "spec.persistentVolumeClaimRetentionPolicy": { whenDeleted: "Delete" } },
      history: { "spec.revisionHistoryLimit": 3 },
      "update strategy": { "spec.updateStrategy": { type: "OnDelete" } },
      "partition of OnDelete": {
        "spec.updateStrategy": { type: "OnDelete", rollingUpdate: { partition: 1 } },
      },
    });
    await t.post(t.path("apps/v1/statefulsets"), statefulSet("a".repeat(64)), { remark: "long name" });
    await t.post(t.path("apps/v1/statefulsets"), statefulSet("a.b"), { remark: "dotted name" });
  }),
  test("workloads: changes of Jobs", async (t) => {
    const changes: Changes = {
      parallelism: { "spec.parallelism": 5 },
      completions: { "spec.completions": 5 },
      both: { "spec.completions": 5, "spec.parallelism": 5 },
      suspend: { "spec.suspend": true },
      resume: { "spec.suspend": false },
      deadline: { "spec.activeDeadlineSeconds": 5 },
      backoff: { "spec.backoffLimit": 2 },
      ttl: { "spec.ttlSecondsAfterFinished": 5 },
      mode: { "spec.completionMode": "NonIndexed" },
      manager: { "spec.managedBy": "example.com/other" },
      selector: { "spec.selector": { matchLabels: { a: "b" } } },
      image: { "/spec/template/spec/containers/0/image": "other" },
      resources: { "/spec/template/spec/containers/0/resources": { requests: { cpu: "1" } } },
      "node selector": { "spec.template.spec.nodeSelector": { a: "b" } },
      tolerations: { "spec.template.spec.tolerations": [{ key: "a", operator: "Exists" }] },
      affinity: {
        "spec.template.spec.affinity": {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
            },
          },
        },
      },
      gates: { "spec.template.spec.schedulingGates": [{ name: "example.com/g" }] },
      labels: { "spec.template.metadata.annotations": { a: "b" } },
      priority: { "spec.template.spec.priorityClassName": "system-node-critical" },
    };
    const indexed = { completionMode: "Indexed", completions: 3, parallelism: 3 };
    await tryChanges(t, "batch/v1/jobs", job("running", indexed), changes);
    await tryChanges(t, "batch/v1/jobs", job("suspended", { ...indexed, suspend: true }), changes);
    await tryChanges(t, "batch/v1/jobs", job("plain"), changes);
    const started = t.path("batch/v1/jobs/suspended");
    const written = await t.patch(`${started}/status`, { status: { startTime: TIME } });
    for (const [remark, change] of Object.entries(changes)) {
      await t.put(started, written.with(change), {
        remark: `once started, ${remark}`,
        query: { dryRun: "All" },
      });
    }
    await t.post(t.path("batch/v1/jobs"), job("a".repeat(64)), { remark: "long name" });
    await t.post(t.path("batch/v1/jobs"), job("a.b"), { remark: "dotted name", query: { dryRun: "All" } });
  }),
  test("workloads: the status of Jobs", async (t) => {
    const all = t.path("batch/v1/jobs");
    const condition = (type: string, status = "True") => ({
      type,
      status,
      reason: "R",
      lastTransitionTime: TIME,
      lastProbeTime: TIME,
    });
    const statuses: Record<string, JsonObject> = {
      "ended early": { completionTime: TIME },
      "complete without its criteria": { conditions: [condition("Complete")], completionTime: TIME },
      complete: {
        conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
        startTime: TIME,
        completionTime: TIME,
        succeeded: 1,
      },
      "complete before it began": {
        conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
        startTime: TIME,
        completionTime: "2019-01-01T00:00:00Z",
        succeeded: 1,
      },
      failed: { conditions: [condition("FailureTarget"), condition("Failed")], startTime: TIME },
      "complete and failed": {
        conditions: ["SuccessCriteriaMet", "Complete", "FailureTarget", "Failed"].map((type) =>
          condition(type),
        ),
        startTime: TIME,
        completionTime: TIME,
      },
      "still active": {
        conditions: [condition("FailureTarget"), condition("Failed")],
        startTime: TIME,
        active: 1,
      },
      "more ready than active": { active: 1, ready: 2, startTime: TIME },
      uncounted: {
        startTime: TIME,
        uncountedTerminatedPods: { succeeded: ["a", "a"], failed: ["a"] },
      },
      "indexes of a plain job": { startTime: TIME, completedIndexes: "0" },
      "failed indexes": { startTime: TIME, failedIndexes: "0" },
    };
    for (const [number, [remark, status]] of Object.entries(statuses).entries()) {
      await t.post(all, job(`j${number}`), { remark });
      await t.patch(`${all}/j${number}/status`, { status }, { remark });
    }
    await t.post(all, job("indexed", { completionMode: "Indexed", completions: 5, backoffLimitPerIndex: 1 }));
    const progress: JsonObject[] = [
      { completedIndexes: "0-2", failedIndexes: "2,4", startTime: TIME },
      { completedIndexes: "2-0", startTime: TIME },
      { completedIndexes: "0,1,2", startTime: TIME },
      { completedIndexes: "9", startTime: TIME },
      { completedIndexes: "0", failedIndexes: "1", startTime: TIME, succeeded: 1, failed: 1 },
      { completedIndexes: null },
    ];
    for (const status of progress) {
      await t.patch(`${all}/indexed/status`, { status });
    }
    await t.get(all, { query: { fieldSelector: "status.successful=1" } });
    await t.get(all, { accept: TABLE });
  }),
  test("workloads: schedules", async (t) => {
    const all = t.path("batch/v1/cronjobs");
    for (const schedule of [
      "* * * * *",
      "0-59/5 0,12 1-31 jan-dec sun-sat",
      "@every 1h",
      "@reboot",
      "* * * *",
      "60 * * * *",
      "*/0 * * * *",
      "TZ=UTC * * * * *",
      "CRON_TZ=Europe/Berlin * * * * *",
      "? ? * ? 7",
      "0 0 31 2 *",
      "",
    ]) {
      await t.post(all, cronJob("a", { schedule }), { remark: schedule, query: { dryRun: "All" } });
    }
    for (const timeZone of [
      "Europe/Berlin",
      "europe/berlin",
      "Local",
      "local",
      "Nowhere/X",
      "",
      " UTC",
      "UTC",
    ]) {
      await t.post(all, cronJob("a", { timeZone }), { remark: `zone ${timeZone}`, query: { dryRun: "All" } });
    }
    await t.post(all, cronJob("a".repeat(53)), { remark: "long name", query: { dryRun: "All" } });
    const created = await t.post(all, cronJob("a", { schedule: "TZ=UTC * * * * *" }));
    await t.put(`${all}/a`, created.with({ "spec.schedule": "x" }));
    await t.put(`${all}/a`, created.with({ "spec.timeZone": "UTC" }));
  }),
  test("workloads: metadata alone", async (t) => {
    const annotations = {
      "deprecated.deployment.rollback.to": "3",
      "deprecated.daemonset.template.generation": "4",
      "autoscaling.alpha.kubernetes.io/behavior": '{"ScaleUp":{"SelectPolicy":"Disabled"}}',
      "example.com/a": "b",
    };
    const objects: Record<string, JsonObject> = {
      "apps/v1/deployments": deployment("a"),
      "apps/v1/daemonsets": daemonSet("a"),
      "autoscaling/v1/horizontalpodautoscalers": {
        ...autoscaler("a"),
        apiVersion: "autoscaling/v1",
      },
    };
    for (const [resource, object] of Object.entries(objects)) {
      const all = t.path(resource);
      await t.post(all, { ...object, metadata: { name: "a", annotations } }, { accept: METADATA });
      await t.get(`${all}/a`);
      await t.get(`${all}/a`, { accept: METADATA });
      await t.get(`${all}/a`, { accept: TABLE });
      await t.get(all, { accept: TABLE, query: { includeObject: "Object" } });
      await t.patch(`${all}/a`, { metadata: { labels: { a: "b" } } }, { accept: METADATA });
      await t.delete(`${all}/a`, undefined, { accept: METADATA });
    }
  }),
  test("workloads: in tables", async (t) => {
    const images = [container, { name: "d", image: "registry.example.com/long:1" }];
    const two = { template: { metadata: { labels: { app: "a" } }, spec: { containers: images } } };
    const counts = { replicas: 5, readyReplicas: 4, availableReplicas: 3, updatedReplicas: 2 };
    const objects: readonly (readonly [string, JsonObject, JsonObject])[] = [
      ["apps/v1/deployments", deployment("a", two), counts],
      ["apps/v1/replicasets", replicaSet("a", two), { replicas: 5, readyReplicas: 4, availableReplicas: 3 }],
      ["apps/v1/statefulsets", statefulSet("a", two), counts],
      [
        "apps/v1/daemonsets",
        daemonSet("a", {
          template: {
            metadata: { labels: { app: "a" } },
            spec: { containers: images, nodeSelector: { b: "c", a: "b" } },
          },
        }),
        {
          currentNumberScheduled: 1,
          numberMisscheduled: 2,
          desiredNumberScheduled: 3,
          numberReady: 4,
          updatedNumberScheduled: 5,
          numberAvailable: 6,
        },
      ],
      [
        "batch/v1/cronjobs",
        cronJob("a", { suspend: true, timeZone: "Europe/Berlin" }),
        {
          active: [
            { kind: "Job", name: "j" },
            { kind: "Job", name: "k" },
          ],
          lastScheduleTime: TIME,
        },
      ],
    ];
    for (const [resource, object, status] of objects) {
      const all = t.path(resource);
      await t.post(all, object);
      await t.patch(`${all}/a/status`, { status });
      await t.get(all, { accept: TABLE });
    }
    const jobs = t.path("batch/v1/jobs");
    const condition = (type: string) => ({
      type,
      status: "True",
      lastTransitionTime: TIME,
      lastProbeTime: TIME,
    });
    const runs: Record<string, readonly [JsonObject, JsonObject]> = {
      new: [{}, {}],
      many: [
        { completions: 3, parallelism: 2 },
        { startTime: TIME, active: 2, succeeded: 1 },
      ],
      queue: [{ parallelism: 4 }, { startTime: TIME, active: 4 }],
      done: [
        {},
        {
          conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
          startTime: TIME,
          completionTime: "2020-01-01T01:02:03Z",
          succeeded: 1,
        },
      ],
      failing: [{}, { conditions: [condition("FailureTarget")], startTime: TIME }],
      failed: [{}, { conditions: [condition("FailureTarget"), condition("Failed")], startTime: TIME }],
      suspended: [{ suspend: true }, { conditions: [condition("Suspended")] }],
    };
    for (const [name, [spec, status]] of Object.entries(runs)) {
      await t.post(jobs, job(name, spec));
      await t.patch(`${jobs}/${name}/status`, { status });
    }
    await t.get(jobs, { accept: TABLE });
  }),
  test("workloads: autoscalers in tables", async (t) => {
    const all = t.path("autoscaling/v2/horizontalpodautoscalers");
    const value = (value: string) => ({ type: "Value", value });
    const average = (averageValue: string) => ({ type: "AverageValue", averageValue });
    const percent = (averageUtilization: number) => ({ type: "Utilization", averageUtilization });
    const service = { kind: "Service", name: "s", apiVersion: "v1" };
    const metric = { name: "m" };
    const metrics: JsonObject[] = [
      { type: "Resource", resource: { name: "cpu", target: percent(50) } },
      { type: "Resource", resource: { name: "memory", target: average("1Gi") } },
      { type: "ContainerResource", containerResource: { name: "cpu", container: "c", target: percent(60) } },
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "c", target: average("1Mi") },
      },
      { type: "Pods", pods: { metric, target: average("10") } },
      { type: "Object", object: { metric, describedObject: service, target: value("5") } },
      { type: "Object", object: { metric, describedObject: service, target: average("6") } },
      { type: "External", external: { metric, target: value("7") } },
      { type: "External", external: { metric, target: average("8500m") } },
    ];
    const current: JsonObject[] = [
      { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 5, averageValue: "1" } } },
      { type: "Resource", resource: { name: "memory", current: { averageValue: "2Gi" } } },
      {
        type: "ContainerResource",
        containerResource: {
          name: "cpu",
          container: "c",
          current: { averageUtilization: 6, averageValue: "1" },
        },
      },
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "c", current: { averageValue: "3Mi" } },
      },
      { type: "Pods", pods: { metric, current: { averageValue: "11" } } },
      { type: "Object", object: { metric, describedObject: service, current: { value: "12" } } },
      { type: "Object", object: { metric, describedObject: service, current: { averageValue: "13" } } },
      { type: "External", external: { metric, current: { value: "14" } } },
      { type: "External", external: { metric, current: { averageValue: "15500m" } } },
    ];
    for (const [number, one] of metrics.entries()) {
      await t.post(all, autoscaler(`a${number}`, { metrics: [one], minReplicas: 2 }));
      await t.get(`${all}/a${number}`, { accept: TABLE });
      await t.patch(`${all}/a${number}/status`, {
        status: { currentMetrics: [current[number]!], currentReplicas: 1, desiredReplicas: 2 },
      });
    }
    await t.post(all, autoscaler("all", { metrics }));
    await t.patch(`${all}/all/status`, { status: { currentMetrics: current, desiredReplicas: 1 } });
    await t.get(all, { accept: TABLE });
    const old = t.path("autoscaling/v1/horizontalpodautoscalers");
    await t.get(old, { accept: TABLE });
    await t.get(old);
  }),
];
