/** What changed between two values of a type, as sets of paths. Source: structured-merge-diff/v6/typed/compare.go. */
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { emptySet, type FieldSet, leaf, recursiveDifference, union } from "./field-set.ts";
import { itemElement, itemsNode } from "./list-items.ts";
import { NodeElements } from "./node-elements.ts";
import { fieldElement } from "./path-element.ts";
import type { ListSchema, MapSchema, Schema, SchemaField } from "./schema.ts";
import { isEmptyMap, itemsOf, membersOf, ownMember, type Shape, sameShape, shapeOf } from "./shape.ts";

export interface Comparison {
  /** What is new or has another value. */
  readonly written: FieldSet;
  readonly removed: FieldSet;
}

/** The comparison of two objects; undefined if they do not differ. @throws ApplyTypeError */
export function compare(before: JsonObject, after: JsonObject, schema: Schema): Comparison | undefined {
  const found = compareValues(before, after, schema);
  return found && { written: found.written ?? emptySet, removed: found.removed ?? emptySet };
}

/** A comparison without some fields and what is below them. */
export function withoutFields(comparison: Comparison, fields: FieldSet | undefined): Comparison {
  if (fields === undefined) return comparison;
  return {
    written: recursiveDifference(comparison.written, fields),
    removed: recursiveDifference(comparison.removed, fields),
  };
}

/** Nodes for one value; the value itself is in a set where the node says so (see FieldSet). */
interface Found {
  written: FieldSet | undefined;
  removed: FieldSet | undefined;
}

const writtenLeaf: Found = Object.freeze({ written: leaf, removed: undefined });
const removedLeaf: Found = Object.freeze({ written: undefined, removed: leaf });

function compareValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  schema: Schema,
): Found | undefined {
  if (before === after) return undefined;
  if (before === undefined) return { written: everything(after!, schema), removed: undefined };
  if (after === undefined) return { written: undefined, removed: everything(before, schema) };
  if (typeof before !== "object" && typeof after !== "object" && schema.scalar !== undefined)
    return writtenLeaf;
  const shape = shapeOf(after, schema);
  if (sameShape(before, after, schema)) return compareShape(shape, before, after, schema);
  // Of two values of different shapes each is looked at in its own shape.
  const other = compareShape(shapeOf(before, schema), before, after, schema);
  return merged(other, compareShape(shape, before, after, schema));
}

function merged(a: Found | undefined, b: Found | undefined): Found | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both = (x: FieldSet | undefined, y: FieldSet | undefined): FieldSet | undefined =>
    x === undefined || y === undefined ? (x ?? y) : unionNodes(x, y);
  return { written: both(a.written, b.written), removed: both(a.removed, b.removed) };
}

/** Union of the nodes of one path, where an empty node is a path that is in the set. */
function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  return union({ "f:": a }, { "f:": b })["f:"]!;
}

function compareShape(shape: Shape, before: JsonValue, after: JsonValue, schema: Schema): Found | undefined {
  if (shape === "map") {
    const map = schema.map!;
    const [old, now] = [membersOf(before), membersOf(after)];
    // Two maps without members are equal, but null or something that is no map is not.
    const isLeaf = map.atomic || ((old !== before || now !== after) && isEmptyMap(old) && isEmptyMap(now));
    return isLeaf ? compareLeaves(before, after) : compareMembers(old, now, map);
  }
  if (shape === "list") {
    const list = schema.list!;
    const [old, now] = [itemsOf(before), itemsOf(after)];
    return list.atomic || (old.length === 0 && now.length === 0)
      ? compareLeaves(before, after)
      : compareItems(old, now, list);
  }
  return compareLeaves(before, after);
}

function compareLeaves(before: JsonValue, after: JsonValue): Found | undefined {
  return jsonEqual(before, after) ? undefined : writtenLeaf;
}

