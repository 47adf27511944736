/** Finds the type of an expression, and what does not fit. Source: cel-go checker/checker.go. */
import { type Comprehension, type Entry, type Expr, qualifiedName } from "./ast.ts";
import type { CelEnvironment, Overload } from "./environment.ts";
import type { CelErrors } from "./source.ts";
import {
  bool,
  type CelType,
  celType,
  dyn,
  error,
  formatCall,
  formatType,
  int,
  isDyn,
  listType,
  mapType,
  optionalType,
  sameType,
  string,
  type TypeKind,
  typeParameter,
  unwrapOptional,
} from "./types.ts";
import { type Mapping, mostGeneral, substitute, unify } from "./unify.ts";

/** The types of an expression's parts. Errors are reported; what they touch has the type error. */
export function checkCel(
  expr: Expr,
  environment: CelEnvironment,
  errors: CelErrors,
): (expr: Expr) => CelType {
  const checker = new Checker(environment, errors);
  checker.check(expr);
  return (part) => checker.finalType(part);
}

/** Whether a type can be made from its fields: also protobuf's own, which are values of other kinds here. */
function isMessage(type: CelType): boolean {
  const jsonObject = mapType(string, dyn);
  const messages: readonly TypeKind[] = ["struct", "any", "dyn", "duration", "timestamp", "null"];
  return messages.includes(type.kind) || sameType(type, listType(dyn)) || sameType(type, jsonObject);
}

type Scope = ReadonlyMap<string, CelType>;

class Checker {
  readonly #environment: CelEnvironment;
  readonly #errors: CelErrors;
  readonly #types = new Map<Expr, CelType>();
  /** The innermost last. */
  readonly #scopes: Scope[] = [];
  #mapping: Mapping = new Map();
  #free = 0;

  constructor(environment: CelEnvironment, errors: CelErrors) {
    this.#environment = environment;
    this.#errors = errors;
  }

  finalType(expr: Expr): CelType {
    return substitute(this.#mapping, this.#typeOf(expr), true);
  }

  check(expr: Expr): CelType {
    const type = this.#judge(expr);
    this.#types.set(expr, type);
    return type;
  }

  #judge(expr: Expr): CelType {
    switch (expr.kind) {
      case "literal":
        return celType(expr.literal.type);
      case "ident":
        return this.#lookUp(expr.name) ?? this.#undeclared(expr, expr.name);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr.elements, expr.optionals);
      case "map":
        return this.#map(expr.entries);
      case "struct":
        return this.#struct(expr);
      case "comprehension":
        return this.#comprehension(expr);
      case "nothing":
        return error;
    }
  }

