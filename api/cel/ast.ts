/** Expressions as cel-go's parser makes them: operators are calls, macros are expanded. */

interface Node {
  /** Where it stands, in code points; -1: nowhere. */
  offset: number;
}

export type CelLiteral =
  | { type: "bool"; value: boolean }
  | { type: "int" | "uint"; value: bigint }
  | { type: "double"; value: number }
  | { type: "string"; value: string }
  | { type: "bytes"; value: Uint8Array }
  | { type: "null"; value: null };

export interface Entry<Key> {
  offset: number;
  key: Key;
  value: Expr;
  optional: boolean;
}

export interface Comprehension extends Node {
  kind: "comprehension";
  range: Expr;
  variable: string;
  /** The second of two; "" where there is one. */
  variable2: string;
  accumulator: string;
  initial: Expr;
  condition: Expr;
  step: Expr;
  result: Expr;
}

export type Expr =
  | (Node & { kind: "literal"; literal: CelLiteral })
  | (Node & { kind: "ident"; name: string })
  | (Node & { kind: "select"; operand: Expr; field: string; isTest: boolean })
  | (Node & { kind: "call"; name: string; target: Expr | undefined; args: Expr[] })
  | (Node & { kind: "list"; elements: Expr[]; optionals: ReadonlySet<number> })
  | (Node & { kind: "map"; entries: Entry<Expr>[] })
  | (Node & { kind: "struct"; name: string; fields: Entry<string>[] })
  | Comprehension
  /** What an error left behind. */
  | (Node & { kind: "nothing" });

/** a.b.c of selects, undefined for anything else. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === "ident") return expr.name;
  if (expr.kind !== "select" || expr.isTest) return undefined;
  const operand = qualifiedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

/** What an expression consists of. */
export function childrenOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case "select":
      return [expr.operand];
    case "call":
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case "list":
      return expr.elements;
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.initial, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
