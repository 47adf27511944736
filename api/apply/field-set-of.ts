/**
 * The paths that a value names, and field sets seen through a schema. Sources: structured-merge-diff/v6
 * typed/tofieldset.go, typed/reconcile_schema.go, fieldpath/set.go (EnsureNamedFieldsAreMembers).
 */
import type { JsonObject, JsonValue } from "../object.ts";
import { emptySet, type FieldSet, type FieldSetBuilder, isEmpty, leaf, withSelf } from "./field-set.ts";
import { itemsNode } from "./list-items.ts";
import { NodeElements } from "./node-elements.ts";
import { fieldElement } from "./path-element.ts";
import { isFreeForm, type MapSchema, type Schema, type SchemaField } from "./schema.ts";
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
      return list.atomic ? leaf : itemsNode(itemsOf(value), list, self || value === null, namedNode);
    }
    case "scalar":
      return leaf;
  }
}

/** The node for a value that is in the set itself. */
const namedNode = (value: JsonValue, schema: Schema): FieldSet => nodeOf(value, schema, true) ?? leaf;

/** An explicit null or {} is named itself. */
function isNothing(value: JsonValue): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && isEmptyMap(value));
}

function membersNode(members: JsonObject, map: MapSchema, self: boolean): FieldSet | undefined {
  let elements = NodeElements.of(self);
  let field: SchemaField | undefined;
  for (const name in members) {
    const value = members[name]!;
    field = map.field(name, field);
    if (field !== undefined) {
      const node = nodeOf(value, field.schema, false);
      if (node !== undefined) elements = elements.and(field.element, node);
    } else if (map.element !== undefined) {
      elements = elements.and(fieldElement(name), namedNode(value, map.element));
    }
  }
  return elements.node;
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
