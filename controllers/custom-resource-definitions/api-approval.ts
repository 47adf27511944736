/**
 * Groups of the Kubernetes community need an approval.
 * Source: k8s.io/apiextensions-apiserver/pkg/controller/apiapproval, pkg/apihelpers.
 */
import { apiApproval, isProtectedGroup } from "../../api/custom/api-approval.ts";
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import { findCondition, type NewCondition, sameCondition, withCondition } from "./conditions.ts";

const type = "KubernetesAPIApprovalPolicyConformant";

/** The definition with the condition; undefined: it stays as it is. */
export function judgeApproval(
  definition: CustomResourceDefinition,
  now: string,
): CustomResourceDefinition | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, reason: message } = apiApproval(definition.metadata.annotations);
  const status = state === "approved" ? "True" : "False";
  const condition: NewCondition = { type, status, reason: reasons[state], message };
  if (sameCondition(condition, findCondition(definition, type))) return undefined;
  return withCondition(definition, condition, now);
}

const reasons = {
  invalid: "InvalidAnnotation",
  missing: "MissingAnnotation",
  approved: "ApprovedAnnotation",
  bypassed: "UnapprovedAnnotation",
} as const;
