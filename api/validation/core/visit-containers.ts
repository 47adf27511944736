import type { Container, PodSpec } from "../../core-types.ts";
import type { FieldPath } from "../field.ts";

/** Calls visit for every container with its place: init, regular, ephemeral (podshelper.VisitContainersWithPath). */
export function visitContainers(
  spec: PodSpec,
  specPath: FieldPath,
  visit: (container: Container, path: FieldPath) => void,
): void {
  visitList(spec.initContainers, specPath, "initContainers", visit);
  visitList(spec.containers, specPath, "containers", visit);
  visitList(spec.ephemeralContainers, specPath, "ephemeralContainers", visit);
}

function visitList(
  containers: readonly Container[] | undefined,
  specPath: FieldPath,
  field: string,
  visit: (container: Container, path: FieldPath) => void,
): void {
  if (!containers) return;
  const path = specPath.child(field);
  for (let index = 0; index < containers.length; index++) visit(containers[index]!, path.index(index));
}
