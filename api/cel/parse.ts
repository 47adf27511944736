/** From the grammar's tree to an expression. Source: cel-go parser/parser.go (the visitor). */
import type { CelLiteral, Entry, Expr } from "./ast.ts";
import { integer, unquoteBytes, unquoteString } from "./literals.ts";
import { MacroError, type Macros, Maker } from "./macros.ts";
import { CelErrors, type CelSource, nowhere } from "./source.ts";
import { deepest, readSyntax, type SyntaxNode } from "./syntax.ts";

const longest = 100_000;

const reservedNames: ReadonlySet<string> = new Set(
  "as break const continue else false for function if import in let loop package namespace null return true var void while".split(
    " ",
  ),
);

/** The expression, and the errors where it cannot be read. */
export function parseCel(source: CelSource, macros: Macros): { expr: Expr; errors: CelErrors } {
  const errors = new CelErrors(source);
  const size = source.characters.length;
  if (size > longest) {
    errors.report(nowhere, `expression code point size exceeds limit: size: ${size}, limit ${longest}`);
    return { expr: nothing(before), errors };
  }
  const tree = readSyntax(errors);
  if (!tree) return { expr: nothing(before), errors };
  try {
    return { expr: new Reader(errors, macros).expr(tree), errors };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    errors.report(nowhere, "max recursion depth exceeded");
    return { expr: nothing(before), errors };
  }
}

class TooDeep extends Error {}

const nothing = (offset: number): Expr => ({ kind: "nothing", offset });
/** What cel-go gives things that it cannot place: before the first column. */
const before = -1;

const find = (node: SyntaxNode, name: string): SyntaxNode | undefined =>
  node.children.find(({ rule, token }) => (rule || token) === name);
const findAll = (node: SyntaxNode, name: string): SyntaxNode[] =>
  node.children.filter(({ rule, token }) => (rule || token) === name);

const operators: Readonly<Record<string, string>> = { in: "@in" };

/** Rules whose visit counts as one step down. */
const counted: ReadonlySet<string> = new Set(["expr", "relation", "calc", "member"]);

class Reader {
  readonly #errors: CelErrors;
  readonly #macros: Macros;
  #depth = 0;

  constructor(errors: CelErrors, macros: Macros) {
    this.#errors = errors;
    this.#macros = macros;
  }

  /** Follows rules that only hold another one down to something that has a meaning of its own. */
  expr(node: SyntaxNode | undefined): Expr {
    if (!node) return nothing(before);
    const visit = this.#visitors[node.rule];
    return visit ? visit(node) : nothing(before);
  }

