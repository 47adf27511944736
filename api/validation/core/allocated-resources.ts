/**
 * What a container's status says of the health of its devices.
 * Source: validateContainerStatusAllocatedResourcesStatus in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container, ContainerStatus, PodSpec, PodStatus } from "../../core-types.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  TypedText,
  tooLong,
} from "../field.ts";
import { isLongerThan } from "../names.ts";

type Allocated = NonNullable<ContainerStatus["allocatedResourcesStatus"]>[number];

export function validateAllocatedResources(status: PodStatus, spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const lists = [
    ["containerStatuses", spec.containers],
    ["initContainerStatuses", spec.initContainers],
  ] as const;
  for (const [list, containers] of lists) {
    status[list]?.forEach(({ name, allocatedResourcesStatus }, index) => {
      const container = containers?.find((candidate) => candidate.name === name);
      const at = path.child(list).index(index).child("allocatedResourcesStatus");
      allocatedResourcesStatus?.forEach((allocated, resourceIndex) => {
        errors.push(...validateAllocated(allocated, container, at.index(resourceIndex)));
      });
    });
  }
  status.ephemeralContainerStatuses?.forEach(({ allocatedResourcesStatus }, index) => {
    if (!allocatedResourcesStatus?.length) return;
    const at = path.child("ephemeralContainerStatuses").index(index).child("allocatedResourcesStatus");
    errors.push(forbidden(at, "must not be specified in container status"));
  });
  return errors;
}

const healths = ["Healthy", "Unhealthy", "Unknown"];
const longestMessage = 1024;

function validateAllocated(
  allocated: Allocated,
  container: Container | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const problem = container && nameProblem(allocated.name ?? "", container);
  if (problem) errors.push(invalid(path.child("name"), new TypedText(allocated.name ?? ""), problem));
  const ids = new Set<string>();
  allocated.resources?.forEach(({ resourceID = "", health = "", message }, index) => {
    const at = path.child("resources").index(index);
    if (!healths.includes(health)) errors.push(notSupported(at.child("health"), health, healths));
    if (message === "") errors.push(required(at.child("message"), "must be non-empty if specified"));
    else if (isLongerThan(message ?? "", longestMessage))
      errors.push(tooLong(at.child("message"), longestMessage));
    if (ids.has(resourceID)) errors.push(duplicate(at.child("resourceID"), new TypedText(resourceID)));
    ids.add(resourceID);
  });
  return errors;
}

function nameProblem(name: string, { resources }: Container): string | undefined {
  if (!name.startsWith("claim:")) {
    if (Object.hasOwn(resources?.requests ?? {}, name)) return undefined;
    return "must match one of the container's resource requests";
  }
  const claims = (resources?.claims ?? []).map((claim) =>
    claim.request ? `claim:${claim.name}/${claim.request}` : `claim:${claim.name}`,
  );
  if (claims.includes(name)) return undefined;
  return "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
}
