/** The JSON of managedFields, about half of that of most objects. */
import { stringifyJson } from "../json.ts";
import type { ManagedFieldsEntry } from "../object.ts";
import { NodeElements } from "./node-elements.ts";

export const managedFieldsText = (entries: readonly ManagedFieldsEntry[]): string =>
  `[${entries.map(entryText).join(",")}]`;

function entryText(entry: ManagedFieldsEntry): string {
  const { fieldsV1, subresource, ...start } = entry;
  if (fieldsV1 === undefined || entry.operation === undefined) return stringifyJson(entry);
  const end = subresource === undefined ? "" : `,"subresource":${stringifyJson(subresource)}`;
  return `${stringifyJson(start).slice(0, -1)},"fieldsV1":${fieldsText(fieldsV1)}${end}}`;
}

/** Pure memoisation: the same sets are written again and again. */
const texts = new WeakMap<object, string>();

function fieldsText(fieldsV1: object): string {
  let text = texts.get(fieldsV1);
  if (text === undefined) {
    text = stringifyJson(fieldsV1);
    if (NodeElements.isShared(fieldsV1)) texts.set(fieldsV1, text);
  }
  return text;
}
