import type { CustomResourceDefinition } from "../../custom/definition.ts";
import type { FieldError } from "../field.ts";

export function validateCustomResourceDefinition(_definition: CustomResourceDefinition): FieldError[] {
  return [];
}
export function validateCustomResourceDefinitionUpdate(
  _definition: CustomResourceDefinition,
  _old: CustomResourceDefinition,
): FieldError[] {
  return [];
}
export function validateCustomResourceDefinitionStatusUpdate(
  _definition: CustomResourceDefinition,
  _old: CustomResourceDefinition,
): FieldError[] {
  return [];
}
