/**
 * Label selectors, as text and as the LabelSelector object (field selectors: field-selectors.ts).
 * Grammar, canonical text and error wording: k8s.io/apimachinery/pkg/labels, pkg/apis/meta/v1/helpers.go.
 */
import { goQuote } from "./go-format.ts";
import { aggregateMessage, type FieldError, FieldPath, invalid } from "./validation/field.ts";
import { checkLabelValue, checkQualifiedName } from "./validation/names.ts";

/** A selector that can't be understood. Handlers answer it with a 400 of the same message. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

export type LabelOperator = "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!";

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/** meta/v1 LabelSelector. */
export interface LabelSelectorObject {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Requirements that must all hold. Immutable. */
export class LabelSelector {
  readonly requirements: readonly LabelRequirement[];
  /** Never matches: what an absent LabelSelector object means. */
  readonly selectsNothing: boolean;

  constructor(requirements: readonly LabelRequirement[], selectsNothing = false) {
    this.requirements = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.selectsNothing = selectsNothing;
  }

  /** Restricts nothing: everything matches. */
  get empty(): boolean {
    return this.requirements.length === 0 && !this.selectsNothing;
  }

  matches(labels: Labels | undefined): boolean {
    if (this.selectsNothing) return false;
    for (const requirement of this.requirements) {
      if (!requirementMatches(requirement, labels)) return false;
    }
    return true;
  }

  /** The single value that a label must have, if the selector asks for one. */
  exactMatch(label: string): string | undefined {
    const requirement = this.requirements.find(({ key }) => key === label);
    if (requirement?.values.length !== 1) return undefined;
    return ["=", "==", "in"].includes(requirement.operator) ? requirement.values[0] : undefined;
  }

  /** The canonical text: requirements by key, values sorted. */
  toString(): string {
    return this.requirements.map(requirementText).join(",");
  }
}

function requirementMatches(
  { key, operator, values }: LabelRequirement,
  labels: Labels | undefined,
): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
    case "=":
    case "==":
      return value !== undefined && values.includes(value);
    case "notin":
    case "!=":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
    case "lt": {
      const actual = value === undefined ? undefined : parseInt64(value);
      const bound = parseInt64(values[0]!);
      if (actual === undefined || bound === undefined) return false;
      return operator === "gt" ? actual > bound : actual < bound;
    }
  }
}

