import { crud } from "../../crud.ts";
import type { JsonObject } from "../../json.ts";

const template = (restartPolicy?: string): JsonObject => ({
  metadata: { labels: { app: "a" } },
  spec: {
    containers: [{ name: "c", image: "i" }],
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  },
});

const selector = { matchLabels: { app: "a" } };

const condition = {
  type: "Available",
  status: "True",
  lastUpdateTime: "2020-01-01T00:00:00Z",
  lastTransitionTime: "2020-01-01T00:00:00Z",
  reason: "R",
  message: "m",
};
const { lastUpdateTime: _, ...plainCondition } = condition;

export const cases = [
  ...crud({
    resource: "apps/v1/deployments",
    kind: "Deployment",
    minimal: { spec: { selector, template: template() } },
    variants: {
      full: {
        metadata: { labels: { app: "a" } },
        spec: {
          replicas: 3,
          selector: {
            matchLabels: { app: "a" },
            matchExpressions: [{ key: "app", operator: "In", values: ["a", "b"] }],
          },
          template: template("Always"),
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 2 } },
          minReadySeconds: 5,
          revisionHistoryLimit: 2,
          paused: true,
          progressDeadlineSeconds: 100,
        },
      },
      recreate: { spec: { selector, template: template(), strategy: { type: "Recreate" } } },
    },
    change: { "spec.replicas": 2 },
    status: {
      "status.observedGeneration": 1,
      "status.replicas": 4,
      "status.updatedReplicas": 3,
      "status.readyReplicas": 2,
      "status.availableReplicas": 1,
      "status.unavailableReplicas": 2,
      "status.terminatingReplicas": 1,
      "status.collisionCount": 1,
      "status.conditions": [condition],
    },
    scale: true,
  }),
  ...crud({
    resource: "apps/v1/replicasets",
    kind: "ReplicaSet",
    minimal: { spec: { selector, template: template() } },
    variants: { full: { spec: { replicas: 0, minReadySeconds: 1, selector, template: template("Always") } } },
    change: { "spec.replicas": 2 },
    status: {
      "status.replicas": 4,
      "status.fullyLabeledReplicas": 4,
      "status.readyReplicas": 2,
      "status.availableReplicas": 1,
      "status.terminatingReplicas": 1,
      "status.observedGeneration": 1,
      "status.conditions": [{ ...plainCondition, type: "ReplicaFailure" }],
    },
    scale: true,
  }),
  ...crud({
    resource: "apps/v1/statefulsets",
    kind: "StatefulSet",
    minimal: { spec: { selector, template: template() } },
    variants: {
      full: {
        spec: {
          replicas: 2,
          selector,
          template: template("Always"),
          serviceName: "s",
          volumeClaimTemplates: [
            {
              metadata: { name: "data", labels: { a: "b" } },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          ],
          podManagementPolicy: "Parallel",
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1, maxUnavailable: 1 } },
          revisionHistoryLimit: 3,
          minReadySeconds: 1,
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
          ordinals: { start: 5 },
        },
      },
      onDelete: { spec: { selector, template: template(), updateStrategy: { type: "OnDelete" } } },
    },
    change: { "spec.replicas": 2 },
    status: {
      "status.observedGeneration": 1,
      "status.replicas": 4,
      "status.readyReplicas": 3,
      "status.currentReplicas": 2,
      "status.updatedReplicas": 1,
      "status.currentRevision": "a",
      "status.updateRevision": "b",
      "status.collisionCount": 1,
      "status.availableReplicas": 1,
      "status.conditions": [{ ...plainCondition, type: "Any" }],
    },
    scale: true,
  }),
  ...crud({
    resource: "apps/v1/daemonsets",
    kind: "DaemonSet",
    minimal: { spec: { selector, template: template() } },
    variants: {
      full: {
        spec: {
          selector,
          template: template("Always"),
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } },
          minReadySeconds: 1,
          revisionHistoryLimit: 3,
        },
      },
      onDelete: { spec: { selector, template: template(), updateStrategy: { type: "OnDelete" } } },
    },
    change: { "spec.minReadySeconds": 2 },
    status: {
      "status.currentNumberScheduled": 1,
      "status.numberMisscheduled": 2,
      "status.desiredNumberScheduled": 3,
      "status.numberReady": 4,
      "status.observedGeneration": 1,
      "status.updatedNumberScheduled": 5,
      "status.numberAvailable": 1,
      "status.numberUnavailable": 6,
      "status.collisionCount": 1,
      "status.conditions": [{ ...plainCondition, type: "Any" }],
    },
  }),
  ...crud({
    resource: "apps/v1/controllerrevisions",
    kind: "ControllerRevision",
    minimal: { revision: 1, data: { any: "thing" } },
    variants: { list: { revision: 5, data: { kind: "X", apiVersion: "y/v1", spec: { a: [1, 2.5] } } } },
    change: { revision: 2 },
  }),
  ...crud({
    resource: "batch/v1/jobs",
    kind: "Job",
    minimal: {
      spec: { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } },
    },
    variants: {
      full: {
        spec: {
          parallelism: 2,
          completions: 3,
          activeDeadlineSeconds: 100,
          backoffLimit: 4,
          ttlSecondsAfterFinished: 10,
          completionMode: "Indexed",
          backoffLimitPerIndex: 1,
          maxFailedIndexes: 2,
          suspend: true,
          podReplacementPolicy: "Failed",
          managedBy: "example.com/controller",
          template: {
            metadata: { labels: { a: "b" } },
            spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" },
          },
          podFailurePolicy: {
            rules: [
              { action: "FailIndex", onExitCodes: { containerName: "c", operator: "In", values: [1, 2] } },
              { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
            ],
          },
          successPolicy: { rules: [{ succeededIndexes: "0-1", succeededCount: 1 }] },
        },
      },
      manual: {
        spec: {
          manualSelector: true,
          selector: { matchLabels: { app: "a" } },
          template: template("OnFailure"),
        },
      },
    },
    change: { "spec.parallelism": 2 },
    status: {
      "status.startTime": "2020-01-01T00:00:00Z",
      "status.active": 1,
      "status.ready": 1,
      "status.terminating": 0,
      "status.failed": 1,
      "status.uncountedTerminatedPods": { succeeded: ["u"], failed: ["v"] },
      "status.conditions": [{ ...plainCondition, type: "Suspended", lastProbeTime: "2020-01-01T00:00:00Z" }],
    },
  }),
  ...crud({
    resource: "batch/v1/cronjobs",
    kind: "CronJob",
    minimal: {
      spec: {
        schedule: "*/5 * * * *",
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } },
        },
      },
    },
    variants: {
      full: {
        spec: {
          schedule: "@daily",
          timeZone: "Europe/Berlin",
          startingDeadlineSeconds: 10,
          concurrencyPolicy: "Forbid",
          suspend: true,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 2,
          jobTemplate: {
            metadata: { labels: { a: "b" }, annotations: { c: "d" } },
            spec: { completions: 2, template: template("OnFailure") },
          },
        },
      },
    },
    change: { "spec.suspend": true },
    status: {
      "status.active": [{ kind: "Job", name: "j", namespace: "n", apiVersion: "batch/v1", uid: "u" }],
      "status.lastScheduleTime": "2020-01-01T00:00:00Z",
      "status.lastSuccessfulTime": "2020-01-01T00:00:00Z",
    },
  }),
  ...crud({
    resource: "autoscaling/v2/horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    minimal: {
      spec: { scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" }, maxReplicas: 3 },
    },
    variants: {
      full: {
        spec: {
          scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
          minReplicas: 2,
          maxReplicas: 10,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
            },
            {
              type: "Pods",
              pods: { metric: { name: "m" }, target: { type: "AverageValue", averageValue: "10" } },
            },
            {
              type: "Object",
              object: {
                describedObject: { kind: "Service", name: "s", apiVersion: "v1" },
                target: { type: "Value", value: "5" },
                metric: { name: "m", selector: { matchLabels: { a: "b" } } },
              },
            },
            {
              type: "ContainerResource",
              containerResource: {
                name: "memory",
                container: "c",
                target: { type: "AverageValue", averageValue: "1Gi" },
              },
            },
            { type: "External", external: { metric: { name: "m" }, target: { type: "Value", value: "5" } } },
          ],
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 10,
              tolerance: "0.05",
              selectPolicy: "Max",
              policies: [{ type: "Pods", value: 4, periodSeconds: 15 }],
            },
            scaleDown: {
              stabilizationWindowSeconds: 20,
              selectPolicy: "Disabled",
              policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
            },
          },
        },
      },
    },
    change: { "spec.maxReplicas": 5 },
    status: {
      "status.observedGeneration": 1,
      "status.lastScaleTime": "2020-01-01T00:00:00Z",
      "status.currentReplicas": 1,
      "status.desiredReplicas": 2,
      "status.currentMetrics": [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 5, averageValue: "1" } },
        },
      ],
      "status.conditions": [{ ...plainCondition, type: "AbleToScale" }],
    },
  }),
  ...crud({
    resource: "autoscaling/v1/horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    minimal: {
      spec: { scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" }, maxReplicas: 3 },
    },
    variants: {
      full: {
        spec: {
          scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
          minReplicas: 1,
          maxReplicas: 3,
          targetCPUUtilizationPercentage: 70,
        },
      },
      annotated: {
        metadata: {
          annotations: {
            "autoscaling.alpha.kubernetes.io/metrics":
              '[{"type":"Pods","pods":{"metricName":"m","targetAverageValue":"5"}}]',
            "autoscaling.alpha.kubernetes.io/behavior":
              '{"ScaleDown":{"StabilizationWindowSeconds":5,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":10}]}}',
          },
        },
        spec: { scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" }, maxReplicas: 3 },
      },
    },
    change: { "spec.maxReplicas": 5 },
    status: {
      "status.observedGeneration": 1,
      "status.lastScaleTime": "2020-01-01T00:00:00Z",
      "status.currentReplicas": 1,
      "status.desiredReplicas": 2,
      "status.currentCPUUtilizationPercentage": 50,
    },
  }),
  ...crud({
    resource: "policy/v1/poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    minimal: {},
    variants: {
      full: { spec: { minAvailable: "50%", selector, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
      maxUnavailable: { spec: { maxUnavailable: 1, selector: {} } },
    },
    change: { "spec.maxUnavailable": 2 },
    status: {
      "status.observedGeneration": 1,
      "status.disruptedPods": { p: "2020-01-01T00:00:00Z" },
      "status.disruptionsAllowed": 1,
      "status.currentHealthy": 2,
      "status.desiredHealthy": 3,
      "status.expectedPods": 4,
      "status.conditions": [{ ...plainCondition, type: "DisruptionAllowed", observedGeneration: 1 }],
    },
  }),
];
