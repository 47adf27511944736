/**
 * autoscaling/v1, which only knows the CPU: everything else of v2 (the hub) travels in annotations.
 * Source: pkg/apis/autoscaling/v1/conversion.go.
 */
import { defaultCpuUtilization } from "../defaults/autoscaling.ts";
import { goJson } from "../go-json.ts";
import type { ObjectMeta } from "../object.ts";
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import { withoutAnnotations } from "./annotations.ts";
import {
  behaviorFromAnnotation,
  behaviorToAnnotation,
  listFromAnnotation,
  metricFromHub,
  metricStatusFromHub,
  metricStatusToHub,
  metricToHub,
} from "./autoscaling-metrics.ts";
import { type ConversionTable, defineConversion } from "./table.ts";

type V1 = ObjectOf<"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler">;
type V2 = ObjectOf<"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler">;
type Metric = Schemas["io.k8s.api.autoscaling.v2.MetricSpec"];
type Condition = Schemas["io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition"];

const prefix = "autoscaling.alpha.kubernetes.io/";
const metricsAnnotation = `${prefix}metrics`;
const statusesAnnotation = `${prefix}current-metrics`;
const conditionsAnnotation = `${prefix}conditions`;
const behaviorAnnotation = `${prefix}behavior`;

/** Annotations that only ever carry fields between versions. */
const carriers = [
  metricsAnnotation,
  statusesAnnotation,
  conditionsAnnotation,
  behaviorAnnotation,
  `${prefix}scale-down-tolerance`,
  `${prefix}scale-up-tolerance`,
];

/** DropRoundTripHorizontalPodAutoscalerAnnotations. */
const withoutCarriers = (metadata: ObjectMeta): ObjectMeta => withoutAnnotations(metadata, carriers);

const cpuTarget = (averageUtilization: number): Metric => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

/** The one metric that has a field in v1. */
function cpuUtilization({ type, resource }: Metric): number | undefined {
  return type === "Resource" && resource?.name === "cpu" ? resource.target.averageUtilization : undefined;
}

function fromV1({ metadata, spec, status, ...object }: V1): V2 {
  const annotations = metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage, ...others } = spec;
  const own = targetCPUUtilizationPercentage === undefined ? [] : [cpuTarget(targetCPUUtilizationPercentage)];
  const carried = listFromAnnotation(annotations[metricsAnnotation], metricToHub) ?? [];
  const metrics = [...carried, ...own];
  const behavior = behaviorFromAnnotation(annotations[behaviorAnnotation]);
  return {
    ...object,
    metadata: withoutCarriers(metadata),
    spec: {
      ...others,
      metrics: metrics.length > 0 ? metrics : [cpuTarget(defaultCpuUtilization)],
      ...(behavior ? { behavior } : {}),
    },
    status: statusFromV1(status, annotations),
  };
}

function statusFromV1(status: V1["status"], annotations: Record<string, string>): V2["status"] {
  const { currentCPUUtilizationPercentage: utilization, currentReplicas, ...others } = status;
  const current = { averageUtilization: utilization };
  const own = utilization === undefined ? null : [{ type: "Resource", resource: { name: "cpu", current } }];
  const carried = listFromAnnotation(annotations[statusesAnnotation], metricStatusToHub);
  const conditions = listFromAnnotation(annotations[conditionsAnnotation], (item) => item as Condition);
  return {
    ...others,
    // Unlike v1, v2 leaves out a count of none.
    ...(currentReplicas ? { currentReplicas } : {}),
    // A list that v2 writes even when there is none.
    currentMetrics: (carried ?? own) as V2["status"]["currentMetrics"],
    ...(conditions?.length ? { conditions } : {}),
  };
}

function toV1({ metadata, spec, status, ...object }: V2): V1 {
  const { metrics = [], behavior, ...others } = spec;
  const utilization = metrics.map(cpuUtilization).find((value) => value !== undefined);
  return {
    ...object,
    metadata: carrying(metadata, {
      [metricsAnnotation]: metrics
        .filter((metric) => cpuUtilization(metric) === undefined)
        .map(metricFromHub),
      [statusesAnnotation]: (status.currentMetrics ?? []).map(metricStatusFromHub),
      [behaviorAnnotation]: behavior ? [behaviorToAnnotation(behavior)] : [],
      [conditionsAnnotation]: status.conditions ?? [],
    }),
    spec: {
      ...others,
      ...(utilization === undefined ? {} : { targetCPUUtilizationPercentage: utilization }),
    },
    status: statusToV1(status),
  };
}

/** metadata with annotations for what is not empty. The behavior is one object, not a list. */
function carrying(metadata: ObjectMeta, values: Record<string, readonly object[]>): ObjectMeta {
  const kept = withoutCarriers(metadata);
  const entries = Object.entries(values).filter(([, list]) => list.length > 0);
  if (entries.length === 0) return kept;
  const texts = entries.map(([key, list]) => [key, goJson(key === behaviorAnnotation ? list[0] : list)]);
  return { ...kept, annotations: { ...kept.annotations, ...Object.fromEntries(texts) } };
}

function statusToV1({ currentMetrics, conditions, ...others }: V2["status"]): V1["status"] {
  let utilization: number | undefined;
  for (const { type, resource } of currentMetrics ?? []) {
    if (type === "Resource" && resource?.name === "cpu") {
      utilization = resource.current.averageUtilization ?? utilization;
    }
  }
  return {
    ...others,
    currentReplicas: others.currentReplicas ?? 0,
    ...(utilization === undefined ? {} : { currentCPUUtilizationPercentage: utilization }),
  };
}

const horizontalPodAutoscaler = defineConversion({ toHub: fromV1, fromHub: toV1 });

/** v2 needs no carriers: whatever carries something there is dropped. */
const withoutCarriersInV2 = defineConversion({
  toHub: (object: V2) => ({ ...object, metadata: withoutCarriers(object.metadata) }),
});

export const autoscalingConversions: ConversionTable = {
  "autoscaling/v1": { HorizontalPodAutoscaler: horizontalPodAutoscaler },
  "autoscaling/v2": { HorizontalPodAutoscaler: withoutCarriersInV2 },
};
