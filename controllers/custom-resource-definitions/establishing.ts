/** Source: k8s.io/apiextensions-apiserver/pkg/controller/establish/establishing_controller.go. */
import { type CustomResourceDefinition, hasCondition } from "../../api/custom/definition.ts";
import { withCondition } from "./conditions.ts";

/** The definition established, once its names are accepted; undefined: it stays as it is. */
export function establish(
  definition: CustomResourceDefinition,
  now: string,
): CustomResourceDefinition | undefined {
  if (!hasCondition(definition, "NamesAccepted") || hasCondition(definition, "Established")) return undefined;
  return withCondition(
    definition,
    {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    },
    now,
  );
}
