/**
 * Macros that are expanded while an expression is read.
 * Sources: cel-go parser/macro.go, cel/library.go (optMap), ext/comprehensions.go, ext/lists.go (sortBy), ext/bindings.go.
 */
import type { Comprehension, Expr } from "./ast.ts";

/** Why a macro's arguments cannot be taken, and where. */
export class MacroError extends Error {
  readonly offset: number;

  constructor(message: string, at: Expr) {
    super(message);
    this.offset = at.offset;
  }
}

/** Undefined: it is an ordinary call after all. Throws MacroError. */
export type Macro = (make: Maker, target: Expr, args: Expr[]) => Expr | undefined;

export const accumulator = "@result";
const reservedAccumulators: readonly string[] = [accumulator, "__result__"];
const unused = "#unused";

/** Makes expressions that stand where the macro stands. */
export class Maker {
  readonly offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }

  readonly ident = (name: string): Expr => ({ kind: "ident", offset: this.offset, name });
  readonly result = (): Expr => this.ident(accumulator);
  readonly bool = (value: boolean): Expr => ({
    kind: "literal",
    offset: this.offset,
    literal: { type: "bool", value },
  });
  readonly int = (value: bigint): Expr => ({
    kind: "literal",
    offset: this.offset,
    literal: { type: "int", value },
  });
  readonly list = (...elements: Expr[]): Expr => ({
    kind: "list",
    offset: this.offset,
    elements,
    optionals: new Set(),
  });
  readonly call = (name: string, ...args: Expr[]): Expr => ({
    kind: "call",
    offset: this.offset,
    name,
    target: undefined,
    args,
  });
  readonly member = (target: Expr, name: string, ...args: Expr[]): Expr => ({
    kind: "call",
    offset: this.offset,
    name,
    target,
    args,
  });

  fold(range: Expr, variables: [string, string?], parts: Fold): Expr {
    const [variable, variable2 = ""] = variables;
    return { kind: "comprehension", offset: this.offset, range, variable, variable2, accumulator, ...parts };
  }

  /** A value that the result may use by a name. */
  bind(variable: string, value: Expr, result: Expr): Expr {
    return {
      kind: "comprehension",
      offset: this.offset,
      range: this.list(),
      variable: unused,
      variable2: "",
      accumulator: variable,
      initial: value,
      condition: this.bool(false),
      step: this.ident(variable),
      result,
    };
  }
}

type Fold = Pick<Comprehension, "initial" | "condition" | "step" | "result">;

function simpleName(expr: Expr, complaint: string): string {
  if (expr.kind !== "ident") throw new MacroError(complaint, expr);
  return expr.name;
}

function variable(expr: Expr, complaint: string): string {
  const name = simpleName(expr, complaint);
  if (reservedAccumulators.includes(name))
    throw new MacroError("iteration variable overwrites accumulator variable", expr);
  return name;
}

function twoVariables(first: Expr, second: Expr): [string, string] {
  const complaint = "argument must be a simple name";
  const names: [string, string] = [simpleName(first, complaint), simpleName(second, complaint)];
  if (names[0] === names[1]) throw new MacroError(`duplicate variable name: ${names[0]}`, second);
  return [variable(first, complaint), variable(second, complaint)];
}

type Quantify = (make: Maker, predicate: Expr) => Fold;

const all: Quantify = (make, predicate) => ({
  initial: make.bool(true),
  condition: make.call("@not_strictly_false", make.result()),
  step: make.call("_&&_", make.result(), predicate),
  result: make.result(),
});
const exists: Quantify = (make, predicate) => ({
  initial: make.bool(false),
  condition: make.call("@not_strictly_false", make.call("!_", make.result())),
  step: make.call("_||_", make.result(), predicate),
  result: make.result(),
});
const existsOne: Quantify = (make, predicate) => ({
  initial: make.int(0n),
  condition: make.bool(true),
  step: make.call("_?_:_", predicate, make.call("_+_", make.result(), make.int(1n)), make.result()),
  result: make.call("_==_", make.result(), make.int(1n)),
});

const quantifier =
  (quantify: Quantify): Macro =>
  (make, target, [name, predicate]) =>
    make.fold(target, [variable(name!, "argument must be a simple name")], quantify(make, predicate!));

const quantifier2 =
  (quantify: Quantify): Macro =>
  (make, target, [first, second, predicate]) =>
    make.fold(target, twoVariables(first!, second!), quantify(make, predicate!));

/** A step that is taken where the filter holds. */
const where = (make: Maker, filter: Expr | undefined, step: Expr): Expr =>
  filter ? make.call("_?_:_", filter, step, make.result()) : step;

