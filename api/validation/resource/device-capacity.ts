/** What may be asked of a device that is shared out. Source: pkg/apis/resource/validation/validation.go (validateRequestPolicy). */
import { Quantity } from "../../quantity.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, type FieldPath, forbidden, invalid, required } from "../field.ts";
import { validateSet } from "./lists.ts";

type Capacity = Schemas["io.k8s.api.resource.v1.DeviceCapacity"];
type Policy = Schemas["io.k8s.api.resource.v1.CapacityRequestPolicy"];
type Range = Schemas["io.k8s.api.resource.v1.CapacityRequestPolicyRange"];

const maxValidValues = 10;

/** Of a device with allowMultipleAllocations. */
export function validateSharedCapacity({ value, requestPolicy }: Capacity, path: FieldPath): FieldError[] {
  if (!requestPolicy) return [];
  return validatePolicy(Quantity.parse(value), requestPolicy, path.child("requestPolicy"));
}

/** Of a device that one claim gets as a whole. */
export function validateWholeCapacity({ requestPolicy }: Capacity, path: FieldPath): FieldError[] {
  if (!requestPolicy) return [];
  return [forbidden(path.child("requestPolicy"), "allowMultipleAllocations must be true")];
}

function validatePolicy(capacity: Quantity, policy: Policy, path: FieldPath): FieldError[] {
  const { validRange, validValues = [] } = policy;
  if (validValues.length > 0 && validRange) {
    const detail =
      'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    return [forbidden(path, detail)];
  }
  const field = validValues.length > 0 ? "validValues" : validRange ? "validRange" : undefined;
  if (!field) return [];
  if (policy.default === undefined || policy.default === null) {
    return [required(path.child("default"), `required when ${field} is defined`)];
  }
  const standard = Quantity.parse(policy.default);
  return validRange
    ? validateRange(standard, capacity, validRange, path.child(field))
    : validateValues(standard, capacity, validValues, path.child(field));
}

function validateValues(
  standard: Quantity,
  capacity: Quantity,
  texts: readonly string[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const values = texts.map((text) => Quantity.parse(text));
  values.forEach((value, index) => {
    const before = values[index - 1];
    if (!before || before.compare(value) <= 0) return;
    errors.push(invalid(path.index(index), value.toString(), "values must be sorted in ascending order"));
  });
  const tooLarge = `option is larger than capacity value: ${capacity}`;
  errors.push(
    ...validateSet(
      values,
      maxValidValues,
      (value, at) => (value.compare(capacity) > 0 ? [invalid(at, value.toString(), tooLarge)] : []),
      (value) => String(value.value()),
      path,
    ),
  );
  // Of a list that is too long upstream looks at no value.
  const searched = values.length > maxValidValues ? [] : values;
  if (searched.some((value) => value.compare(standard) === 0)) return errors;
  const detail = "default value is not valid according to the requestPolicy";
  return [...errors, invalid(path, standard.toString(), detail)];
}

function validateRange(
  standard: Quantity,
  capacity: Quantity,
  { min: minText, max: maxText, step: stepText }: Range,
  path: FieldPath,
): FieldError[] {
  if (minText === undefined) return [required(path.child("min"), "required when validRange is defined")];
  const errors: FieldError[] = [];
  const min = Quantity.parse(minText);
  const check = (fails: boolean, key: string, shown: Quantity, detail: string) => {
    if (fails) errors.push(invalid(path.child(key), shown.toString(), detail));
  };
  check(min.compare(capacity) > 0, "min", min, `min is larger than capacity value: ${capacity}`);
  check(standard.compare(min) < 0, "min", standard, `default is less than min: ${min}`);
  const max = maxText === undefined ? undefined : Quantity.parse(maxText);
  if (max) {
    check(min.compare(max) > 0, "max", min, `min is larger than max: ${max}`);
    check(max.compare(capacity) > 0, "max", max, `max is larger than capacity value: ${capacity}`);
    check(standard.compare(max) > 0, "max", standard, `default is more than max: ${max}`);
  }
  if (stepText === undefined) return errors;
  const step = Quantity.parse(stepText);
  const first = min.add(step);
  const tooLarge = `one step ${first} is larger than capacity value: ${capacity}`;
  check(first.compare(capacity) > 0, "step", step, tooLarge);
  const offStep = `value is not a multiple of a given step (${step}) from (${min})`;
  for (const value of max ? [standard, max] : [standard]) {
    check(!isOnStep(value, min, step), "step", value, offStep);
  }
  return errors;
}

/** Upstream panics over a step of zero. */
function isOnStep(value: Quantity, min: Quantity, step: Quantity): boolean {
  const size = step.value();
  return size !== 0n && (value.value() - min.value()) % size === 0n;
}
