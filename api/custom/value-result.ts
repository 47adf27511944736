/**
 * What a value's validation found, and as which field errors it is reported. Sources: kube-openapi's
 * validation/errors and validation/validate/result.go, kubeOpenAPIResultToFieldErrors of k8s.io/apiextensions-apiserver.
 */

import { stringifyJson } from "../json.ts";
import type { JsonValue } from "../object.ts";
import {
  type FieldError,
  invalid,
  notSupportedText,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from "../validation/field.ts";
import { sorted } from "./list-types.ts";

export type ProblemKind = "required" | "enum" | "tooLong" | "tooMany" | "type" | "other" | "composite";

export interface Problem {
  kind: ProblemKind;
  message: string;
  /** Where, as kube-openapi writes it; the field of a composite problem is not known. */
  name: string;
  value?: JsonValue | undefined;
  allowed?: readonly JsonValue[];
  limit?: number;
}

/** Problems, each once, and how many checks went well: that decides which alternative of anyOf was meant. */
export class ValueResult {
  readonly problems: Problem[] = [];
  matches = 0;

  get valid(): boolean {
    return this.problems.length === 0;
  }

  add(...problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (!this.problems.some(({ message }) => message === problem.message)) this.problems.push(problem);
    }
  }

  merge({ problems, matches }: ValueResult): void {
    this.add(...problems);
    this.matches += matches;
  }
}

/** Below is where the validated value stands in its object: "" for the object itself. */
export function fieldErrors(problems: readonly Problem[], below: string): FieldError[] {
  return problems.map((problem) => fieldError(problem, below));
}

function fieldError({ kind, name, value, allowed, limit, message }: Problem, below: string): FieldError {
  const own = kind === "composite" ? "" : name.replace(/^\./, "");
  const path = [below, own].filter((part) => part !== "").join(".") || "<nil>";
  const shown = value === undefined || value === null ? "" : sorted(value);
  switch (kind) {
    case "required":
      return required(path);
    case "enum": {
      const values = (allowed ?? []).map((one) =>
        typeof one === "string" ? one : stringifyJson(sorted(one)),
      );
      return notSupportedText(path, value ?? null, values);
    }
    case "tooLong":
      return tooLong(path, limit ?? -1);
    case "tooMany":
      return tooMany(path, Number(value), limit ?? -1);
    case "type":
      return typeInvalid(path, shown, message);
    default:
      return invalid(path, shown, message);
  }
}
