import type { Pod, Toleration } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { podQosClass } from "../../../api/pod-resources.ts";
import { notFound, StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, namespaces } from "../objects.ts";
import { covers, mergeTolerations } from "./tolerations.ts";

const defaultsAnnotation = "scheduler.alpha.kubernetes.io/defaultTolerations";
const allowedAnnotation = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

const memoryPressure: Toleration = {
  key: "node.kubernetes.io/memory-pressure",
  operator: "Exists",
  effect: "NoSchedule",
};

/**
 * Pods get the tolerations of their namespace, and no others than it allows.
 * Source: plugin/pkg/admission/podtolerationrestriction.
 */
export function podTolerationRestriction(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const tolerationsOf = async (namespace: string, annotation: string): Promise<Toleration[] | undefined> => {
    const found = await objects.get(namespaces, "", namespace);
    if (!found) throw notFound(namespaces, namespace);
    const text = found.metadata.annotations?.[annotation];
    return text === undefined ? undefined : parseTolerations(text);
  };
  const validate = async ({ namespace, object }: AdmissionAttributes): Promise<void> => {
    const { tolerations = [] } = (object as Pod).spec!;
    if (tolerations.length === 0) return;
    const allowed = (await tolerationsOf(namespace, allowedAnnotation)) ?? [];
    if (allowed.length === 0) return;
    if (tolerations.every((one) => allowed.some((wider) => covers(wider, one)))) return;
    const problem =
      "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist";
    throw new StatusError(500, "", problem);
  };
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const { namespace, operation } = attributes;
    const pod = objectOf<Pod>(attributes);
    const spec = pod.spec!;
    const own = operation === "CREATE" ? await tolerationsOf(namespace, defaultsAnnotation) : undefined;
    const isBestEffort = (pod.status?.qosClass ?? podQosClass(spec, gates)) === "BestEffort";
    const added = [...(own ?? []), ...(isBestEffort ? [] : [memoryPressure])];
    if (added.length > 0) spec.tolerations = mergeTolerations(spec.tolerations ?? [], added);
    await validate(attributes);
  };
  return {
    name: "PodTolerationRestriction",
    rules: [{ operations: ["CREATE", "UPDATE"], resources: ["pods"], admit, validate }],
  };
}

function parseTolerations(text: string): Toleration[] {
  if (text === "") return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Toleration[]) : [];
  } catch (error) {
    throw new StatusError(500, "", (error as Error).message);
  }
}