  readonly #visitors: Readonly<Record<string, (node: SyntaxNode) => Expr>> = {
    start: (node) => this.expr(find(node, "expr")),
    expr: (node) => this.#conditional(node),
    conditionalOr: (node) => this.#logic(node, "conditionalAnd", "'||'", "_||_"),
    conditionalAnd: (node) => this.#logic(node, "relation", "'&&'", "_&&_"),
    relation: (node) => this.#binary(node, "calc"),
    calc: (node) => this.#binary(node, "unary"),
    unary: (node) => this.#unary(node),
    member: (node) => this.#member(node),
    primary: (node) => this.#primary(node),
    literal: (node) => this.#literal(node),
  };

  #deeper(node: SyntaxNode, read: () => Expr): Expr {
    if (counted.has(node.rule) && ++this.#depth > deepest) throw new TooDeep();
    const expr = read();
    if (counted.has(node.rule)) this.#depth--;
    return expr;
  }

  #error(offset: number, message: string): Expr {
    this.#errors.report(this.#errors.source.locate(offset), message);
    return nothing(offset);
  }

  #conditional(node: SyntaxNode): Expr {
    const [condition, yes] = findAll(node, "conditionalOr");
    const operator = find(node, "'?'");
    if (!operator) return this.expr(condition);
    return this.#deeper(node, () => {
      const args = [this.expr(condition), this.expr(yes), this.expr(find(node, "expr"))];
      return this.#call(operator.offset, "_?_:_", args);
    });
  }

  #logic(node: SyntaxNode, termRule: string, token: string, name: string): Expr {
    const [first, ...rest] = findAll(node, termRule);
    const operations = findAll(node, token);
    if (operations.length === 0) return this.expr(first);
    const terms = [this.expr(first)];
    for (const index of operations.keys()) {
      if (!rest[index]) return this.#error(node.offset, `unexpected character, wanted ${token}`);
      terms.push(this.expr(rest[index]));
    }
    return this.#balance(name, terms, operations, 0, operations.length - 1);
  }

  #balance(name: string, terms: Expr[], operations: SyntaxNode[], low: number, high: number): Expr {
    const middle = Math.trunc((low + high + 1) / 2);
    const left = middle === low ? terms[middle]! : this.#balance(name, terms, operations, low, middle - 1);
    const right =
      middle === high ? terms[middle + 1]! : this.#balance(name, terms, operations, middle + 1, high);
    const { offset } = operations[middle]!;
    return { kind: "call", offset, name, target: undefined, args: [left, right] };
  }

  #binary(node: SyntaxNode, inner: string): Expr {
    const [left, right] = findAll(node, node.rule);
    const operator = node.children.find(({ token }) => token !== "");
    if (!operator) return this.expr(find(node, inner) ?? left);
    return this.#deeper(node, () => {
      const name = operators[operator.text] ?? `_${operator.text}_`;
      return this.#call(operator.offset, name, [this.expr(left), this.expr(right)]);
    });
  }

  #unary(node: SyntaxNode): Expr {
    const signs = node.children.filter(({ token }) => token !== "");
    const member = find(node, "member");
    if (!member && signs.length === 0) return nothing(node.offset);
    const operand = () => this.expr(member);
    if (signs.length % 2 === 0) return operand();
    const name = signs[0]?.text === "!" ? "!_" : "-_";
    return this.#call(signs[0]!.offset, name, [operand()]);
  }

  #member(node: SyntaxNode): Expr {
    const primary = find(node, "primary");
    if (primary) return this.expr(primary);
    if (find(node, "'['")) return this.#deeper(node, () => this.#index(node));
    if (find(node, "'('")) return this.#deeper(node, () => this.#memberCall(node));
    if (find(node, "'.'")) return this.#deeper(node, () => this.#select(node));
    // What would have followed could not be read.
    return this.expr(find(node, "member"));
  }

  #index(node: SyntaxNode): Expr {
    const target = this.expr(find(node, "member"));
    const index = this.expr(find(node, "expr"));
    const name = find(node, "'?'") ? "_[?_]" : "_[_]";
    return this.#call(find(node, "'['")!.offset, name, [target, index]);
  }

  #memberCall(node: SyntaxNode): Expr {
    const target = this.expr(find(node, "member"));
    const name = find(node, "IDENTIFIER");
    if (!name) return nothing(node.offset);
    const offset = find(node, "'('")!.offset;
    return this.#call(offset, name.text, this.#list(find(node, "exprList")), target);
  }

  #select(node: SyntaxNode): Expr {
    const operand = this.expr(find(node, "member"));
    const id = find(node, "escapeIdent");
    if (!id) return nothing(node.offset);
    const field = this.#fieldName(id, id.offset) ?? "";
    const { offset } = find(node, "'.'")!;
    if (!find(node, "'?'")) return { kind: "select", offset, operand, field, isTest: false };
    const literal: Expr = {
      kind: "literal",
      offset: id.offset,
      literal: { type: "string", value: field },
    };
    return { kind: "call", offset, name: "_?._", target: undefined, args: [operand, literal] };
  }

  /** Undefined where it was reported. */
  #fieldName(id: SyntaxNode | undefined, offset: number): string | undefined {
    const simple = id && find(id, "IDENTIFIER");
    if (simple) return simple.text;
    const isEscaped = id && find(id, "ESC_IDENTIFIER");
    this.#error(offset, isEscaped ? "unsupported syntax: '`'" : "unsupported ident kind");
    return undefined;
  }

  #primary(node: SyntaxNode): Expr {
    const literal = find(node, "literal");
    if (literal) return this.#literal(literal);
    const first = node.children[0];
    if (find(node, "'['")) return this.#createList(node);
    if (find(node, "'{'")) return this.#createMapOrStruct(node);
    if (first?.token === "'('") return this.expr(find(node, "expr"));
    const id = find(node, "IDENTIFIER");
    if (!id) return nothing(before);
    if (reservedNames.has(id.text)) return this.#error(node.offset, `reserved identifier: ${id.text}`);
    const name = `${find(node, "'.'") ? "." : ""}${id.text}`;
    const open = find(node, "'('");
    return open
      ? this.#call(open.offset, name, this.#list(find(node, "exprList")))
      : { kind: "ident", offset: id.offset, name };
  }

  #list(node: SyntaxNode | undefined): Expr[] {
    return node ? findAll(node, "expr").map((expr) => this.expr(expr)) : [];
  }

  #createList(node: SyntaxNode): Expr {
    const list = find(node, "listInit");
    const elements = list ? findAll(list, "optExpr") : [];
    return {
      kind: "list",
      offset: find(node, "'['")!.offset,
      elements: elements.map((element) => this.expr(find(element, "expr"))),
      optionals: new Set(elements.flatMap((element, index) => (find(element, "'?'") ? [index] : []))),
    };
  }

  #createMapOrStruct(node: SyntaxNode): Expr {
    const { offset } = find(node, "'{'")!;
    const ids = findAll(node, "IDENTIFIER");
    if (ids.length === 0)
      return { kind: "map", offset, entries: this.#mapEntries(find(node, "mapInitializerList")) };
    const path = ids.map(({ text }) => text).join(".");
    const name = node.children[0]?.token === "'.'" ? `.${path}` : path;
    return { kind: "struct", offset, name, fields: this.#fields(find(node, "fieldInitializerList")) };
  }

  #mapEntries(node: SyntaxNode | undefined): Entry<Expr>[] {
    if (!node) return [];
    const keys = findAll(node, "optExpr");
    const values = findAll(node, "expr");
    return findAll(node, "':'").flatMap(({ offset }, index) => {
      const key = keys[index];
      const value = values[index];
      if (!key || !value) return [];
      return [
        {
          offset,
          key: this.expr(find(key, "expr")),
          value: this.expr(value),
          optional: find(key, "'?'") !== undefined,
        },
      ];
    });
  }

  #fields(node: SyntaxNode | undefined): Entry<string>[] {
    if (!node) return [];
    const columns = findAll(node, "':'");
    const values = findAll(node, "expr");
    return findAll(node, "optField").flatMap((field, index) => {
      const column = columns[index];
      const value = values[index];
      if (!column || !value) return [];
      const key = this.#fieldName(find(field, "escapeIdent"), node.offset);
      if (key === undefined) return [];
      const optional = find(field, "'?'") !== undefined;
      return [{ offset: column.offset, key, value: this.expr(value), optional }];
    });
  }

  #call(offset: number, name: string, args: Expr[], target?: Expr): Expr {
    const macro = this.#macros.get(`${target ? "x." : ""}${name} ${args.length}`);
    const call: Expr = { kind: "call", offset, name, target, args };
    if (!macro) return call;
    try {
      return macro(new Maker(offset), target ?? nothing(offset), args) ?? call;
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      return this.#error(error.offset, error.message);
    }
  }

  #literal(node: SyntaxNode): Expr {
    const [token] = node.children.filter((child) => child.token !== "'-'");
    const sign = find(node, "'-'") ? "-" : "";
    const literal = token && this.#literalOf(token, sign, node.offset);
    return literal ? { kind: "literal", offset: node.offset, literal } : nothing(node.offset);
  }

  #literalOf({ token, text }: SyntaxNode, sign: string, offset: number): CelLiteral | undefined {
    const complain = (message: string): undefined => {
      this.#error(offset, message);
    };
    switch (token) {
      case "NUM_INT": {
        const value = integer(sign + text, "int");
        return value === undefined ? complain("invalid int literal") : { type: "int", value };
      }
      case "NUM_UINT": {
        const value = integer(text.slice(0, -1), "uint");
        return value === undefined ? complain("invalid uint literal") : { type: "uint", value };
      }
      case "NUM_FLOAT": {
        const value = Number(sign + text);
        return Number.isFinite(value) ? { type: "double", value } : complain("invalid double literal");
      }
      case "STRING":
      case "BYTES":
        try {
          return token === "STRING"
            ? { type: "string", value: unquoteString(text) }
            : { type: "bytes", value: unquoteBytes(text.slice(1)) };
        } catch (error) {
          return complain((error as Error).message);
        }
      case "'null'":
        return { type: "null", value: null };
      default:
        return { type: "bool", value: text === "true" };
    }
  }
}
