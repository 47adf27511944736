/**
 * Whether a value fits its schema, in the order and words of upstream's validator.
 * Source: k8s.io/kube-openapi/pkg/validation/validate, k8s.io/apiextensions-apiserver/pkg/apiserver/validation.
 */
import { goQuote } from "../go-format.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import type { Correlation } from "./correlation.ts";
import { fitsFormat } from "./formats.ts";
import { isInt64 } from "./go-number.ts";
import { isJsonObject, itemsOf, type JsonSchema } from "./json-schema.ts";
import { validateNumber } from "./number-validation.ts";
import { matchesPattern } from "./pattern.ts";
import { type Problem, ValueResult } from "./value-result.ts";

/**
 * The schema is one withKnownFormats, or for defaults as it stands. Correlation: with the old value on update, where unchanged values may stay as they are.
 */
export function validateValue(
  value: JsonValue,
  schema: JsonSchema,
  correlation: Correlation | undefined,
  path = "",
): ValueResult {
  const result = validateSchema(value, schema, correlation, path);
  if (result.valid || !correlation?.unchanged) return result;
  const ratcheted = new ValueResult();
  ratcheted.matches = result.matches;
  return ratcheted;
}

/** Without looking at whether the value itself was there before: what is inside it may have been. */
function validateSchema(
  value: JsonValue,
  schema: JsonSchema,
  correlation: Correlation | undefined,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const check = (outcome: ValueResult | undefined) => {
    if (outcome) result.merge(outcome);
    result.matches++;
  };
  const types = typesOf(schema);
  const { format = "" } = schema;
  if (value === null) {
    result.merge(validateType(value, schema, types, format, path));
    const problem = enumProblem(value, schema, path);
    if (problem) result.add(problem);
    return result;
  }
  if (types.length > 0 || format !== "") check(validateType(value, schema, types, format, path));
  check(validateJunctors(value, schema, correlation, path));
  if (typeof value === "string") check(one(textProblem(value, schema, path)));
  if (typeof value === "string" && format !== "") check(one(formatProblem(value, format, path)));
  if (typeof value === "number" || typeof value === "bigint") {
    check(validateNumber(value, schema, types, format, path));
  }
  if (Array.isArray(value)) check(validateArray(value, schema, correlation, path));
  check(one(enumProblem(value, schema, path)));
  if (isJsonObject(value)) check(validateObject(value, schema, correlation, path));
  result.matches++;
  return result;
}

function one(problem: Problem | undefined): ValueResult | undefined {
  if (!problem) return undefined;
  const result = new ValueResult();
  result.add(problem);
  return result;
}

function typesOf({ type, "x-kubernetes-int-or-string": intOrString }: JsonSchema): readonly string[] {
  if (intOrString) return ["integer", "string"];
  return type ? [type] : [];
}

/** A value's type and format as Go's reflection sees them. */
function shapeOf(value: JsonValue): { type: string; format: string } {
  if (value === null) return { type: "null", format: "" };
  if (typeof value === "boolean") return { type: "boolean", format: "" };
  if (typeof value === "string") return { type: "string", format: "" };
  if (Array.isArray(value)) return { type: "array", format: "" };
  if (typeof value === "object") return { type: "object", format: "" };
  return isInt64(value) ? { type: "integer", format: "int64" } : { type: "number", format: "float64" };
}

function validateType(
  value: JsonValue,
  { nullable }: JsonSchema,
  types: readonly string[],
  format: string,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const shape = shapeOf(value);
  const refuse = (wanted: string, got: string): ValueResult => {
    const message = `${path} in body must be of type ${wanted}: ${goQuote(got)}`;
    result.add({ kind: "type", name: path, value: got, message });
    return result;
  };
  if (value === null) {
    if (types.length > 0 && !nullable) return refuse(types.join(","), "null");
    result.matches++;
    return result;
  }
  const isFloatInt = shape.type === "number" && types.includes("integer") && Number.isInteger(Number(value));
  const isIntFloat = shape.type === "integer" && types.includes("number");
  const fits = types.includes(shape.type) || isFloatInt || isIntFloat;
  const isTextual = typeof value === "string" || Array.isArray(value);
  if (!isTextual && format !== "" && !fits && shape.format !== format) return refuse(format, shape.format);
  const isNumeric = types.includes("number") || types.includes("integer");
  // A format speaks for the type of texts, and, as upstream has it, of lists.
  if (!(isTextual && format !== "" && !isNumeric) && !fits) return refuse(types.join(","), shape.type);
  result.matches++;
  return result;
}

const composite = (message: string): Problem => ({ kind: "composite", name: "", message });

/** anyOf, oneOf, allOf and not. */
function validateJunctors(
  value: JsonValue,
  { anyOf, oneOf, allOf, not }: JsonSchema,
  correlation: Correlation | undefined,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const validate = (schema: JsonSchema) => validateSchema(value, schema, correlation, path);
  const name = goQuote(path);
  if (anyOf?.length) validateAnyOf(anyOf, validate, name, result);
  if (oneOf?.length) validateOneOf(oneOf, validate, name, result);
  if (allOf?.length) {
    const outcomes = allOf.map(validate);
    for (const outcome of outcomes) result.merge(outcome);
    const valid = outcomes.filter((outcome) => outcome.valid).length;
    const more = valid === 0 ? ". None validated" : "";
    if (valid !== allOf.length) result.add(composite(`${name} must validate all the schemas (allOf)${more}`));
  }
  if (not && validate(not).valid) result.add(composite(`${name} must not validate the schema (not)`));
  result.matches++;
  return result;
}

