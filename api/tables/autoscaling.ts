import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import { docsOf, integer, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type Metric = Schemas["io.k8s.api.autoscaling.v2.MetricSpec"];
type MetricStatus = Schemas["io.k8s.api.autoscaling.v2.MetricStatus"];
type Target = Schemas["io.k8s.api.autoscaling.v2.MetricTarget"];
type Value = Schemas["io.k8s.api.autoscaling.v2.MetricValueStatus"];

const doc = docsOf("autoscaling.v2");
const scaleDoc = docsOf("autoscaling.v1");

const autoscaler = defineTable<ObjectOf<"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler">>({
  columns: [
    nameColumn,
    text("Reference", doc("HorizontalPodAutoscalerSpec", "scaleTargetRef")),
    text("Targets", doc("HorizontalPodAutoscalerSpec", "metrics")),
    text("MinPods", doc("HorizontalPodAutoscalerSpec", "minReplicas")),
    text("MaxPods", doc("HorizontalPodAutoscalerSpec", "maxReplicas")),
    text("Replicas", doc("HorizontalPodAutoscalerStatus", "currentReplicas")),
    ageColumn,
  ],
  row({ metadata, spec, status }, { now }) {
    const { kind, name } = spec.scaleTargetRef;
    return [
      metadata.name ?? "",
      `${kind}/${name}`,
      metricsText(spec.metrics ?? [], status.currentMetrics ?? []),
      spec.minReplicas === undefined ? "<unset>" : String(spec.minReplicas),
      spec.maxReplicas,
      status.currentReplicas ?? 0,
      age(metadata.creationTimestamp, now),
    ];
  },
});

const shownMetrics = 2;

/** formatHPAMetrics: what each metric is, over what it shall be. */
function metricsText(metrics: readonly Metric[], statuses: readonly MetricStatus[]): string {
  if (metrics.length === 0) return "<none>";
  const shown = metrics
    .slice(0, shownMetrics)
    .map((metric, index) => metricText(metric, statuses[index]))
    .join(", ");
  const rest = metrics.length - shownMetrics;
  return rest > 0 ? `${shown} + ${rest} more...` : shown;
}

function metricText(metric: Metric, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
      return valueText(metric.external?.target, status?.external?.current);
    case "Object":
      return valueText(metric.object?.target, status?.object?.current);
    case "Pods":
      return `${status?.pods?.current.averageValue ?? unknown}/${metric.pods?.target.averageValue}`;
    case "Resource":
      return resourceText(metric.resource, status?.resource?.current);
    case "ContainerResource":
      return resourceText(metric.containerResource, status?.containerResource?.current);
    default:
      return "<unknown type>";
  }
}

const unknown = "<unknown>";

function valueText(target: Target | undefined, current: Value | undefined): string {
  if (target?.averageValue !== undefined) {
    return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  }
  return `${current?.value ?? unknown}/${target?.value}`;
}

function resourceText(
  metric: { name: string; target: Target } | undefined,
  current: Value | undefined,
): string {
  const { name, target } = metric ?? {};
  if (target?.averageValue !== undefined) {
    return `${name}: ${current?.averageValue ?? unknown}/${target.averageValue}`;
  }
  const percent = (value: number | undefined, otherwise: string) =>
    value === undefined ? otherwise : `${value}%`;
  return `${name}: ${percent(current?.averageUtilization, unknown)}/${percent(target?.averageUtilization, "<auto>")}`;
}

const scale = defineTable<ObjectOf<"io.k8s.api.autoscaling.v1.Scale">>({
  columns: [
    { name: "Name", type: "string", description: nameColumn.description },
    integer("Desired", scaleDoc("ScaleSpec", "replicas")),
    integer("Available", scaleDoc("ScaleStatus", "replicas")),
    ageColumn,
  ],
  row({ metadata, spec, status }, { now }) {
    return [metadata.name ?? "", spec.replicas ?? 0, status.replicas, age(metadata.creationTimestamp, now)];
  },
});

export const autoscalingTables: TablesByKind = { HorizontalPodAutoscaler: autoscaler, Scale: scale };
