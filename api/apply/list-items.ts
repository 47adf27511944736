/** How the items of a list are told apart. Source: structured-merge-diff/v6/typed/helpers.go. */
import { goQuote } from "../go-format.ts";
import type { JsonValue } from "../object.ts";
import { isObject } from "../patch/go-value.ts";
import { keyElement, valueElement } from "./path-element.ts";
import type { ListSchema } from "./schema.ts";

/** A value that does not fit its schema; the message is for people. */
export class ApplyTypeError extends Error {
  override readonly name = "ApplyTypeError";
}

/** The path element of an item of a list that is not atomic. @throws ApplyTypeError */
export function itemElement(item: JsonValue, list: ListSchema): string {
  return list.keys.length > 0 ? keyedElement(item, list) : setElement(item);
}

function keyedElement(item: JsonValue, { keys, keyNames }: ListSchema): string {
  if (item === null) throw new ApplyTypeError("associative list with keys may not have a null element");
  if (!isObject(item)) throw new ApplyTypeError("associative list with keys may not have non-map elements");
  const members: [string, JsonValue][] = [];
  for (const key of keys) {
    const value = Object.hasOwn(item, key.name) ? item[key.name] : key.default;
    if (value !== undefined) members.push([key.name, value]);
  }
  if (members.length === 0) {
    const names = `[${keyNames.map(goQuote).join(" ")}]`;
    throw new ApplyTypeError(
      `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(members);
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
