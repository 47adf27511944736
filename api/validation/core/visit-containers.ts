import type { Container, PodSpec } from "../../core-types.ts";
import type { FieldPath } from "../field.ts";

/** Calls visit for every container with its place: init, regular, ephemeral (podshelper.VisitContainersWithPath). */
export function visitContainers(
  spec: PodSpec,
  specPath: FieldPath,
  visit: (container: Container, path: FieldPath) => void,
): void {
  for (const field of ["initContainers", "containers", "ephemeralContainers"] as const) {
    spec[field]?.forEach((container, index) => {
      visit(container, specPath.child(field).index(index));
    });
  }
}
