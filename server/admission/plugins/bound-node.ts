import type { PodSpec } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import { type AdmissionObjects, nodes } from "../objects.ts";

export type BoundPod = ObjectOf<"io.k8s.api.core.v1.Pod"> & { spec: PodSpec };
export type Node = ObjectOf<"io.k8s.api.core.v1.Node">;

/** Whether an update changes the spec of a pod that is on a node. */
export function changesBoundPod(attributes: AdmissionAttributes): boolean {
  const { spec, metadata } = objectOf<BoundPod>(attributes);
  return !!spec.nodeName && metadata.generation !== oldObjectOf<BoundPod>(attributes).metadata.generation;
}

/** The node that the pod is on; refuses the write where there is none. */
export async function boundNode(objects: AdmissionObjects, attributes: AdmissionAttributes): Promise<Node> {
  const name = objectOf<BoundPod>(attributes).spec.nodeName!;
  const found = await objects.get(nodes, "", name);
  if (!found) throw denied(attributes, `node ${goQuote(name)} not found`);
  return found as Node;
}
