/** Field selectors. Grammar, canonical text and error wording: k8s.io/apimachinery/pkg/fields. */
import { SelectorError } from "./selectors.ts";

export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Renames or refuses a field (by throwing a SelectorError); the result of two empty strings drops the requirement. */
export type FieldTransform = (field: string, value: string) => readonly [field: string, value: string];

/** Field requirements that must all hold. Immutable. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  get empty(): boolean {
    return this.requirements.length === 0;
  }

  /** A field that the object does not have is the empty string. */
  matches(fieldText: (field: string) => string | undefined): boolean {
    return this.requirements.every(
      ({ field, operator, value }) => ((fieldText(field) ?? "") === value) === (operator === "="),
    );
  }

  /** The value that a field must have, if the selector asks for one. */
  exactMatch(field: string): string | undefined {
    return this.requirements.find((each) => each.field === field && each.operator === "=")?.value;
  }

  transform(rename: FieldTransform): FieldSelector {
    // "=" asks for nothing, and is not looked up.
    const asked = this.requirements.filter(({ field, value }) => field !== "" || value !== "");
    const renamed = asked.map(({ field, operator, value }): FieldRequirement => {
      const [newField, newValue] = rename(field, value);
      return { field: newField, operator, value: newValue };
    });
    return new FieldSelector(renamed.filter(({ field, value }) => field !== "" || value !== ""));
  }

  toString(): string {
    return this.requirements
      .map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`)
      .join(",");
  }
}

/** Source: fields.EscapeValue. */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, "\\$&");
}

/** The selector written as in the fieldSelector query parameter. Source: fields.ParseSelector. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = splitFieldTerms(text).sort();
  const requirements = terms
    .filter((term) => term !== "")
    .map((term): FieldRequirement => {
      // The first operator ends the field: nothing can be escaped before it.
      const parts = /^(.*?)(!=|==|=)(.*)$/su.exec(term);
      if (!parts) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
      const operator = parts[2] === "!=" ? "!=" : "=";
      return { field: parts[1]!, operator, value: unescapeFieldValue(parts[3]!) };
    });
  return new FieldSelector(requirements);
}

function splitFieldTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeFieldValue(text: string): string {
  let value = "";
  let escaped = false;
  for (const char of text) {
    if (escaped) {
      if (char !== "\\" && char !== "," && char !== "=") throw invalidEscape(`\\${char}`);
      value += char;
      escaped = false;
    } else if (char === "\\") {
      escaped = true;
    } else if (char === "," || char === "=") {
      const code = char.charCodeAt(0);
      throw new SelectorError(`invalid field selector: unescaped character in value: ${code}`);
    } else {
      value += char;
    }
  }
  if (escaped) throw invalidEscape("\\");
  return value;
}

const invalidEscape = (sequence: string): SelectorError =>
  new SelectorError(`invalid field selector: invalid escape sequence: ${sequence}`);
