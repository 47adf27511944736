import { duplicate, type FieldError, type FieldPath, invalid } from "../field.ts";
import { validateLabelName } from "../labels.ts";
import { validateList } from "./lists.ts";

const maxConditions = 4;

/** validateDeviceBindingParameters of pkg/apis/resource/validation/validation.go. */
export function validateBindingConditions(
  own: { bindingConditions?: string[]; bindingFailureConditions?: string[] },
  path: FieldPath,
): FieldError[] {
  const { bindingConditions = [], bindingFailureConditions = [] } = own;
  const bindingPath = path.child("bindingConditions");
  const failurePath = path.child("bindingFailureConditions");
  const errors = [
    ...validateList(bindingConditions, maxConditions, validateLabelName, bindingPath),
    ...validateList(bindingFailureConditions, maxConditions, validateLabelName, failurePath),
  ];
  const seen = new Set<string>();
  bindingConditions.forEach((condition, index) => {
    if (seen.has(condition)) errors.push(duplicate(bindingPath.index(index), condition));
    seen.add(condition);
  });
  const seenFailures = new Set<string>();
  bindingFailureConditions.forEach((condition, index) => {
    const at = failurePath.index(index);
    if (seenFailures.has(condition)) errors.push(duplicate(at, condition));
    seenFailures.add(condition);
    if (seen.has(condition)) {
      errors.push(invalid(at, condition, "bindingFailureConditions must not overlap with bindingConditions"));
    }
  });
  if (bindingConditions.length === 0 && bindingFailureConditions.length > 0) {
    const detail = "bindingConditions are required to use bindingFailureConditions";
    errors.push(invalid(bindingPath, own.bindingConditions ?? null, detail));
  }
  if (bindingFailureConditions.length === 0 && bindingConditions.length > 0) {
    const detail = "bindingFailureConditions are required to use bindingConditions";
    errors.push(invalid(failurePath, own.bindingFailureConditions ?? null, detail));
  }
  return errors;
}
