import type { Pod, Toleration } from "../../../api/core-types.ts";
import { isExtendedResource } from "../../../api/validation/core/resource-quantities.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

/**
 * Pods tolerate the taints of nodes that are kept for the devices they ask for.
 * Source: plugin/pkg/admission/extendedresourcetoleration.
 */
export const extendedResourceToleration: AdmissionPlugin = {
  name: "ExtendedResourceToleration",
  rules: [{ operations: ["CREATE", "UPDATE"], resources: ["pods"], admit }],
};

function admit(attributes: AdmissionAttributes): void {
  const spec = objectOf<Pod>(attributes).spec!;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const resources = containers.flatMap(({ resources }) => Object.keys(resources?.requests ?? {}));
  for (const key of [...new Set(resources.filter(isExtendedResource))].sort()) {
    spec.tolerations = withToleration(spec.tolerations ?? [], {
      key,
      operator: "Exists",
      effect: "NoSchedule",
    });
  }
}

/** One that says the same of other seconds is replaced. Source: AddOrUpdateTolerationInPod of pkg/apis/core/helper. */
function withToleration(tolerations: readonly Toleration[], added: Toleration): Toleration[] {
  const isAlike = ({ key, effect, operator, value = "" }: Toleration) =>
    key === added.key &&
    effect === added.effect &&
    operator === added.operator &&
    value === (added.value ?? "");
  if (!tolerations.some(isAlike)) return [...tolerations, added];
  return tolerations.map((one) => (isAlike(one) ? added : one));
}
