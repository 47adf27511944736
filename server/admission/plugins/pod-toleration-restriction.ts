import type { Pod, Toleration } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { JsonObject } from "../../../api/object.ts";
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

/** Those of all namespaces that say nothing of their own. */
export interface ClusterTolerations {
  default?: readonly Toleration[];
  whitelist?: readonly Toleration[];
}

/** Reads the plug-in's Configuration. */
export function readClusterTolerations(value: JsonObject): ClusterTolerations {
  const { apiVersion, kind } = value;
  if (apiVersion !== "podtolerationrestriction.admission.k8s.io/v1alpha1" || kind !== "Configuration")
    throw new Error(`no kind ${JSON.stringify(kind)} is known for version ${JSON.stringify(apiVersion)}`);
  return value as unknown as ClusterTolerations;
}

/**
 * Pods get the tolerations of their namespace, and no others than it allows.
 * Source: plugin/pkg/admission/podtolerationrestriction.
 */
export function podTolerationRestriction(
  objects: AdmissionObjects,
  gates: FeatureGates,
  cluster: ClusterTolerations,
): AdmissionPlugin {
  const tolerationsOf = async (namespace: string, annotation: string): Promise<Toleration[] | undefined> => {
    const found = await objects.get(namespaces, "", namespace);
    if (!found) throw notFound(namespaces, namespace);
    const text = found.metadata.annotations?.[annotation];
    return text === undefined ? undefined : parseTolerations(text);
  };
  const validate = async ({ namespace, object }: AdmissionAttributes): Promise<void> => {
    const { tolerations = [] } = (object as Pod).spec!;
    if (tolerations.length === 0) return;
    const own = await tolerationsOf(namespace, allowedAnnotation);
    const allowed = own ?? cluster.whitelist ?? [];
    if (allowed.length === 0) return;
    if (tolerations.every((one) => allowed.some((wider) => covers(wider, one)))) return;
    const problem = "pod tolerations (possibly merged with namespace default tolerations) conflict with its";
    throw new StatusError(500, "", `${problem} ${own ? "namespace" : "cluster"} whitelist`);
  };
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const { namespace, operation } = attributes;
    const pod = objectOf<Pod>(attributes);
    const spec = pod.spec!;
    const own =
      operation === "CREATE"
        ? ((await tolerationsOf(namespace, defaultsAnnotation)) ?? cluster.default)
        : undefined;
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
