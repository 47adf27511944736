/**
 * Calls on literals that are known to fail before anything runs: conversions, and searches for a pattern.
 * Sources: cel-go interpreter/decorators.go (maybeOptimizeConstUnary), common/types (ConvertToType),
 * k8s.io/apiserver/pkg/cel/library/regex.go.
 */
import { patternProblem } from "../custom/pattern.ts";
import { parseGoBool } from "../go-bool.ts";
import { type CelLiteral, childrenOf, type Expr } from "./ast.ts";

/** What the first such call fails with, in the order in which a program is planned. */
export function constantCallProblem(expr: Expr): string | undefined {
  for (const child of childrenOf(expr)) {
    const problem = constantCallProblem(child);
    if (problem !== undefined) return problem;
  }
  if (expr.kind !== "call") return undefined;
  const [first] = expr.args;
  return first?.kind === "literal" ? calls[expr.name]?.(first.literal) : undefined;
}

const findProblem = (literal: CelLiteral): string | undefined =>
  literal.type === "string" ? patternProblem(literal.value) : undefined;

const calls: Readonly<Record<string, (literal: CelLiteral) => string | undefined>> = {
  find: findProblem,
  findAll: findProblem,
  bool: (literal) => fromString(literal, "bool", (text) => parseGoBool(text) !== undefined),
  int(literal) {
    const limit = 2 ** 63;
    if (literal.type === "double") {
      return Math.abs(literal.value) < limit ? undefined : "integer overflow";
    }
    if (literal.type === "uint") return literal.value < BigInt(limit) ? undefined : "integer overflow";
    return fromString(literal, "int", (text) => isInteger(text, /^[+-]?\d+$/, BigInt.asIntN));
  },
  uint(literal) {
    const isNumber = literal.type === "double" || literal.type === "int";
    if (isNumber && !(literal.value >= 0 && literal.value < 2 ** 64)) return "unsigned integer overflow";
    return fromString(literal, "uint", (text) => isInteger(text, /^\d+$/, BigInt.asUintN));
  },
  double: (literal) => fromString(literal, "double", isDouble),
  string: (literal) =>
    literal.type === "bytes" && !isUtf8(literal.value)
      ? "invalid UTF-8 in bytes, cannot convert to string"
      : undefined,
};

function fromString(literal: CelLiteral, type: string, isOne: (text: string) => boolean): string | undefined {
  if (literal.type !== "string" || isOne(literal.value)) return undefined;
  return `type conversion error from 'string' to '${type}'`;
}

function isInteger(text: string, form: RegExp, wrap: (bits: number, value: bigint) => bigint): boolean {
  if (!form.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ""));
  return wrap(64, value) === value;
}

/** strconv.ParseFloat; hexadecimal numbers are taken as they are. */
function isDouble(text: string): boolean {
  if (/^[+-]?(inf|infinity|0x.*)$/i.test(text) || /^nan$/i.test(text)) return true;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
