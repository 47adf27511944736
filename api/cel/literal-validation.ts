import { patternProblem } from "../custom/pattern.ts";
import { parseDuration, parseTime } from "../time.ts";
import { type CelLiteral, childrenOf, type Expr } from "./ast.ts";
import { formatProblem } from "./format-validation.ts";
import type { CelErrors } from "./source.ts";
import { type CelType, formatType, sameType, unwrapOptional } from "./types.ts";

type TypeOf = (expr: Expr) => CelType;

/** What literals promise and do not keep. Source: cel-go cel/validator.go, with the validators of Kubernetes. */
export function validateLiterals(expr: Expr, typeOf: TypeOf, errors: CelErrors): void {
  const parts = [...descendants(expr, false)];
  const report = ({ offset }: Expr, message: string) => errors.report(errors.source.locate(offset), message);
  for (const { part, isFormatted } of parts) {
    if (isFormatted) continue;
    if (part.kind === "list") validateList(part, typeOf, report);
    if (part.kind === "map") validateMap(part, typeOf, report);
  }
  for (const { part } of parts) {
    const [first] = part.kind === "call" ? part.args : [];
    const check = part.kind === "call" ? literalChecks[part.name] : undefined;
    if (part.kind !== "call" || first?.kind !== "literal" || !check) continue;
    if (!check(first.literal)) report(first, `invalid ${part.name} argument`);
  }
  for (const { part } of parts) {
    const problem = formatProblem(part, typeOf);
    if (problem) report(problem.at ?? part, problem.message);
  }
}

type Report = (expr: Expr, message: string) => void;

/** isFormatted: somewhere within the arguments of a format call, where types may be mixed. */
function* descendants(part: Expr, isFormatted: boolean): Generator<{ part: Expr; isFormatted: boolean }> {
  yield { part, isFormatted };
  const isWithin = isFormatted || (part.kind === "call" && part.name === "format");
  for (const child of childrenOf(part)) yield* descendants(child, isWithin);
}

const mismatch = (expected: CelType, found: CelType): string =>
  `expected type '${formatType(expected)}' but found '${formatType(found)}'`;

const isEquivalent = (a: CelType, b: CelType): boolean => sameType(a, b, { ignoreNames: true });

const held = (type: CelType, isOptional: boolean): CelType =>
  (isOptional ? unwrapOptional(type) : undefined) ?? type;

function validateList(expr: Expr & { kind: "list" }, typeOf: TypeOf, report: Report): void {
  let expected: CelType | undefined;
  for (const [index, element] of expr.elements.entries()) {
    const type = held(typeOf(element), expr.optionals.has(index));
    expected ??= type;
    if (isEquivalent(expected, type)) continue;
    report(element, mismatch(expected, type));
    return;
  }
}

function validateMap(expr: Expr & { kind: "map" }, typeOf: TypeOf, report: Report): void {
  let keys: CelType | undefined;
  let values: CelType | undefined;
  for (const { key, value, optional } of expr.entries) {
    const keyType = typeOf(key);
    const valueType = held(typeOf(value), optional);
    keys ??= keyType;
    values ??= valueType;
    if (!isEquivalent(keys, keyType)) report(key, mismatch(keys, keyType));
    if (!isEquivalent(values, valueType)) report(value, mismatch(values, valueType));
  }
}

const earliest = -62135596800n;
const latest = 253402300799n;
const isTimeInRange = (seconds: bigint): boolean => seconds >= earliest && seconds <= latest;

const literalChecks: Readonly<Record<string, (literal: CelLiteral) => boolean>> = {
  duration: (literal) => literal.type === "string" && succeeds(() => parseDuration(literal.value)),
  timestamp(literal) {
    if (literal.type === "int") return isTimeInRange(literal.value);
    return literal.type !== "string" || succeeds(() => parseTime(literal.value));
  },
  matches: (literal) => literal.type !== "string" || patternProblem(literal.value) === undefined,
};

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
