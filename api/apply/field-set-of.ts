/**
 * The paths that a value names, and field sets seen through a schema. Sources: structured-merge-diff/v6
 * typed/tofieldset.go, typed/reconcile_schema.go, fieldpath/set.go (EnsureNamedFieldsAreMembers).
 */
import { compareBytes } from "../byte-order.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import {
  emptySet,
  type FieldSet,
  type FieldSetBuilder,
  isEmpty,
  leaf,
  sorted,
  withSelf,
} from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import { isFreeForm, type ListSchema, type MapSchema, type Schema } from "./schema.ts";
import { isEmptyMap, itemsOf, membersOf, shapeOf } from "./shape.ts";

/** Every leaf and every item of a list or map that an object names. @throws ApplyTypeError */
export function fieldSetOf(object: JsonObject, schema: Schema): FieldSet {
  return nodeOf(object, schema, false) ?? emptySet;
}

/** The node for one value, which is in the set itself if self says so; undefined: nothing of it is. */
function nodeOf(value: JsonValue, schema: Schema, self: boolean): FieldSet | undefined {
  switch (shapeOf(value, schema)) {
    case "map": {
      const map = schema.map!;
      return map.atomic ? leaf : membersNode(membersOf(value), map, self || isNothing(value));
    }
    case "list": {
      const list = schema.list!;
      return list.atomic ? leaf : itemsNode(itemsOf(value), list, self || value === null);
    }
    case "scalar":
      return leaf;
  }
}

/** An explicit null or {} is named itself. */
function isNothing(value: JsonValue): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && isEmptyMap(value));
}

function membersNode(members: JsonObject, map: MapSchema, self: boolean): FieldSet | undefined {
  const node: FieldSetBuilder = self ? { ".": leaf } : {};
  let found = false;
  for (const field of map.fields) {
    const value = field.of(members);
    const child = value === undefined ? undefined : nodeOf(value, field.schema, false);
    if (child === undefined) continue;
    node[field.element] = child;
    found = true;
  }
  if (map.element !== undefined) {
    const names = Object.keys(members).filter((name) => map.field(name) === undefined);
    for (const name of names.sort(compareBytes)) {
      node[fieldElement(name)] = nodeOf(members[name]!, map.element, true) ?? leaf;
      found = true;
    }
  }
  return finished(node, found, self);
}

function itemsNode(items: readonly JsonValue[], list: ListSchema, self: boolean): FieldSet | undefined {
  const node: FieldSetBuilder = self ? { ".": leaf } : {};
  for (const item of items) {
    const element = itemElement(item, list);
    // Duplicates are owned as a whole.
    node[element] = node[element] === undefined ? (nodeOf(item, list.items, true) ?? leaf) : leaf;
  }
  return finished(node, items.length > 0, self);
}

function finished(node: FieldSetBuilder, found: boolean, self: boolean): FieldSet | undefined {
  if (found) return sorted(node);
  return self ? leaf : undefined;
}

/** The set, and the declared fields that lead to its paths: pruning a field may leave its parent empty. */
export function withNamedFields(set: FieldSet, schema: Schema | undefined): FieldSet {
  const result: FieldSetBuilder = {};
  for (const element in set) {
    const node = set[element]!;
    if (element === "." || isEmpty(node)) {
      result[element] = node;
      continue;
    }
    const { type, declared } = below(element, schema);
    const inner = withNamedFields(node, type);
    result[element] = declared ? withSelf(inner) : inner;
  }
  return result;
}

function below(element: string, schema: Schema | undefined): { type: Schema | undefined; declared: boolean } {
  if (element[0] === "f" && schema?.map !== undefined) {
    const field = schema.map.field(element.slice(2));
    return { type: field?.schema ?? schema.map.element, declared: field !== undefined };
  }
  const type = element[0] === "k" ? schema?.list?.items : undefined;
  return { type, declared: false };
}

/**
 * The set as it is owned since a type became atomic: who owned parts of a value owns it as a whole. The same object
 * if nothing changes.
 */
export function reconciled(set: FieldSet, schema: Schema): FieldSet {
  let result: FieldSetBuilder | undefined;
  for (const element in set) {
    const node = set[element]!;
    const type = element === "." || isEmpty(node) ? undefined : typeBelow(element, schema);
    if (type === undefined) continue;
    const now = ownsWhole(type) ? leaf : reconciled(node, type);
    if (now === node) continue;
    result ??= { ...set };
    result[element] = now;
  }
  return result ?? set;
}

/** A type with several shapes is taken for a map, then a scalar, then a list. */
function ownsWhole({ map, scalar, list }: Schema): boolean {
  if (map !== undefined) return map.atomic && !isFreeForm(map);
  return scalar === undefined && list !== undefined && list.atomic;
}

function typeBelow(element: string, { map, scalar, list }: Schema): Schema | undefined {
  if (map !== undefined) {
    if (isFreeForm(map)) return undefined;
    const field = element[0] === "f" ? map.field(element.slice(2)) : undefined;
    return field?.schema ?? map.element;
  }
  return scalar === undefined ? list?.items : undefined;
}
