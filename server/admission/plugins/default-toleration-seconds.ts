import type { Pod, Toleration } from "../../../api/core-types.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

export interface TolerationSeconds {
  notReady: number;
  unreachable: number;
}

/**
 * Pods stay for a while on a node that is not ready or cannot be reached, unless they say something themselves.
 * Source: plugin/pkg/admission/defaulttolerationseconds.
 */
export function defaultTolerationSeconds({ notReady, unreachable }: TolerationSeconds): AdmissionPlugin {
  const added = [
    toleration("node.kubernetes.io/not-ready", notReady),
    toleration("node.kubernetes.io/unreachable", unreachable),
  ];
  const admit = (attributes: AdmissionAttributes): void => {
    const spec = objectOf<Pod>(attributes).spec!;
    const own = spec.tolerations ?? [];
    const missing = added.filter(({ key }) => !own.some((one) => tolerates(one, key)));
    if (missing.length > 0) spec.tolerations = [...own, ...missing.map((one) => ({ ...one }))];
  };
  return {
    name: "DefaultTolerationSeconds",
    rules: [{ operations: ["CREATE", "UPDATE"], resources: ["pods"], admit }],
  };
}

const effect = "NoExecute";

const toleration = (key: string, tolerationSeconds: number) =>
  ({ key, operator: "Exists", effect, tolerationSeconds }) satisfies Toleration;

const tolerates = (one: Toleration, key: string): boolean =>
  (!one.key || one.key === key) && (!one.effect || one.effect === effect);
