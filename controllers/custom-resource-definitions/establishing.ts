/** Source: k8s.io/apiextensions-apiserver/pkg/controller/establish/establishing_controller.go. */
import { type CustomResourceDefinition, hasCondition } from "../../api/custom/definition.ts";
import { caBundleProblem } from "../../api/x509/ca-bundle.ts";
import { findCondition, type NewCondition, sameCondition, withCondition } from "./conditions.ts";

/** The definition established, once its names are accepted, or why it is not; undefined: it stays as it is. */
export function establish(
  definition: CustomResourceDefinition,
  now: string,
): CustomResourceDefinition | undefined {
  if (!hasCondition(definition, "NamesAccepted") || hasCondition(definition, "Established")) return undefined;
  const { caBundle = "" } = definition.spec.conversion?.webhook?.clientConfig ?? {};
  const next = caBundleProblem(caBundle) === undefined ? established : invalidCaBundle;
  if (sameCondition(next, findCondition(definition, next.type))) return undefined;
  return withCondition(definition, next, now);
}

const established: NewCondition = {
  type: "Established",
  status: "True",
  reason: "InitialNamesAccepted",
  message: "the initial names have been accepted",
};

const invalidCaBundle: NewCondition = {
  type: "Established",
  status: "False",
  reason: "InvalidCABundle",
  message: "The conversion webhook CABundle is invalid",
};
