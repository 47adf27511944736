import { FieldPathError, findField } from "../../custom/field-path.ts";
import type { JsonSchema } from "../../custom/json-schema.ts";
import { structuralProblem } from "../../custom/structural.ts";
import { type FieldError, type FieldPath, invalid, notSupportedText, required } from "../field.ts";

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const lineBreak = /[\n\r]/;

/** The form of x-kubernetes-validations; what the expressions themselves say is not looked at here. */
export function validateRules(schema: JsonSchema, path: FieldPath): FieldError[] {
  const rules = schema["x-kubernetes-validations"] ?? [];
  return rules.flatMap((rule, index) => validateRule(rule, schema, path.index(index)));
}

type Rule = NonNullable<JsonSchema["x-kubernetes-validations"]>[number];

function validateRule(
  { rule, message = "", messageExpression = "", reason, fieldPath = "" }: Rule,
  schema: JsonSchema,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const [ownRule, ownMessage] = [rule.trim(), message.trim()];
  if (ownRule === "") errors.push(required(path.child("rule"), "rule is not specified"));
  else if (message !== "" && ownMessage === "") {
    errors.push(invalid(path.child("message"), message, "must be non-empty if specified"));
  } else if (lineBreak.test(ownMessage)) {
    errors.push(invalid(path.child("message"), message, "must not contain line breaks"));
  } else if (lineBreak.test(ownRule) && ownMessage === "") {
    const detail = "message must be specified if rule contains line breaks";
    errors.push(required(path.child("message"), detail));
  }
  if (messageExpression !== "" && messageExpression.trim() === "") {
    const detail = "messageExpression must be non-empty if specified";
    errors.push(required(path.child("messageExpression"), detail));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupportedText(path.child("reason"), reason, reasons));
  }
  if (fieldPath !== "" && fieldPath.trim() === "") {
    errors.push(invalid(path.child("fieldPath"), fieldPath, "must be non-empty if specified"));
  }
  if (lineBreak.test(fieldPath)) {
    errors.push(invalid(path.child("fieldPath"), fieldPath, "must not contain line breaks"));
  }
  if (fieldPath !== "" && !leadsSomewhere(fieldPath, schema)) {
    errors.push(invalid(path.child("fieldPath"), fieldPath, "must be a valid path"));
  }
  return errors;
}

/** Source: pathValid. A schema that is not structural has no paths to be wrong about. */
function leadsSomewhere(fieldPath: string, schema: JsonSchema): boolean {
  if (structuralProblem(schema) !== undefined) return true;
  try {
    findField(fieldPath, schema, true);
    return true;
  } catch (error) {
    if (error instanceof FieldPathError) return false;
    throw error;
  }
}
