import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateRuntimeClass,
  validateRuntimeClassUpdate,
} from "../../../api/validation/node/runtime-class.ts";
import { deprecatedNodeLabel } from "../../../api/validation/node-label-warnings.ts";
import { defineResource } from "../strategy.ts";

type RuntimeClass = ObjectOf<"io.k8s.api.node.v1.RuntimeClass">;

/** Source: pkg/registry/node/runtimeclass. */
export const runtimeClasses = defineResource<RuntimeClass>({
  group: "node.k8s.io",
  resource: "runtimeclasses",
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: (runtimeClass, { gates }) => validateRuntimeClass(runtimeClass, gates),
    warningsOnCreate: warnings,
    validateUpdate: (runtimeClass, old, { gates }) => validateRuntimeClassUpdate(runtimeClass, old, gates),
    warningsOnUpdate: warnings,
  },
});

/** GetWarningsForRuntimeClass of pkg/api/node; that the label is not named is upstream's. */
function warnings({ scheduling }: RuntimeClass): string[] {
  return Object.keys(scheduling?.nodeSelector ?? {}).flatMap((label) => {
    const message = deprecatedNodeLabel(label);
    return message === undefined ? [] : [`scheduling.nodeSelector: ${message}`];
  });
}
