/** Defaults of autoscaling. Sources: pkg/apis/autoscaling/{v1,v2}/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import type { DefaultsTable } from "./table.ts";

type ScalingRules = Schemas["io.k8s.api.autoscaling.v2.HPAScalingRules"];

/** Percent of a container's CPU request. */
export const defaultCpuUtilization = 80;

const allPods = { type: "Percent", value: 100, periodSeconds: 15 };
const fourPods = { type: "Pods", value: 4, periodSeconds: 15 };

function defaultV1({ spec }: ObjectOf<"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler">): void {
  spec.minReplicas ??= 1;
}

export function defaultAutoscalerV2({
  spec,
}: ObjectOf<"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler">): void {
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) {
    const target = { type: "Utilization", averageUtilization: defaultCpuUtilization };
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  const { behavior } = spec;
  if (!behavior) return;
  behavior.scaleUp = withDefaults(behavior.scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [fourPods, allPods],
  });
  behavior.scaleDown = withDefaults(behavior.scaleDown, { selectPolicy: "Max", policies: [allPods] });
}

function withDefaults(rules: ScalingRules | undefined, defaults: ScalingRules): ScalingRules {
  const result: ScalingRules = { ...rules };
  const policies = rules?.policies ?? defaults.policies?.map((policy) => ({ ...policy }));
  const window = rules?.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds;
  const select = rules?.selectPolicy ?? defaults.selectPolicy;
  if (window !== undefined) result.stabilizationWindowSeconds = window;
  if (select !== undefined) result.selectPolicy = select;
  if (policies !== undefined) result.policies = policies;
  return result;
}

export const autoscalingDefaults: DefaultsTable = {
  "autoscaling/v1": { HorizontalPodAutoscaler: defaultV1 },
  "autoscaling/v2": { HorizontalPodAutoscaler: defaultAutoscalerV2 },
};
