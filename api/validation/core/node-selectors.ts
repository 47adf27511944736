/**
 * Selectors of nodes, of pods, volumes and devices.
 * Source: ValidateNodeSelector and its neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "../../core-types.ts";
import { type FieldError, type FieldPath, forbidden, invalid, required, TypedText } from "../field.ts";
import { validateLabelName } from "../labels.ts";
import { checkLabelValue, nameIsDnsSubdomain } from "../names.ts";

/** ValidateNodeSelector. */
export function validateNodeSelector(
  { nodeSelectorTerms }: NodeSelector,
  allowInvalidValues: boolean,
  path: FieldPath,
): FieldError[] {
  const at = path.child("nodeSelectorTerms");
  if (!nodeSelectorTerms?.length) return [required(at, "must have at least one node selector term")];
  return nodeSelectorTerms.flatMap((term, index) =>
    validateNodeSelectorTerm(term, allowInvalidValues, at.index(index)),
  );
}

/** ValidateNodeSelectorTerm. */
export function validateNodeSelectorTerm(
  { matchExpressions, matchFields }: NodeSelectorTerm,
  allowInvalidValues: boolean,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  matchExpressions?.forEach((requirement, index) => {
    const at = path.child("matchExpressions").index(index);
    errors.push(...validateRequirement(requirement, allowInvalidValues, at));
  });
  matchFields?.forEach((requirement, index) => {
    errors.push(...validateFieldRequirement(requirement, path.child("matchFields").index(index)));
  });
  return errors;
}

/** ValidateNodeSelectorRequirement. */
function validateRequirement(
  { key = "", operator, values = [] }: NodeSelectorRequirement,
  allowInvalidValues: boolean,
  path: FieldPath,
): FieldError[] {
  const errors = validateOperator(operator, values.length, path);
  errors.push(...validateLabelName(key, path.child("key")));
  if (allowInvalidValues) return errors;
  values.forEach((value, index) => {
    for (const problem of checkLabelValue(value)) {
      errors.push(invalid(path.child("values").index(index), value, problem));
    }
  });
  return errors;
}

function validateOperator(operator: string | undefined, count: number, path: FieldPath): FieldError[] {
  const at = path.child("values");
  switch (operator) {
    case "In":
    case "NotIn":
      if (count > 0) return [];
      return [required(at, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (count === 0) return [];
      return [forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case "Gt":
    case "Lt":
      if (count === 1) return [];
      return [required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [
        invalid(path.child("operator"), new TypedText(operator ?? ""), "not a valid selector operator"),
      ];
  }
}

/** ValidateNodeFieldSelectorRequirement: nodes have one field, their name. */
function validateFieldRequirement(requirement: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { key = "", values = [] } = requirement;
  const operator: string = requirement.operator ?? "";
  if (operator !== "In" && operator !== "NotIn") {
    errors.push(invalid(path.child("operator"), new TypedText(operator), "not a valid selector operator"));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(path.child("values"), detail));
  }
  if (key !== "metadata.name") {
    return [...errors, invalid(path.child("key"), key, "not a valid field selector key")];
  }
  values.forEach((value, index) => {
    for (const problem of nameIsDnsSubdomain(value, false)) {
      errors.push(invalid(path.child("values").index(index), value, problem));
    }
  });
  return errors;
}
