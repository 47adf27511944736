/**
 * References to a pod's own fields and resources. Sources: validateObjectFieldSelector and
 * validateContainerResourceFieldSelector in k8s.io/kubernetes/pkg/apis/core/validation/validation.go,
 * pkg/apis/core/pods/helpers.go and pkg/fieldpath.
 */
import type { ObjectFieldSelector, ResourceFieldSelector } from "../../core-types.ts";
import { Quantity } from "../../quantity.ts";
import { type FieldError, type FieldPath, invalid, notSupportedText, required } from "../field.ts";
import { validateQualifiedName } from "./names.ts";

/** Fields that a pod can be asked for at all; which of them depends on the place. */
const podFields = new Set([
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.serviceAccountName",
  "spec.schedulerName",
  "status.phase",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
]);

/** SplitMaybeSubscriptedPath: metadata.labels['key'] as path and subscript. */
export function splitSubscript(fieldPath: string): { path: string; subscript?: string } {
  if (!fieldPath.endsWith("']")) return { path: fieldPath };
  const start = fieldPath.indexOf("['");
  if (start <= 0 || start > fieldPath.length - 4) return { path: fieldPath };
  return { path: fieldPath.slice(0, start), subscript: fieldPath.slice(start + 2, -2) };
}

/** validateObjectFieldSelector; allowed are the fields that this place supports, sorted. */
export function validateObjectFieldSelector(
  selector: ObjectFieldSelector,
  allowed: ReadonlySet<string>,
  path: FieldPath,
): FieldError[] {
  const { apiVersion, fieldPath } = selector;
  if (!apiVersion) return [required(path.child("apiVersion"))];
  if (!fieldPath) return [required(path.child("fieldPath"))];
  const { path: field, subscript } = splitSubscript(fieldPath);
  const problem = conversionProblem(apiVersion, fieldPath, field, subscript);
  if (problem) {
    return [invalid(path.child("fieldPath"), fieldPath, `error converting fieldPath: ${problem}`)];
  }
  if (subscript !== undefined) {
    return validateQualifiedName(
      field === "metadata.annotations" ? subscript.toLowerCase() : subscript,
      path,
    );
  }
  const internal = field === "spec.host" ? "spec.nodeName" : field;
  return allowed.has(internal) ? [] : [notSupportedText(path.child("fieldPath"), internal, allowed)];
}

function conversionProblem(
  apiVersion: string,
  fieldPath: string,
  field: string,
  subscript: string | undefined,
): string | undefined {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  if (subscript !== undefined) {
    if (field === "metadata.annotations" || field === "metadata.labels") return undefined;
    return `field label does not support subscript: ${fieldPath}`;
  }
  // spec.host is what the first clients called spec.nodeName.
  if (podFields.has(field) || field === "spec.host") return undefined;
  return `field label not supported: ${fieldPath}`;
}

const resourceFields = new Set([
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
]);

const isHugePages = (resource: string): boolean => /^(?:limits|requests)\.hugepages-/.test(resource);

/** validateContainerResourceFieldSelector; in a volume the container must be named. */
export function validateContainerResourceFieldSelector(
  selector: ResourceFieldSelector,
  path: FieldPath,
  inVolume: boolean,
): FieldError[] {
  const { containerName, resource = "", divisor } = selector;
  const errors: FieldError[] = [];
  if (inVolume && !containerName) errors.push(required(path.child("containerName")));
  else if (!resource) errors.push(required(path.child("resource")));
  else if (!resourceFields.has(resource) && !isHugePages(resource)) {
    errors.push(notSupportedText(path.child("resource"), resource, resourceFields));
  }
  return divisor === undefined ? errors : [...errors, ...validateDivisor(resource, divisor, path)];
}

const byteDivisors = "1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei".split(" ");
const byteDivisorText = `values ${byteDivisors.join(", ")} are supported`;
const byteResources: Readonly<Record<string, string>> = {
  memory: "memory",
  "ephemeral-storage": "local ephemeral storage",
};

function validateDivisor(resource: string, divisor: string, path: FieldPath): FieldError[] {
  const quantity = Quantity.parse(divisor);
  if (quantity.isZero) return [];
  const name = resource.slice(resource.indexOf(".") + 1);
  const known = resourceFields.has(resource);
  if (known && name === "cpu") {
    if (["1m", "1"].includes(quantity.toString())) return [];
    return [divisorError(path, resource, "values 1m and 1 are supported", "cpu")];
  }
  const label = known ? byteResources[name] : isHugePages(resource) ? "hugepages" : undefined;
  if (label === undefined || byteDivisors.includes(quantity.toString())) return [];
  return [divisorError(path, resource, byteDivisorText, label)];
}

function divisorError(path: FieldPath, resource: string, values: string, label: string): FieldError {
  return invalid(path.child("divisor"), resource, `only divisor's ${values} with the ${label} resource`);
}
