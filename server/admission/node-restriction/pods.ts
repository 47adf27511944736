import type { Pod, PodSpec } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import { jsonEqual } from "../../../api/json-equal.ts";
import type { JsonValue, ObjectMeta } from "../../../api/object.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { notFound } from "../../../api/status.ts";
import { isMirrorPod } from "../../auth/node/pod-references.ts";
import { objectOf, oldObjectOf } from "../attributes.ts";
import { core, nodes, pods } from "../objects.ts";
import { apiReference } from "./api-reference.ts";
import { type NodeCheck, type NodeRequest, refuse } from "./node-request.ts";

export type NodePod = Pod & { metadata: ObjectMeta; spec: PodSpec };

/** A pod of the request's namespace. */
export async function podOf({ attributes, objects }: NodeRequest, name: string): Promise<NodePod> {
  const found = await objects.get(pods, attributes.namespace, name);
  if (!found) throw notFound(core("pod"), name);
  return found as NodePod;
}

/** A kubelet makes mirrors of its own pods, and deletes what is on its node. */
export const checkPod: NodeCheck = async (request) => {
  const { node, attributes } = request;
  const quoted = goQuote(node);
  if (attributes.operation === "CREATE") return checkMirrorPod(request);
  if (attributes.operation === "UPDATE") {
    throw refuse(
      request,
      `unexpected operation "UPDATE", node ${quoted} can only create and delete mirror pods`,
    );
  }
  const { spec } = await podOf(request, attributes.name);
  if (spec.nodeName !== node)
    throw refuse(request, `node ${quoted} can only delete pods with spec.nodeName set to itself`);
};

async function checkMirrorPod(request: NodeRequest): Promise<void> {
  const { node, attributes } = request;
  const quoted = goQuote(node);
  const pod = objectOf<NodePod>(attributes);
  if (!isMirrorPod(pod)) {
    throw refuse(
      request,
      `pod does not have "kubernetes.io/config.mirror" annotation, node ${quoted} can only create mirror pods`,
    );
  }
  if (pod.spec.nodeName !== node)
    throw refuse(request, `node ${quoted} can only create pods with spec.nodeName set to itself`);
  await checkOwner(request, pod);
  const { kind, problem } = apiReference(pod);
  if (problem) throw refuse(request, `error checking mirror pod for API references: ${problem}`);
  if (kind) throw refuse(request, `node ${quoted} can not create pods that reference ${kind}`);
}

async function checkOwner(request: NodeRequest, { metadata }: NodePod): Promise<void> {
  const { node, objects } = request;
  const start = `node ${goQuote(node)} can only create pods with`;
  const [owner, ...more] = metadata.ownerReferences ?? [];
  if (more.length > 0) throw refuse(request, `${start} a single owner reference set to itself`);
  if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
    throw refuse(request, `${start} an owner reference set to itself`);
  if (!owner.controller) throw refuse(request, `${start} a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion) {
    throw refuse(request, `node ${goQuote(node)} must not set blockOwnerDeletion on an owner reference`);
  }
  const found = await objects.get(nodes, "", node);
  if (!found) throw notFound(core("node"), node);
  const { uid } = found.metadata;
  if (owner.uid !== uid) {
    throw refuse(request, `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`);
  }
}

/** A kubelet says how its pods are, and nothing else of them. */
export const checkPodStatus: NodeCheck = (request) => {
  const { node, attributes } = request;
  const old = oldObjectOf<NodePod>(attributes);
  const pod = objectOf<NodePod>(attributes);
  const quoted = goQuote(node);
  if (old.spec.nodeName !== node) {
    throw refuse(
      request,
      `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`,
    );
  }
  if (!semanticEqual(old.metadata.labels, pod.metadata.labels))
    throw refuse(request, `node ${quoted} cannot update labels through pod status`);
  if (!isSame(old.status?.resourceClaimStatuses ?? [], pod.status?.resourceClaimStatuses ?? []))
    throw refuse(request, `node ${quoted} cannot update resource claim statues`);
  if (!isSame(old.status?.extendedResourceClaimStatus, pod.status?.extendedResourceClaimStatus))
    throw refuse(request, `node ${quoted} cannot update extended resource claim status`);
};

const isSame = (a: object | undefined, b: object | undefined): boolean =>
  jsonEqual((a ?? null) as JsonValue, (b ?? null) as JsonValue);

export const checkEviction: NodeCheck = async (request) => {
  const { node, attributes } = request;
  const { spec } = await podOf(request, attributes.name);
  if (spec.nodeName !== node)
    throw refuse(request, `node ${node} can only evict pods with spec.nodeName set to itself`);
};

export const refusePodSubresource: NodeCheck = (request) => {
  const { subresource } = request.attributes;
  throw refuse(
    request,
    `unexpected pod subresource ${goQuote(subresource)}, only 'status' and 'eviction' are allowed`,
  );
};
