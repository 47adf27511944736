/** What is asked of DaemonSets, their pods and nodes. Source: pkg/controller/daemon/util/daemonset_util.go. */
import type { PodSpec, PodTemplateSpec, Toleration } from "../../api/core-types.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { scaledIntOrPercent } from "../../api/int-or-string.ts";
import type { KubeObject } from "../../api/object.ts";
import { matchesNodeAffinity } from "../../api/scheduling/node-affinity.ts";
import { type Taint, untoleratedTaint, withToleration } from "../../api/scheduling/taints.ts";
import type { Schemas } from "../../api/types.ts";
import type { Pod } from "../controllees/pod-facts.ts";

export type DaemonSetStatus = Schemas["io.k8s.api.apps.v1.DaemonSetStatus"];

export interface DaemonSet extends KubeObject {
  spec: Omit<Schemas["io.k8s.api.apps.v1.DaemonSetSpec"], "template"> & { template: PodTemplateSpec };
  status?: DaemonSetStatus;
}

export interface Node extends KubeObject {
  spec?: { taints?: Taint[] };
}

export const daemonSetKind = { group: "apps", version: "v1", kind: "DaemonSet" } as const;
export const daemonSetsResource = { group: "apps", version: "v1", resource: "daemonsets" } as const;
export const nodesResource = { group: "", version: "v1", resource: "nodes" } as const;
export const revisionLabel = "controller-revision-hash";
const generationLabel = "pod-template-generation";
const generationAnnotation = "deprecated.daemonset.template.generation";

const tolerated = (key: string, effect: "NoExecute" | "NoSchedule"): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect,
});
/** Daemons stay on nodes that have trouble: they may be what mends it. */
const tolerations = [
  ...[tolerated("not-ready", "NoExecute"), tolerated("unreachable", "NoExecute")],
  ...["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map((key) =>
    tolerated(key, "NoSchedule"),
  ),
];
const networkToleration = tolerated("network-unavailable", "NoSchedule");

function tolerationsOf(spec: PodSpec): Toleration[] {
  const own = spec.hostNetwork ? [...tolerations, networkToleration] : tolerations;
  return own.reduce<Toleration[]>(withToleration, [...(spec.tolerations ?? [])]);
}

/** What versions before apps/v1 counted; undefined: nobody does. */
function generationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation] ?? "";
  return /^[+-]?\d+$/.test(text) ? String(BigInt(text)) : undefined;
}

/** Whether the pod has the current template. */
export function isUpdated(set: DaemonSet, { metadata }: Pod, hash: string): boolean {
  const generation = generationOf(set);
  const hasGeneration = generation !== undefined && metadata.labels?.[generationLabel] === generation;
  return hasGeneration || (hash !== "" && metadata.labels?.[revisionLabel] === hash);
}

/** For the pod of a node, which only the scheduler puts there. */
export function templateFor(set: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { metadata, spec } = set.spec.template;
  const generation = generationOf(set);
  const labels = {
    ...metadata?.labels,
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    ...(hash === "" ? {} : { [revisionLabel]: hash }),
  };
  return {
    metadata: { ...metadata, labels },
    spec: { ...spec!, tolerations: tolerationsOf(spec!), affinity: affinityTo(spec!, node) },
  };
}

function affinityTo({ affinity }: PodSpec, node: string): NonNullable<PodSpec["affinity"]> {
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: required,
    },
  };
}

/** The node that the pod is on, or meant for; undefined: any. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? []) {
    const field = matchFields.find(({ key, operator }) => key === "metadata.name" && operator === "In");
    if (field) return field.values?.length === 1 ? field.values[0] : undefined;
  }
  return undefined;
}

/** Whether the set is to have a pod on the node, and whether one that is there may stay (NodeShouldRunDaemonPod). */
export function placementOn(
  set: DaemonSet,
  node: Node,
  gates: FeatureGates,
): { runs: boolean; stays: boolean } {
  const spec = set.spec.template.spec!;
  const isOther = !!spec.nodeName && spec.nodeName !== node.metadata.name;
  if (isOther || !matchesNodeAffinity(spec, node)) return { runs: false, stays: false };
  const comparesNumbers = gates.enabled("TaintTolerationComparisonOperators");
  const own = tolerationsOf(spec);
  const isUntolerated = (...effects: string[]) =>
    untoleratedTaint(node.spec?.taints ?? [], own, effects, comparesNumbers) !== undefined;
  return { runs: !isUntolerated("NoExecute", "NoSchedule"), stays: !isUntolerated("NoExecute") };
}

const rollingUpdate = ({ spec }: DaemonSet) =>
  spec.updateStrategy?.type === "RollingUpdate" ? spec.updateStrategy.rollingUpdate : undefined;

/** How many pods may be too many or too few during an update of so many nodes. */
export function updateLimits(set: DaemonSet, nodes: number): { surge: number; unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = rollingUpdate(set) ?? {};
  const surge = scaledIntOrPercent(maxSurge, nodes, true);
  const unavailable = scaledIntOrPercent(maxUnavailable, nodes, true);
  return { surge, unavailable: nodes > 0 && surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const allowsSurge = (set: DaemonSet): boolean =>
  scaledIntOrPercent(rollingUpdate(set)?.maxSurge ?? 0, 1, true) > 0;