const collect = (make: Maker, filter: Expr | undefined, value: Expr): Fold => ({
  initial: make.list(),
  condition: make.bool(true),
  step: where(make, filter, make.call("_+_", make.result(), make.list(value))),
  result: make.result(),
});

const map: Macro = (make, target, args) => {
  const name = variable(args[0]!, "argument is not an identifier");
  const [filter, value] = args.length === 3 ? [args[1], args[2]!] : [undefined, args[1]!];
  return make.fold(target, [name], collect(make, filter, value));
};

const filter: Macro = (make, target, [name, predicate]) =>
  make.fold(target, [variable(name!, "argument is not an identifier")], collect(make, predicate, name!));

const has: Macro = (make, _, [field]) => {
  if (field?.kind !== "select") throw new MacroError("invalid argument to has() macro", field!);
  return { ...field, offset: make.offset, isTest: true };
};

const transformList: Macro = (make, target, args) => {
  const names = twoVariables(args[0]!, args[1]!);
  const predicate = args.length === 4 ? args[2] : undefined;
  return make.fold(target, names, collect(make, predicate, args.at(-1)!));
};

const transformInto =
  (entry: (make: Maker, key: string, value: Expr) => Expr[]): Macro =>
  (make, target, args) => {
    const names = twoVariables(args[0]!, args[1]!);
    const predicate = args.length === 4 ? args[2] : undefined;
    const step = make.call("cel.@mapInsert", make.result(), ...entry(make, names[0], args.at(-1)!));
    return make.fold(target, names, {
      initial: { kind: "map", offset: make.offset, entries: [] },
      condition: make.bool(true),
      step: where(make, predicate, step),
      result: make.result(),
    });
  };
const transformMap = transformInto((make, key, value) => [make.ident(key), value]);
const transformMapEntry = transformInto((_make, _key, value) => [value]);

const optional =
  (name: string, wrap: (make: Maker, value: Expr) => Expr): Macro =>
  (make, target, [variableName, value]) => {
    const bound = simpleName(variableName!, `${name}() variable name must be a simple identifier`);
    return make.call(
      "_?_:_",
      make.member(target, "hasValue"),
      wrap(make, make.bind(bound, make.member(structuredClone(target), "value"), value!)),
      make.call("optional.none"),
    );
  };

const sortable: readonly Expr["kind"][] = ["list", "select", "ident", "comprehension", "call"];

const sortBy: Macro = (make, target, args) => {
  if (!sortable.includes(target.kind)) {
    const kinds = "a list, identifier, comprehension, call or select expression";
    throw new MacroError(`sortBy can only be applied to ${kinds}`, target);
  }
  const input = "@__sortBy_input__";
  const keys = map(make, make.ident(input), args)!;
  return make.bind(input, target, make.member(make.ident(input), "@sortByAssociatedKeys", keys));
};

const bind: Macro = (make, target, [name, value, result]) => {
  if (target.kind !== "ident" || target.name !== "cel") return undefined;
  const bound = simpleName(name!, "cel.bind() variable names must be simple identifiers");
  return make.bind(bound, value!, result!);
};

/** By name and number of arguments; those of a receiver begin with x. */
export type Macros = ReadonlyMap<string, Macro>;

export const kubernetesMacros: Macros = new Map([
  ["has 1", has],
  ["x.all 2", quantifier(all)],
  ["x.exists 2", quantifier(exists)],
  ["x.exists_one 2", quantifier(existsOne)],
  ["x.existsOne 2", quantifier(existsOne)],
  ["x.map 2", map],
  ["x.map 3", map],
  ["x.filter 2", filter],
  ["x.optMap 2", optional("optMap", (make, value) => make.call("optional.of", value))],
  ["x.optFlatMap 2", optional("optFlatMap", (_, value) => value)],
  ["x.all 3", quantifier2(all)],
  ["x.exists 3", quantifier2(exists)],
  ["x.existsOne 3", quantifier2(existsOne)],
  ["x.exists_one 3", quantifier2(existsOne)],
  ["x.transformList 3", transformList],
  ["x.transformList 4", transformList],
  ["x.transformMap 3", transformMap],
  ["x.transformMap 4", transformMap],
  ["x.transformMapEntry 3", transformMapEntry],
  ["x.transformMapEntry 4", transformMapEntry],
  ["x.sortBy 2", sortBy],
]);

/** cel.bind(name, value, expression), which device selectors have besides. */
export const macrosWithBind: Macros = new Map([...kubernetesMacros, ["x.bind 3", bind]]);
