/** Source: pkg/apis/admissionregistration/validation/validation.go (validateMatchConditions, validateVariable). */
import type { Schemas } from "../../types.ts";
import { type CelCompiler, type CelExpression, celError, validateCel } from "../cel.ts";
import { duplicate, type FieldError, type FieldPath, invalid, required, tooMany } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName } from "../names.ts";

type MatchCondition = Schemas["io.k8s.api.admissionregistration.v1.MatchCondition"];
type Variable = Schemas["io.k8s.api.admissionregistration.v1.Variable"];

const maxConditions = 64;

export interface ExpressionOptions {
  compiler: CelCompiler | undefined;
  hasParams: boolean;
  /** Whether the old object has the expression already. */
  isStored(expression: string): boolean;
}

function celExpression(
  expression: string,
  returns: CelExpression["returns"],
  { hasParams, isStored }: ExpressionOptions,
): CelExpression {
  return { expression, returns, hasParams, hasAuthorizer: true, stored: isStored(expression) };
}

/** validateMatchConditions. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [],
  options: ExpressionOptions,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (conditions.length > maxConditions) errors.push(tooMany(path, conditions.length, maxConditions));
  const seen = new Set<string>();
  conditions.forEach(({ name = "", expression = "" }, index) => {
    const at = path.index(index);
    const trimmed = expression.trim();
    const question = celExpression(trimmed, "bool", options);
    if (trimmed === "") errors.push(required(at.child("expression")));
    else errors.push(...validateCel(options.compiler, question, at.child("expression")));
    if (name === "") {
      errors.push(required(at.child("name")));
      return;
    }
    errors.push(...invalidText(at.child("name"), name, checkQualifiedName(name)));
    if (seen.has(name)) errors.push(duplicate(at.child("name"), name));
    seen.add(name);
  });
  return errors;
}

const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

function isCelIdentifier(name: string): boolean {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);
}

/** validateVariable: those that follow may use it. */
export function validateVariable(
  { name = "", expression = "" }: Variable,
  options: ExpressionOptions,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (name.trim() === "") errors.push(required(path.child("name"), "name is not specified"));
  else if (!isCelIdentifier(name)) {
    errors.push(invalid(path.child("name"), name, "must be a valid CEL identifier"));
  }
  if (expression.trim() === "") {
    errors.push(required(path.child("expression"), "expression is not specified"));
    return errors;
  }
  const problem = options.compiler?.declare(name, celExpression(expression, "any", options));
  if (problem) errors.push(celError(problem, path.child("expression"), expression));
  return errors;
}
