/** Compiles expressions as far as it can be seen before they run. Source: cel-go cel/env.go. */

import type { CelProblem } from "../validation/cel.ts";
import type { Expr } from "./ast.ts";
import { checkCel } from "./checker.ts";
import { constantCallProblem } from "./constant-calls.ts";
import type { CelEnvironment } from "./environment.ts";
import { validateLiterals } from "./literal-validation.ts";
import type { Macros } from "./macros.ts";
import { parseCel } from "./parse.ts";
import { CelErrors, CelSource } from "./source.ts";
import type { CelType } from "./types.ts";

export interface Compiled {
  type: CelType;
  expr: Expr;
}
export type Compilation = Compiled | { errors: string };

export function compileCel(text: string, environment: CelEnvironment, macros: Macros): Compilation {
  const source = new CelSource(text);
  const { expr, errors: syntaxErrors } = parseCel(source, macros);
  if (!syntaxErrors.isEmpty) return { errors: String(syntaxErrors) };
  const errors = new CelErrors(source);
  const typeOf = checkCel(expr, environment, errors);
  if (errors.isEmpty) validateLiterals(expr, typeOf, errors);
  return errors.isEmpty ? { type: typeOf(expr), expr } : { errors: String(errors) };
}

/** What keeps an expression from being run; `refuses` says what is wrong with the type of its result. */
export function celProblem(
  compilation: Compilation,
  refuses: (type: CelType) => string | undefined,
): CelProblem | undefined {
  if ("errors" in compilation) {
    return { type: "invalid", detail: `compilation failed: ${compilation.errors}` };
  }
  const refusal = refuses(compilation.type);
  if (refusal !== undefined) return { type: "invalid", detail: refusal };
  const problem = constantCallProblem(compilation.expr);
  return problem === undefined
    ? undefined
    : { type: "internal", detail: `program instantiation failed: ${problem}` };
}
