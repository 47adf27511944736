import { duplicate, type FieldError, FieldPath, required } from "../field.ts";

const conditionsPath = FieldPath.of("status", "conditions");

/** ValidateFlowSchemaStatus and ValidatePriorityLevelConfigurationStatus. */
export function validateFlowControlConditions(
  conditions: readonly { type?: string }[] | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  conditions?.forEach(({ type = "" }, index) => {
    const path = conditionsPath.index(index).child("type");
    if (seen.has(type)) errors.push(duplicate(path, type));
    seen.add(type);
    if (type === "") errors.push(required(path));
  });
  return errors;
}
