/** Puts a pod on a node: POST …/pods/NAME/binding. Source: pkg/registry/core/pod/storage/storage.go. */
import { type Clock, timestamp } from "../../../api/clock.ts";
import type { Binding, Pod } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import { setPodCondition } from "../../../api/pod-conditions.ts";
import { badRequest, conflict, StatusError } from "../../../api/status.ts";
import { validateBinding } from "../../../api/validation/core/binding.ts";
import { aggregateMessage } from "../../../api/validation/field.ts";

/**
 * Throws where the binding itself is wrong.
 * @throws StatusError; a wrong target is a 500 without a reason, because upstream returns a plain error.
 */
export function checkBinding(name: string, binding: Binding): void {
  const metadata = binding.metadata ?? {};
  if (name !== (metadata.name ?? "")) throw badRequest("name in URL does not match name in Binding object");
  const errors = validateBinding({ ...binding, metadata });
  if (errors.length > 0) throw new StatusError(500, "", aggregateMessage(errors));
}

/** What the pod must be for the binding to be made. */
export function bindingPreconditions({ metadata }: Binding): { uid?: string; resourceVersion?: string } {
  return { uid: metadata?.uid || undefined, resourceVersion: metadata?.resourceVersion || undefined };
}

/**
 * Changes the pod (a copy of its own) as the binding says: setPodNodeAndMetadata.
 * @throws StatusError 409 where it can't be assigned (any more).
 */
export function assignPod(
  pod: Pod,
  binding: Binding,
  { gates, clock }: { gates: FeatureGates; clock: Clock },
): void {
  const { metadata } = pod;
  const name = metadata.name ?? "";
  const problem = assignmentProblem(pod, name);
  if (problem) throw conflict({ group: "", resource: "pods/binding" }, name, problem);
  pod.spec = { ...(pod.spec ?? { containers: [] }), nodeName: binding.target.name };
  pod.status = { ...pod.status };
  if (gates.enabled("ClearingNominatedNodeNameAfterBinding")) delete pod.status.nominatedNodeName;
  const { annotations, labels } = binding.metadata ?? {};
  if (annotations) metadata.annotations = { ...metadata.annotations, ...annotations };
  if (labels && gates.enabled("PodTopologyLabelsAdmission")) {
    metadata.labels = { ...metadata.labels, ...labels };
  }
  setPodCondition(pod.status, { type: "PodScheduled", status: "True" }, timestamp(clock));
}

function assignmentProblem({ metadata, spec }: Pod, name: string): string | undefined {
  if (metadata.deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (spec?.nodeName) return `pod ${name} is already assigned to node ${goQuote(spec.nodeName)}`;
  if (spec?.schedulingGates?.length) return `pod ${name} has non-empty .spec.schedulingGates`;
  return undefined;
}
