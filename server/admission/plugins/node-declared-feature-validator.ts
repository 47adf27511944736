import type { PodSpec } from "../../../api/core-types.ts";
import { isRestartableInitContainer } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";
import { type BoundPod, boundNode, changesBoundPod } from "./bound-node.ts";

/** Features that an update of a pod needs of its node. Source: k8s.io/component-helpers/nodedeclaredfeatures. */
const neededByUpdate: Readonly<Record<string, (spec: PodSpec, old: PodSpec) => boolean>> = {
  InPlacePodLevelResourcesVerticalScaling: (spec, old) => !semanticEqual(spec.resources, old.resources),
  InPlacePodVerticalScalingInitContainers: (spec, old) =>
    (old.initContainers ?? []).some(
      (container, i) =>
        !isRestartableInitContainer(container) &&
        !semanticEqual(container.resources, spec.initContainers?.[i]?.resources),
    ),
};

/** A pod on a node asks for nothing that the node cannot do. Source: plugin/pkg/admission/nodedeclaredfeatures. */
export function nodeDeclaredFeatureValidator(
  objects: AdmissionObjects,
  gates: FeatureGates,
): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    if (!changesBoundPod(attributes)) return;
    const { spec } = objectOf<BoundPod>(attributes);
    const old = oldObjectOf<BoundPod>(attributes).spec;
    const needed = Object.keys(neededByUpdate).filter((feature) => neededByUpdate[feature]!(spec, old));
    if (needed.length === 0) return;
    const { metadata, status } = await boundNode(objects, attributes);
    const missing = needed.filter((feature) => !status?.declaredFeatures?.includes(feature));
    if (missing.length === 0) return;
    throw denied(
      attributes,
      `pod update requires features ${missing.join(", ")} which are not available on node ${goQuote(metadata.name ?? "")}`,
    );
  };
  const rule = { operations: ["UPDATE"], resources: ["pods", "pods/resize"], validate } as const;
  return {
    name: "NodeDeclaredFeatureValidator",
    rules: gates.enabled("NodeDeclaredFeatures") ? [rule] : [],
  };
}
