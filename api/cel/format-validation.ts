/** Checks literal texts of string.format against a literal list of arguments. Source: cel-go ext/formatting.go. */
import type { Expr } from "./ast.ts";
import { type CelType, string, type TypeKind } from "./types.ts";

export interface FormatProblem {
  /** Where: the argument, or undefined for the call. */
  at: Expr | undefined;
  message: string;
}

type TypeOf = (expr: Expr) => CelType;

/** Undefined: nothing is wrong, or it cannot be seen yet. */
export function formatProblem(call: Expr, typeOf: TypeOf): FormatProblem | undefined {
  if (call.kind !== "call" || call.name !== "format") return undefined;
  const { target, args } = call;
  if (target?.kind !== "literal" || target.literal.type !== string.kind) return undefined;
  const [list] = args;
  if (list?.kind !== "list") return undefined;
  return checkFormat(String(target.literal.value), list.elements, typeOf);
}

interface Clause {
  kinds: readonly TypeKind[];
  complaint: string;
}

const clauses: Readonly<Record<string, Clause>> = {
  d: { kinds: ["int", "uint"], complaint: "decimal clause can only be used on integers" },
  f: { kinds: ["double", "string"], complaint: "fixed-point clause can only be used on doubles" },
  e: { kinds: ["double", "string"], complaint: "scientific clause can only be used on doubles" },
  b: {
    kinds: ["int", "uint", "bool"],
    complaint: "only integers and bools can be formatted as binary",
  },
  x: {
    kinds: ["int", "uint", "string", "bytes"],
    complaint: "only integers, byte buffers, and strings can be formatted as hex",
  },
  o: { kinds: ["int", "uint"], complaint: "octal clause can only be used on integers" },
};

const printable: readonly TypeKind[] = [
  "list",
  "map",
  "int",
  "uint",
  "double",
  "bool",
  "string",
  "timestamp",
  "bytes",
  "duration",
  "type",
  "null",
];
const stringComplaint =
  "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps";

function checkFormat(format: string, args: readonly Expr[], typeOf: TypeOf): FormatProblem | undefined {
  let used = 0;
  for (let at = format.indexOf("%"); at !== -1; at = format.indexOf("%", at)) {
    if (format[at + 1] === "%") {
      at += 2;
      continue;
    }
    if (at + 1 >= format.length) return { at: undefined, message: "unexpected end of string" };
    const arg = args[used];
    if (!arg) return { at: undefined, message: `index ${used} out of range` };
    used++;
    const { letter, end, problem } = readClause(format, at + 1);
    if (problem) return { at: undefined, message: `could not parse formatting clause: ${problem}` };
    const wrong =
      letter === "s" ? notPrintable(arg, typeOf) : notOf(clauses[letter.toLowerCase()]!, arg, typeOf);
    if (wrong) return { at: wrong.at, message: `error during formatting: ${wrong.message}` };
    at = end;
  }
  if (args.length <= used) return undefined;
  const counts = `(expected ${used}, got ${args.length})`;
  return { at: undefined, message: `too many arguments supplied to string.format ${counts}` };
}

function readClause(format: string, start: number): { letter: string; end: number; problem?: string } {
  let at = start;
  if (format[at] === ".") {
    const digits = /^[0-9]*/.exec(format.slice(at + 1))?.[0] ?? "";
    at += 1 + digits.length;
    const parsing = "error while parsing precision: ";
    if (at >= format.length)
      return { letter: "", end: at, problem: `${parsing}could not find end of precision specifier` };
    if (digits === "") {
      const cause = 'strconv.Atoi: parsing "": invalid syntax';
      return {
        letter: "",
        end: at,
        problem: `${parsing}error while converting precision to integer: ${cause}`,
      };
    }
  }
  const letter = format[at] ?? "";
  if (letter === "s" || letter === "X" || clauses[letter]) return { letter, end: at + 1 };
  return { letter, end: at, problem: `unrecognized formatting clause "${letter}"` };
}

function notOf({ kinds, complaint }: Clause, arg: Expr, typeOf: TypeOf): FormatProblem | undefined {
  const type = typeOf(arg);
  if (type.kind === "dyn" || kinds.includes(type.kind)) return undefined;
  return { at: arg, message: `${complaint}, was given ${type.name}` };
}

/** Lists and maps are looked into. */
function notPrintable(arg: Expr, typeOf: TypeOf): FormatProblem | undefined {
  const wrong = notOf({ kinds: printable, complaint: stringComplaint }, arg, typeOf);
  if (wrong) return wrong;
  const parts =
    arg.kind === "list"
      ? arg.elements
      : arg.kind === "map"
        ? arg.entries.flatMap(({ key, value }) => [key, value])
        : [];
  for (const part of parts) {
    const inner = notPrintable(part, typeOf);
    if (inner) return inner;
  }
  return undefined;
}
