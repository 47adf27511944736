/** Source: pkg/registry/autoscaling/horizontalpodautoscaler. */
import { defaultAutoscalerV2 } from "../../../api/defaults/autoscaling.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatusUpdate,
  validateHorizontalPodAutoscalerUpdate,
} from "../../../api/validation/autoscaling/horizontal-pod-autoscaler.ts";
import { defineResource } from "../strategy.ts";

type Autoscaler = ObjectOf<"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler">;

export const horizontalPodAutoscalers = defineResource<Autoscaler>({
  group: "autoscaling",
  resource: "horizontalpodautoscalers",
  strategy: {
    resetFields: { "autoscaling/v1": ["status"], "autoscaling/v2": ["status"] },
    prepareForCreate(autoscaler, { gates }) {
      autoscaler.status = { desiredReplicas: 0, currentMetrics: null } as unknown as Autoscaler["status"];
      dropTolerance(autoscaler, undefined, gates);
    },
    validate: (autoscaler, { gates }) => validateHorizontalPodAutoscaler(autoscaler, gates),
    prepareForUpdate(autoscaler, old, { gates }) {
      autoscaler.status = old.status;
      dropTolerance(autoscaler, old, gates);
    },
    validateUpdate: (autoscaler, old, { gates }) =>
      validateHorizontalPodAutoscalerUpdate(autoscaler, old, gates),
    // What came as v1 lacks the defaults of v2.
    defaultOnRead: defaultAutoscalerV2,
  },
  subresources: {
    status: {
      resetFields: { "autoscaling/v1": ["spec"], "autoscaling/v2": ["spec"] },
      prepareForUpdate(autoscaler, old) {
        autoscaler.spec = old.spec;
      },
      validateUpdate: validateHorizontalPodAutoscalerStatusUpdate,
    },
  },
});

const directions = ["scaleDown", "scaleUp"] as const;

function dropTolerance({ spec }: Autoscaler, old: Autoscaler | undefined, gates: FeatureGates): void {
  if (gates.enabled("HPAConfigurableTolerance")) return;
  const before = old?.spec.behavior;
  if (directions.some((direction) => before?.[direction]?.tolerance !== undefined)) return;
  for (const direction of directions) delete spec.behavior?.[direction]?.tolerance;
}