  #typeOf(expr: Expr): CelType {
    return this.#types.get(expr) ?? error;
  }

  #report({ offset }: { offset: number }, message: string): CelType {
    this.#errors.report(this.#errors.source.locate(offset), message);
    return error;
  }

  #undeclared(at: { offset: number }, name: string): CelType {
    return this.#report(at, `undeclared reference to '${name}' (in container '')`);
  }

  /** A leading dot asks for a name outside all containers: there is only that one. */
  #lookUp(name: string): CelType | undefined {
    const plain = name.startsWith(".") ? name.slice(1) : name;
    const scope = this.#scopes.findLast((names) => names.has(plain));
    return scope?.get(plain) ?? this.#environment.variable(plain);
  }

  #function(name: string): readonly Overload[] | undefined {
    return this.#environment.function(name.startsWith(".") ? name.slice(1) : name);
  }

  #select(expr: Expr & { kind: "select" }): CelType {
    const name = qualifiedName(expr);
    const variable = name === undefined ? undefined : this.#lookUp(name);
    if (variable) return variable;
    const type = this.#field(expr, expr.operand, expr.field, false);
    return substitute(this.#mapping, expr.isTest ? bool : type);
  }

  #field(expr: Expr, operand: Expr, field: string, isOptional: boolean): CelType {
    const operandType = substitute(this.#mapping, this.check(operand));
    const held = unwrapOptional(operandType);
    const type = this.#fieldOf(expr, held ?? operandType, field);
    return held || isOptional ? optionalType(type) : type;
  }

  #fieldOf(expr: Expr, target: CelType, field: string): CelType {
    switch (target.kind) {
      case "map":
        return target.parameters[1]!;
      case "struct":
        return this.#structField(expr, target.name, field);
      case "parameter":
        this.#fits([dyn], [target]);
        return dyn;
      default:
        if (!isDyn(target) && target.kind !== "error") {
          this.#report(expr, `type '${formatType(target)}' does not support field selection`);
        }
        return dyn;
    }
  }

  #structField(at: { offset: number }, struct: string, field: string): CelType {
    const fields = this.#environment.struct(struct);
    if (!fields) return this.#report(at, `unexpected failed resolution of '${struct}'`);
    return fields(field) ?? this.#report(at, `undefined field '${field}'`);
  }

  #call(expr: Expr & { kind: "call" }): CelType {
    const { name, target, args } = expr;
    if (name === "_?._" && !target) {
      const [operand, field] = args;
      const fieldName =
        field?.kind === "literal" && field.literal.type === "string" ? field.literal.value : "";
      return substitute(this.#mapping, this.#field(expr, operand!, fieldName, true));
    }
    for (const arg of args) this.check(arg);
    if (!target) {
      const overloads = this.#function(name);
      return overloads ? this.#resolve(expr, name, overloads, undefined) : this.#undeclared(expr, name);
    }
    const prefix = qualifiedName(target);
    const qualified = prefix === undefined ? undefined : this.#function(`${prefix}.${name}`);
    if (qualified) return this.#resolve(expr, `${prefix}.${name}`, qualified, undefined);
    this.check(target);
    const overloads = this.#function(name);
    return overloads ? this.#resolve(expr, name, overloads, target) : this.#undeclared(expr, name);
  }

  #resolve(
    expr: Expr & { kind: "call" },
    name: string,
    overloads: readonly Overload[],
    target: Expr | undefined,
  ): CelType {
    const all = target ? [target, ...expr.args] : expr.args;
    const args = all.map((arg) => this.#typeOf(arg));
    if (name === "_&&_" || name === "_||_") return this.#logic(expr.args, args);
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== (target !== undefined)) continue;
      const fresh = this.#instantiate(overload);
      if (!this.#fits(args, fresh.args)) continue;
      const type = substitute(this.#mapping, fresh.result);
      if (!result) result = type;
      else if (!isDyn(result) && !sameType(type, result)) result = dyn;
    }
    if (result) return result;
    const shown = formatCall(
      args.map((type) => substitute(this.#mapping, type, true)),
      target !== undefined,
    );
    const plain = name.startsWith(".") ? name.slice(1) : name;
    return this.#report(expr, `found no matching overload for '${plain}' applied to '${shown}'`);
  }

  #logic(args: readonly Expr[], types: readonly CelType[]): CelType {
    let result = bool;
    for (const [index, type] of types.entries()) {
      if (this.#fits([type], [bool])) continue;
      result = this.#mismatch(args[index]!, bool, type);
    }
    return result;
  }

  /** The overload with type parameters of its own. */
  #instantiate({ args, result }: Overload): { args: readonly CelType[]; result: CelType } {
    const names = new Map<string, CelType>();
    const rename = (type: CelType): CelType => {
      if (type.kind === "parameter") {
        const known = names.get(type.name) ?? this.#newParameter();
        names.set(type.name, known);
        return known;
      }
      return { ...type, parameters: type.parameters.map(rename) };
    };
    return { args: args.map(rename), result: rename(result) };
  }

  #newParameter(): CelType {
    return typeParameter(`_var${this.#free++}`);
  }

  #fits(a: readonly CelType[], b: readonly CelType[]): boolean {
    const mapping = unify(this.#mapping, a, b);
    if (mapping) this.#mapping = mapping;
    return mapping !== undefined;
  }

  #mismatch(at: { offset: number }, expected: CelType, found: CelType): CelType {
    return this.#report(at, `expected type '${formatType(expected)}' but found '${formatType(found)}'`);
  }

  /** The type of a value that may be left out. */
  #unwrap(value: Expr, type: CelType): CelType {
    const held = unwrapOptional(type);
    if (!held && !isDyn(type)) this.#mismatch(value, optionalType(type), type);
    return held ?? type;
  }

  /** Elements that do not fit together are found later, when nothing else is wrong. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (!previous) return current;
    return this.#fits([previous], [current]) ? mostGeneral(previous, current) : dyn;
  }

  #list(elements: readonly Expr[], optionals: ReadonlySet<number>): CelType {
    let joined: CelType | undefined;
    for (const [index, element] of elements.entries()) {
      const type = this.check(element);
      joined = this.#join(joined, optionals.has(index) ? this.#unwrap(element, type) : type);
    }
    return listType(joined ?? this.#newParameter());
  }

  #map(entries: readonly Entry<Expr>[]): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, optional } of entries) {
      keys = this.#join(keys, this.check(key));
      const type = this.check(value);
      values = this.#join(values, optional ? this.#unwrap(value, type) : type);
    }
    keys ??= this.#newParameter();
    return mapType(keys, values ?? this.#newParameter());
  }

  #struct(expr: Expr & { kind: "struct" }): CelType {
    const name = expr.name.startsWith(".") ? expr.name.slice(1) : expr.name;
    const ident = this.#lookUp(name);
    if (!ident) return this.#undeclared(expr, expr.name);
    const type = this.#instanceOf(expr, ident);
    for (const { offset, key, value, optional } of expr.fields) {
      const given = this.check(value);
      const fieldType = this.#structField({ offset }, type.kind === "struct" ? type.name : name, key);
      const valueType = optional ? this.#unwrap(value, given) : given;
      if (this.#fits([fieldType], [valueType])) continue;
      const expected = `expected type of field '${key}' is '${formatType(fieldType)}'`;
      this.#report({ offset }, `${expected} but provided type is '${formatType(valueType)}'`);
    }
    return type;
  }

  #instanceOf(expr: Expr, ident: CelType): CelType {
    if (ident.kind !== "type") return this.#report(expr, `'${ident.name}' is not a type`);
    const type = ident.parameters[0] ?? error;
    if (isMessage(type)) return type;
    return this.#report(expr, `'${type.name}' is not a message type`);
  }

  #comprehension(expr: Comprehension): CelType {
    this.check(expr.range);
    const accumulated = this.check(expr.initial);
    const range = substitute(this.#mapping, this.#typeOf(expr.range));
    this.#scopes.push(new Map([[expr.accumulator, accumulated]]));
    this.#scopes.push(this.#iteration(expr, range));
    this.#assert(expr.condition, bool);
    this.#assert(expr.step, accumulated);
    this.#scopes.pop();
    const result = this.check(expr.result);
    this.#scopes.pop();
    return substitute(this.#mapping, result);
  }

  #assert(expr: Expr, expected: CelType): void {
    const type = this.check(expr);
    if (!this.#fits([expected], [type])) this.#mismatch(expr, expected, type);
  }

  #iteration({ range: expr, variable, variable2 }: Comprehension, range: CelType): Scope {
    const named = (first: CelType, second: CelType): Scope =>
      new Map(
        variable2 === ""
          ? [[variable, first]]
          : [
              [variable, first],
              [variable2, second],
            ],
      );
    switch (range.kind) {
      case "list": {
        const [element] = range.parameters;
        return variable2 === "" ? named(element!, element!) : named(int, element!);
      }
      case "map":
        return named(range.parameters[0]!, range.parameters[1]!);
      case "dyn":
      case "error":
      case "parameter":
        this.#fits([dyn], [range]);
        return named(dyn, dyn);
      default: {
        const complaint = "cannot be range of a comprehension (must be list, map, or dynamic)";
        this.#report(expr, `expression of type '${formatType(range)}' ${complaint}`);
        return named(error, error);
      }
    }
  }
}
