/** Source: pkg/apis/scheduling/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, forbidden, notSupported, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type PriorityClass = ObjectOf<"io.k8s.api.scheduling.v1.PriorityClass">;

const valuePath = FieldPath.of("value");
const preemptionPath = FieldPath.of("preemptionPolicy");

const highestUserValue = 1000000000;
const systemPrefix = "system-";
const systemValues = new Map([
  ["system-node-critical", 2000001000],
  ["system-cluster-critical", 2000000000],
]);

export const isSystemPriorityClass = (name: string): boolean => systemValues.has(name);

/** ValidatePriorityClass. */
export function validatePriorityClass(priority: PriorityClass): FieldError[] {
  const { metadata, value = 0, globalDefault = false, preemptionPolicy } = priority;
  const name = metadata.name ?? "";
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  if (name.startsWith(systemPrefix)) {
    const problem = systemClassProblem(name, value, globalDefault);
    if (problem !== undefined) {
      const detail = `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`;
      errors.push(forbidden(FieldPath.of("metadata", "name"), detail));
    }
  } else if (value > highestUserValue) {
    const detail = `maximum allowed value of a user defined priority is ${highestUserValue}`;
    errors.push(forbidden(valuePath, detail));
  }
  if (preemptionPolicy !== undefined)
    errors.push(...validatePreemptionPolicy(preemptionPolicy, preemptionPath));
  return errors;
}

/** IsKnownSystemPriorityClass. */
function systemClassProblem(name: string, value: number, globalDefault: boolean): string | undefined {
  const known = systemValues.get(name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

/** ValidatePreemptionPolicy. */
export function validatePreemptionPolicy(policy: string, path: FieldPath): FieldError[] {
  const policies = ["PreemptLowerPriority", "Never"];
  if (policy === "") return [required(path)];
  return policies.includes(policy) ? [] : [notSupported(path, policy, policies)];
}

/** ValidatePriorityClassUpdate. */
export function validatePriorityClassUpdate(priority: PriorityClass, old: PriorityClass): FieldError[] {
  const errors = validateObjectMetaUpdate(priority.metadata, old.metadata);
  if ((priority.value ?? 0) !== (old.value ?? 0)) {
    errors.push(forbidden(valuePath, "may not be changed in an update."));
  }
  errors.push(...validateImmutable(priority.preemptionPolicy, old.preemptionPolicy, preemptionPath));
  return errors;
}
