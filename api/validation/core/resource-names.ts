/** Names and amounts of resources. Source: pkg/apis/core/validation/validation.go. */
import { Quantity } from "../../quantity.ts";
import {
  isExtendedResource,
  isIntegerResource,
  isNativeResource,
  isStandardContainerResource,
  isStandardQuotaResource,
  isStandardResource,
} from "../../resource-names.ts";
import { type FieldError, type FieldPath, invalid } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName } from "../names.ts";
import { notIntegerError, notNegativeError, notPositiveError } from "../values.ts";

/** validateResourceName. */
export function validateResourceName(name: string, path: FieldPath): FieldError[] {
  const problems = checkQualifiedName(name);
  if (problems.length > 0) return invalidText(path, name, problems);
  if (name.includes("/") || isStandardResource(name)) return [];
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
}

/** validateContainerResourceName. */
export function validateContainerResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes("/")) {
    if (isStandardContainerResource(name)) return errors;
    return [...errors, invalid(path, name, "must be a standard resource for containers")];
  }
  if (isNativeResource(name) || isExtendedResource(name)) return errors;
  return [...errors, invalid(path, name, "doesn't follow extended resource name standard")];
}

/** ValidateResourceQuotaResourceName. */
export function validateQuotaResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (name.includes("/") || isStandardQuotaResource(name)) return errors;
  return [...errors, invalid(path, name, "must be a standard resource for quota")];
}

/** ValidateResourceQuantityValue: not negative, and whole where things are counted. */
export function validateResourceQuantity(resource: string, text: string, path: FieldPath): FieldError[] {
  const quantity = Quantity.parse(text);
  const errors = validateNonnegativeQuantity(quantity, path);
  if (isIntegerResource(resource) && quantity.milliValue() % 1000n !== 0n) {
    errors.push(invalid(path, quantity.toString(), notIntegerError));
  }
  return errors;
}

/** ValidateNonnegativeQuantity. */
export function validateNonnegativeQuantity(quantity: Quantity, path: FieldPath): FieldError[] {
  return quantity.sign < 0 ? [invalid(path, quantity.toString(), notNegativeError)] : [];
}

/** ValidatePositiveQuantityValue. */
export function validatePositiveQuantity(quantity: Quantity, path: FieldPath): FieldError[] {
  return quantity.sign <= 0 ? [invalid(path, quantity.toString(), notPositiveError)] : [];
}

/** validateBasicResource. */
export function validateBasicResource(quantity: Quantity, path: FieldPath): FieldError[] {
  const value = quantity.value();
  return value < 0n ? [invalid(path, value, "must be a valid resource quantity")] : [];
}