function requirementText({ key, operator, values }: LabelRequirement): string {
  const list = values.toSorted().join(",");
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${list})`;
    case "gt":
      return `${key}>${list}`;
    case "lt":
      return `${key}<${list}`;
    default:
      return `${key}${operator}${list}`;
  }
}

/** strconv.ParseInt(text, 10, 64). */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,100}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

const valueCounts: Record<LabelOperator, { fits: (count: number) => boolean; message: string }> = {
  in: { fits: (n) => n > 0, message: "for 'in', 'notin' operators, values set can't be empty" },
  notin: { fits: (n) => n > 0, message: "for 'in', 'notin' operators, values set can't be empty" },
  "=": { fits: (n) => n === 1, message: "exact-match compatibility requires one single value" },
  "==": { fits: (n) => n === 1, message: "exact-match compatibility requires one single value" },
  "!=": { fits: (n) => n === 1, message: "exact-match compatibility requires one single value" },
  exists: { fits: (n) => n === 0, message: "values set must be empty for exists and does not exist" },
  "!": { fits: (n) => n === 0, message: "values set must be empty for exists and does not exist" },
  gt: { fits: (n) => n === 1, message: "for 'Gt', 'Lt' operators, exactly one value is required" },
  lt: { fits: (n) => n === 1, message: "for 'Gt', 'Lt' operators, exactly one value is required" },
};

/** A checked requirement. Source: labels.NewRequirement. */
export function labelRequirement(
  key: string,
  operator: LabelOperator,
  values: readonly string[],
): LabelRequirement {
  const errors: FieldError[] = [];
  const keyErrors = checkQualifiedName(key);
  if (keyErrors.length > 0) errors.push(invalid("key", key, keyErrors.join("; ")));
  const path = FieldPath.of("values");
  const { fits, message } = valueCounts[operator];
  if (!fits(values.length)) errors.push(invalid(path, values, message));
  if (operator === "gt" || operator === "lt") {
    values.forEach((value, index) => {
      if (parseInt64(value) === undefined) {
        const text = "for 'Gt', 'Lt' operators, the value must be an integer";
        errors.push(invalid(path.index(index), value, text));
      }
    });
  }
  values.forEach((value, index) => {
    const wrong = checkLabelValue(value);
    if (wrong.length > 0) errors.push(invalid(path.index(index).key(key), value, wrong.join("; ")));
  });
  if (errors.length > 0) throw new SelectorError(aggregateMessage(errors));
  return { key, operator, values };
}

const objectOperators = new Map<string, LabelOperator>([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

/**
 * The selector that a LabelSelector object stands for: absent selects nothing, empty selects everything.
 * Source: metav1.LabelSelectorAsSelector.
 */
export function labelSelectorOf(object: LabelSelectorObject | null | undefined): LabelSelector {
  if (object === null || object === undefined) return new LabelSelector([], true);
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(object.matchLabels ?? {})) {
    requirements.push(labelRequirement(key, "=", [value]));
  }
  for (const { key, operator, values } of object.matchExpressions ?? []) {
    const known = objectOperators.get(operator);
    if (known === undefined) {
      throw new SelectorError(`${goQuote(operator)} is not a valid label selector operator`);
    }
    requirements.push(labelRequirement(key, known, values ?? []));
  }
  return new LabelSelector(requirements);
}

/** A selector for exactly these labels, not validated. Source: labels.SelectorFromSet. */
export function labelSelectorFromSet(labels: Labels | undefined): LabelSelector {
  return new LabelSelector(
    Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: "=", values: [value] })),
  );
}

/** The selector written as in the labelSelector query parameter. Source: labels.Parse. */
export function parseLabelSelector(text: string): LabelSelector {
  return text === "" ? new LabelSelector([]) : new LabelSelector(new LabelParser(text).parse());
}

type TokenKind =
  | "end"
  | "identifier"
  | "("
  | ")"
  | ","
  | "!"
  | "="
  | "=="
  | "!="
  | ">"
  | "<"
  | "in"
  | "notin";

interface Token {
  kind: TokenKind;
  text: string;
}

const special = /[=!(),<>]/;
const space = /[ \t\r\n]/;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (space.test(char)) {
      at++;
    } else if (char === "\0") {
      // Upstream's lexer reads NUL as the end of the text.
      break;
    } else if (special.test(char)) {
      const two = text.slice(at, at + 2);
      const kind = (two === "==" || two === "!=" ? two : char) as TokenKind;
      tokens.push({ kind, text: kind });
      at += kind.length;
    } else {
      let end = at + 1;
      while (
        end < text.length &&
        text[end] !== "\0" &&
        !special.test(text[end]!) &&
        !space.test(text[end]!)
      ) {
        end++;
      }
      const word = text.slice(at, end);
      tokens.push({ kind: word === "in" || word === "notin" ? word : "identifier", text: word });
      // A NUL only ends the word that it follows.
      at = text[end] === "\0" ? end + 1 : end;
    }
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

const binaryOperators = new Map<TokenKind, LabelOperator>([
  ["in", "in"],
  ["notin", "notin"],
  ["=", "="],
  ["==", "=="],
  ["!=", "!="],
  [">", "gt"],
  ["<", "lt"],
]);

class LabelParser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (first.kind === "end") return requirements;
      if (first.kind !== "identifier" && first.kind !== "!") {
        throw new SelectorError(`found '${first.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirementOrError());
      const next = this.#take();
      if (next.kind === "end") return requirements;
      if (next.kind !== ",") {
        throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`);
      }
      const after = this.#peek();
      if (after.kind !== "identifier" && after.kind !== "!") {
        throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  /** "in" and "notin" are operators only after a key; anywhere else they are words. */
  #peek(): Token {
    const token = this.#tokens[this.#at] ?? { kind: "end", text: "" };
    return token.kind === "in" || token.kind === "notin" ? { kind: "identifier", text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #requirementOrError(): LabelRequirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw new SelectorError(`unable to parse requirement: ${error.message}`);
    }
  }

  #requirement(): LabelRequirement {
    let key = this.#take();
    const negated = key.kind === "!";
    if (negated) key = this.#take();
    if (key.kind !== "identifier") throw new SelectorError(`found '${key.text}', expected: identifier`);
    const wrong = checkQualifiedName(key.text);
    // Go prints the path that the query parameter does not have as <nil>.
    if (wrong.length > 0) {
      throw new SelectorError(aggregateMessage([invalid("<nil>", key.text, wrong.join("; "))]));
    }
    const next = this.#peek().kind;
    if (negated) return labelRequirement(key.text, "!", []);
    if (next === "end" || next === ",") return labelRequirement(key.text, "exists", []);
    const operator = this.#operator();
    const values = operator === "in" || operator === "notin" ? this.#values() : this.#exactValue();
    return labelRequirement(key.text, operator, [...new Set(values)].sort());
  }

  #operator(): LabelOperator {
    const token = this.#tokens[this.#at++] ?? { kind: "end", text: "" };
    const operator = binaryOperators.get(token.kind);
    if (operator === undefined) {
      throw new SelectorError(`found '${token.text}', expected: ${[...binaryOperators.values()].join(", ")}`);
    }
    return operator;
  }

  #exactValue(): string[] {
    const next = this.#peek();
    if (next.kind === "end" || next.kind === ",") return [""];
    this.#at++;
    if (next.kind !== "identifier") throw new SelectorError(`found '${next.text}', expected: identifier`);
    return [next.text];
  }

  /** The list in "x in (a,,b)"; a missing value is the empty string. */
  #values(): string[] {
    const open = this.#take();
    if (open.kind !== "(") throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ")") {
      this.#at++;
      return [""];
    }
    if (first.kind !== "identifier" && first.kind !== ",") {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#identifiers();
    this.#at++;
    return values;
  }

  /** Stops before the closing parenthesis. */
  #identifiers(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      const next = this.#peek();
      if (token.kind === "identifier") {
        values.push(token.text);
        if (next.kind === ")") return values;
        if (next.kind !== ",") throw new SelectorError(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.kind === ",") {
        if (values.length === 0 || next.kind === "," || next.kind === ")") values.push("");
        if (next.kind === ")") return values;
      } else {
        throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }
}
