import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, nodes } from "../objects.ts";

const copied: readonly string[] = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

interface PodLike extends KubeObject {
  spec?: { nodeName?: string };
}

interface BindingLike extends KubeObject {
  target: { kind?: string; name?: string };
}

/** Pods learn zone and region of the node that they are bound to. Source: plugin/pkg/admission/podtopologylabels. */
export function podTopologyLabels(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const copyLabels = async ({ metadata }: KubeObject, nodeName: string | undefined): Promise<void> => {
    if (!nodeName) return;
    const labels = (await objects.get(nodes, "", nodeName))?.metadata.labels ?? {};
    for (const key of copied) {
      if (!Object.hasOwn(labels, key)) continue;
      metadata.labels = { ...metadata.labels, [key]: labels[key]! };
    }
  };
  const admitPod = (attributes: AdmissionAttributes) => {
    const pod = objectOf<PodLike>(attributes);
    return copyLabels(pod, pod.spec?.nodeName);
  };
  const admitBinding = (attributes: AdmissionAttributes) => {
    const binding = objectOf<BindingLike>(attributes);
    return copyLabels(binding, binding.target.kind === "Node" ? binding.target.name : undefined);
  };
  const rules = [
    { operations: ["CREATE"], resources: ["pods"], admit: admitPod },
    { operations: ["CREATE"], resources: ["pods/binding"], admit: admitBinding },
  ] as const;
  return { name: "PodTopologyLabels", rules: gates.enabled("PodTopologyLabelsAdmission") ? rules : [] };
}