function compareMembers(before: JsonObject, after: JsonObject, map: MapSchema): Found | undefined {
  let written = NodeElements.of(false);
  let removed = written;
  let field: SchemaField | undefined;
  for (const name in after) {
    const now = after[name]!;
    const old = ownMember(before, name);
    if (old === now) continue;
    field = map.field(name, field);
    const schema = field === undefined ? map.element : field.schema;
    const found = schema && compareValues(old, now, schema);
    if (found === undefined) continue;
    const element = elementOf(field, name);
    if (found.written !== undefined) written = written.and(element, found.written);
    if (found.removed !== undefined) removed = removed.and(element, found.removed);
  }
  for (const name in before) {
    const old = before[name];
    if (old === undefined || ownMember(after, name) !== undefined) continue;
    field = map.field(name);
    const schema = field === undefined ? map.element : field.schema;
    if (schema !== undefined) removed = removed.and(elementOf(field, name), everything(old, schema));
  }
  return foundIn(written, removed);
}

const elementOf = (field: SchemaField | undefined, name: string): string =>
  field === undefined ? fieldElement(name) : field.element;

function foundIn({ node: written }: NodeElements, { node: removed }: NodeElements): Found | undefined {
  return written === undefined && removed === undefined ? undefined : { written, removed };
}

function compareItems(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  list: ListSchema,
): Found | undefined {
  if (before.length === 0) return { written: everyItem(after, list, false), removed: undefined };
  if (after.length === 0) return { written: undefined, removed: everyItem(before, list, false) };
  // Most lists stay as they are: their items need not be told apart.
  if (before.length === after.length && jsonEqual(before, after)) return undefined;
  const old = byElement(before, list);
  const now = byElement(after, list);
  let written = NodeElements.of(false);
  let removed = written;
  for (const element of new Set([...now.keys(), ...old.keys()])) {
    const found = compareItem(old.get(element) ?? noItems, now.get(element) ?? noItems, list);
    if (found?.written !== undefined) written = written.and(element, found.written);
    if (found?.removed !== undefined) removed = removed.and(element, found.removed);
  }
  return foundIn(written, removed);
}

const noItems: readonly JsonValue[] = [];

/** The items of each element: more than one where a list that should be a set is none. */
function byElement(items: readonly JsonValue[], list: ListSchema): Map<string, JsonValue[]> {
  const groups = new Map<string, JsonValue[]>();
  for (const item of items) {
    const element = itemElement(item, list);
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

/** Duplicates are one thing together, owned as a whole. */
function compareItem(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  { items }: ListSchema,
): Found | undefined {
  if (before.length <= 1 && after.length <= 1) return compareValues(before[0], after[0], items);
  if (before.length >= 2 && after.length >= 2) return compareLeaves([...before], [...after]);
  const single = compareValues(
    before.length >= 2 ? undefined : before[0],
    after.length >= 2 ? undefined : after[0],
    items,
  );
  const marker = before.length >= 2 ? removedLeaf : writtenLeaf;
  return merged(single, marker);
}

/**
 * All paths of a value that is new or gone as a whole: the value itself, and everything in it. In a value that its type
 * does not allow there is nothing.
 */
function everything(value: JsonValue, { list, map }: Schema): FieldSet {
  if (typeof value !== "object" || value === null) return leaf;
  if (Array.isArray(value)) {
    return list === undefined || list.atomic ? leaf : (everyItem(value, list, true) ?? leaf);
  }
  return map === undefined || map.atomic ? leaf : everyMember(value, map);
}

function everyMember(members: JsonObject, map: MapSchema): FieldSet {
  let elements = NodeElements.of(true);
  let field: SchemaField | undefined;
  for (const name in members) {
    const value = members[name];
    if (value === undefined) continue;
    field = map.field(name, field);
    if (field !== undefined) {
      // Without a look at the type of what is mostly there.
      const node = typeof value === "object" ? everything(value, field.schema) : leaf;
      elements = elements.and(field.element, node);
    } else if (map.element !== undefined) {
      elements = elements.and(fieldElement(name), everything(value, map.element));
    }
  }
  return elements.node!;
}

function everyItem(items: readonly JsonValue[], list: ListSchema, self: boolean): FieldSet | undefined {
  return itemsNode(items, list, self, everything);
}
