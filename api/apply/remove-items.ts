/** Takes paths out of a value. Source: structured-merge-diff/v6/typed/remove.go. */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { type FieldSet, hasChildren, isMember } from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { ListSchema, MapSchema, Schema } from "./schema.ts";
import { isEmptyMap, itemsOf, membersOf, shapeOf } from "./shape.ts";

/** The object without the paths of a set; what stays is shared with it. */
export function removeItems(object: JsonObject, paths: FieldSet, schema: Schema): JsonObject {
  return removeFrom(object, paths, schema) as JsonObject;
}

/** null where nothing is left, and for an atomic value of which something is to go. */
function removeFrom(value: JsonValue, paths: FieldSet, schema: Schema): JsonValue {
  switch (shapeOf(value, schema)) {
    case "map":
      return removeMembers(membersOf(value), paths, schema.map!);
    case "list":
      return removeListItems(itemsOf(value), paths, schema.list!);
    case "scalar":
      return value;
  }
}

function removeMembers(members: JsonObject, paths: FieldSet, map: MapSchema): JsonValue {
  if (map.atomic || isEmptyMap(members)) return null;
  let changed = false;
  const result: JsonObject = {};
  let left = 0;
  for (const name in members) {
    const value = members[name]!;
    const node = paths[fieldElement(name)];
    if (node !== undefined && isMember(node)) {
      changed = true;
      continue;
    }
    const schema = map.field(name)?.schema ?? map.element;
    const kept = node === undefined || schema === undefined ? value : removeFrom(value, node, schema);
    changed ||= kept !== value;
    setKey(result, name, kept);
    left++;
  }
  if (left === 0) return null;
  return changed ? result : members;
}

function removeListItems(items: readonly JsonValue[], paths: FieldSet, list: ListSchema): JsonValue {
  if (list.atomic || items.length === 0) return null;
  let changed = false;
  const result: JsonValue[] = [];
  for (const item of items) {
    const node = paths[itemElement(item, list)];
    if (node !== undefined && isMember(node)) {
      changed = true;
      continue;
    }
    const kept = node !== undefined && hasChildren(node) ? removeFrom(item, node, list.items) : item;
    changed ||= kept !== item;
    result.push(kept);
  }
  if (result.length === 0) return null;
  return changed ? result : (items as JsonValue[]);
}