function validateAnyOf(
  schemas: readonly JsonSchema[],
  validate: (schema: JsonSchema) => ValueResult,
  name: string,
  result: ValueResult,
): void {
  let best: ValueResult | undefined;
  for (const schema of schemas) {
    const outcome = validate(schema);
    if (outcome.valid) {
      result.merge(outcome);
      return;
    }
    if (!best || outcome.matches > best.matches) best = outcome;
  }
  result.add(composite(`${name} must validate at least one schema (anyOf)`));
  if (best) result.merge(best);
}

function validateOneOf(
  schemas: readonly JsonSchema[],
  validate: (schema: JsonSchema) => ValueResult,
  name: string,
  result: ValueResult,
): void {
  const valid: ValueResult[] = [];
  let best: ValueResult | undefined;
  for (const schema of schemas) {
    const outcome = validate(schema);
    if (outcome.valid) valid.push(outcome);
    else if (valid.length === 0 && (!best || outcome.matches > best.matches)) best = outcome;
  }
  if (valid.length === 1) {
    result.merge(valid[0]!);
    return;
  }
  const found = valid.length === 0 ? "Found none valid" : `Found ${valid.length} valid alternatives`;
  result.add(composite(`${name} must validate one and only one schema (oneOf). ${found}`));
  if (valid.length === 0 && best) result.merge(best);
}

/** Length in characters; a text has at most one of these problems. */
function textProblem(
  value: string,
  { maxLength, minLength, pattern }: JsonSchema,
  path: string,
): Problem | undefined {
  const problem = (kind: "tooLong" | "other", detail: string, limit?: number): Problem => ({
    kind,
    name: path,
    value,
    message: `${path} in body should ${detail}`,
    ...(limit === undefined ? {} : { limit }),
  });
  const length = maxLength === undefined && minLength === undefined ? 0 : countCharacters(value);
  if (maxLength !== undefined && length > maxLength) {
    return problem("tooLong", `be at most ${maxLength} chars long`, maxLength);
  }
  if (minLength !== undefined && length < minLength) {
    return problem("other", `be at least ${minLength} chars long`);
  }
  if (pattern && !matchesPattern(pattern, value)) return problem("other", `match '${pattern}'`);
  return undefined;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function formatProblem(value: string, format: string, path: string): Problem | undefined {
  if (fitsFormat(format, value)) return undefined;
  const message = `${path} in body must be of type ${format}: ${goQuote(value)}`;
  return { kind: "type", name: path, value, message };
}

function enumProblem(value: JsonValue, { enum: allowed }: JsonSchema, path: string): Problem | undefined {
  if (!allowed?.length || (value !== null && allowed.some((one) => jsonEqual(one, value)))) return undefined;
  return { kind: "enum", name: path, value, allowed, message: `${path} in body should be one of ${allowed}` };
}

function validateArray(
  items: JsonValue[],
  schema: JsonSchema,
  correlation: Correlation | undefined,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const itemSchema = itemsOf(schema);
  if (itemSchema) {
    items.forEach((item, index) => {
      result.merge(validateValue(item, itemSchema, correlation?.index(index), `${path}[${index}]`));
    });
  }
  const { minItems, maxItems, uniqueItems } = schema;
  const size = items.length;
  if (minItems !== undefined && size < minItems) {
    const message = `${path} in body should have at least ${minItems} items`;
    result.add({ kind: "other", name: path, value: size, message });
  }
  if (maxItems !== undefined && size > maxItems) {
    const message = `${path} in body should have at most ${maxItems} items`;
    result.add({ kind: "tooMany", name: path, value: size, limit: maxItems, message });
  }
  if (
    uniqueItems &&
    items.some((item, index) => items.slice(0, index).some((other) => jsonEqual(item, other)))
  ) {
    result.add({ kind: "other", name: path, message: `${path} in body shouldn't contain duplicates` });
  }
  result.matches++;
  return result;
}

function validateObject(
  object: JsonObject,
  schema: JsonSchema,
  correlation: Correlation | undefined,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const { minProperties, maxProperties, properties = {}, additionalProperties: additional } = schema;
  const size = Object.keys(object).length;
  if (minProperties !== undefined && size < minProperties) {
    const message = `${path} in body should have at least ${minProperties} properties`;
    result.add({ kind: "other", name: path, value: size, message });
  }
  if (maxProperties !== undefined && size > maxProperties) {
    const message = `${path} in body should have at most ${maxProperties} properties`;
    result.add({ kind: "tooMany", name: path, value: size, limit: maxProperties, message });
  }
  for (const [key, value] of Object.entries(object)) {
    if (Object.hasOwn(properties, key)) continue;
    if (additional === false) {
      const message = `${path}.${key} in body is a forbidden property`;
      result.add({ kind: "other", name: path, value: key, message });
    } else if (typeof additional === "object") {
      result.merge(validateMember(value, additional, correlation, path, key, `${path}.${key}`));
    }
  }
  for (const [key, property] of Object.entries(properties)) {
    if (!Object.hasOwn(object, key)) continue;
    const at = path === "" ? key : `${path}.${key}`;
    result.merge(validateMember(object[key]!, property, correlation, path, key, at));
  }
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(object, key)) continue;
    result.add({ kind: "required", name: `${path}.${key}`, message: `${path}.${key} in body is required` });
  }
  return result;
}

function validateMember(
  value: JsonValue,
  schema: JsonSchema,
  correlation: Correlation | undefined,
  path: string,
  key: string,
  at: string,
): ValueResult {
  // A change of apiVersion shows nowhere: both objects are converted to the same.
  const isTypeMeta = path === "" && (key === "kind" || key === "apiVersion");
  return validateValue(value, schema, isTypeMeta ? undefined : correlation?.key(key), at);
}
