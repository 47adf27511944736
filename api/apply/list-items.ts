/** How the items of a list are told apart. Source: structured-merge-diff/v6/typed/helpers.go. */
import { goQuote } from "../go-format.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { isObject } from "../patch/go-value.ts";
import type { FieldSet } from "./field-set.ts";
import { NodeElements } from "./node-elements.ts";
import { canonicalJson, valueElement } from "./path-element.ts";
import type { KeyField, ListSchema, Schema } from "./schema.ts";
import { membersOf, ownMember } from "./shape.ts";

/** A value that does not fit its schema; the message is for people. */
export class ApplyTypeError extends Error {
  override readonly name = "ApplyTypeError";
}

/** The path element of an item of a list that is not atomic. @throws ApplyTypeError */
export function itemElement(item: JsonValue, list: ListSchema): string {
  return list.keys.length > 0 ? keyedElement(item, list) : setElement(item);
}

function keyedElement(item: JsonValue, { keys, keyNames, textElements }: ListSchema): string {
  if (item === null) throw new ApplyTypeError("associative list with keys may not have a null element");
  if (!isObject(item)) throw new ApplyTypeError("associative list with keys may not have non-map elements");
  if (textElements !== undefined) {
    const text = ownMember(item, keys[0]!.name);
    if (typeof text === "string") return textElements.get(text);
  }
  let members = "";
  for (const key of keys) {
    const value = keyValue(item, key);
    if (value === undefined) continue;
    members += members === "" ? key.prefix : `,${key.prefix}`;
    members += canonicalJson(value);
  }
  if (members === "") {
    const names = `[${keyNames.map(goQuote).join(" ")}]`;
    throw new ApplyTypeError(
      `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    );
  }
  return `k:{${members}}`;
}

const keyValue = (item: JsonObject, key: KeyField): JsonValue | undefined =>
  ownMember(item, key.name) ?? (Object.hasOwn(item, key.name) ? null : key.default);

/** Whether an item has a path element. */
export function canHaveElement(item: JsonValue, list: ListSchema): boolean {
  if (list.keys.length === 0) return typeof item !== "object";
  return isObject(item) && list.keys.some((key) => keyValue(item, key) !== undefined);
}

/** Whether two items have the same path element, without making it. Both must be known to have one. */
export function sameItem(a: JsonValue, b: JsonValue, list: ListSchema): boolean {
  if (list.keys.length === 0) return a === b;
  const [x, y] = [membersOf(a), membersOf(b)];
  for (const key of list.keys) {
    const mine = keyValue(x, key);
    const theirs = keyValue(y, key);
    if (mine !== theirs && !jsonEqual(mine, theirs)) return false;
  }
  return true;
}

function setElement(item: JsonValue): string {
  if (isObject(item)) {
    throw new ApplyTypeError("associative list without keys has an element that's a map type");
  }
  if (Array.isArray(item)) {
    throw new ApplyTypeError("not supported: associative list with lists as elements");
  }
  if (item === null) {
    throw new ApplyTypeError("associative list without keys has an element that's an explicit null");
  }
  return valueElement(item);
}

/**
 * The node of a list, with one node for each item; duplicates are owned as a whole. undefined: there is nothing in
 * it. self: the list itself is in the set. @throws ApplyTypeError
 */
export function itemsNode(
  items: readonly JsonValue[],
  list: ListSchema,
  self: boolean,
  nodeOf: (item: JsonValue, schema: Schema) => FieldSet,
): FieldSet | undefined {
  let elements = NodeElements.of(self);
  for (const item of items) elements = elements.and(itemElement(item, list), nodeOf(item, list.items));
  return elements.node;
}
