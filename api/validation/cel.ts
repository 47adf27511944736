/**
 * How validations ask for a CEL expression to be checked. The compiler is handed in by whoever has one; without it
 * expressions are taken as they are.
 */
import type { FeatureGates } from "../feature-gates.ts";
import { type FieldError, type FieldPath, internalError, invalid, required } from "./field.ts";

export interface CelExpression {
  expression: string;
  /** What it may evaluate to. */
  returns: "bool" | "string" | "stringOrNull" | "any" | "object" | "jsonPatch";
  /** Whether it may use `params`, `authorizer` and the constructors of patches. */
  hasParams: boolean;
  hasAuthorizer: boolean;
  hasPatchTypes?: boolean;
  /** It is in the old object already: functions of later versions are known, limits are wider. */
  stored: boolean;
}

/** What is wrong with an expression. */
export interface CelProblem {
  type: "required" | "invalid" | "internal";
  detail: string;
}

/** Compiles the expressions of one object: variables that were declared are known to those that follow. */
export interface CelCompiler {
  check(expression: CelExpression): CelProblem | undefined;
  declare(name: string, expression: CelExpression): CelProblem | undefined;
}

/** composes: expressions may use variables that are declared before them. */
export type NewCelCompiler = (options?: { composes: boolean }) => CelCompiler;

/** Knows what features give to devices. */
export type NewDeviceCompiler = (gates: FeatureGates) => CelCompiler;

/** convertCELErrorToValidationError. */
export function celError(problem: CelProblem, path: FieldPath, expression: string): FieldError {
  if (problem.type === "required") return required(path, problem.detail);
  if (problem.type === "internal") return internalError(path, problem.detail);
  return invalid(path, expression, problem.detail);
}

/** The errors of an expression: none or one. */
export function validateCel(
  compiler: CelCompiler | undefined,
  expression: CelExpression,
  path: FieldPath,
  shown = expression.expression,
): FieldError[] {
  const problem = compiler?.check(expression);
  return problem ? [celError(problem, path, shown)] : [];
}
