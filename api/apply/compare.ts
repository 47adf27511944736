/** What changed between two values of a type, as sets of paths. Source: structured-merge-diff/v6/typed/compare.go. */
import { compareBytes } from "../byte-order.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import {
  emptySet,
  type FieldSet,
  type FieldSetBuilder,
  leaf,
  recursiveDifference,
  sorted,
  union,
} from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { ListSchema, MapSchema, Schema } from "./schema.ts";
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

/** Collects what was found in the members of a container. */
class Findings implements Found {
  written: FieldSetBuilder | undefined;
  removed: FieldSetBuilder | undefined;

  put(element: string, { written, removed }: Found): void {
    if (written !== undefined) {
      this.written ??= {};
      this.written[element] = written;
    }
    if (removed !== undefined) {
      this.removed ??= {};
      this.removed[element] = removed;
    }
  }

  sort(): Found {
    if (this.written !== undefined) this.written = sorted(this.written);
    if (this.removed !== undefined) this.removed = sorted(this.removed);
    return this;
  }
}

function compareValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  schema: Schema,
): Found | undefined {
  if (before === after) return undefined;
  if (before === undefined) return { written: everything(after!, schema), removed: undefined };
  if (after === undefined) return { written: undefined, removed: everything(before, schema) };
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
    return map.atomic || (isEmptyMap(old) && isEmptyMap(now))
      ? compareLeaves(before, after)
      : compareMembers(old, now, map);
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
  let findings: Findings | undefined;
  for (const field of map.fields) {
    const old = field.of(before);
    const now = field.of(after);
    if (old === now) continue;
    const found = compareValues(old, now, field.schema);
    if (found === undefined) continue;
    findings ??= new Findings();
    findings.put(field.element, found);
  }
  if (map.element === undefined) return findings;
  const declared = findings;
  for (const name of undeclaredNames(map, before, after)) {
    const found = compareValues(ownMember(before, name), ownMember(after, name), map.element);
    if (found === undefined) continue;
    findings ??= new Findings();
    findings.put(fieldElement(name), found);
  }
  // Names of both kinds are mixed.
  return declared === undefined ? findings : findings?.sort();
}

/** Names that the type does not declare, in canonical order. */
function undeclaredNames(map: MapSchema, before: JsonObject, after: JsonObject): string[] {
  const names: string[] = [];
  for (const name in after) if (map.field(name) === undefined) names.push(name);
  for (const name in before) {
    if (!Object.hasOwn(after, name) && map.field(name) === undefined) names.push(name);
  }
  return names.length > 1 ? names.sort(compareBytes) : names;
}

function compareItems(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  list: ListSchema,
): Found | undefined {
  // Most lists stay as they are: their items need not be told apart.
  if (before.length === after.length && jsonEqual(before, after)) return undefined;
  const old = byElement(before, list);
  const now = byElement(after, list);
  const findings = new Findings();
  for (const [element, items] of now) {
    const found = compareItem(old.get(element) ?? noItems, items, list);
    if (found !== undefined) findings.put(element, found);
  }
  for (const [element, items] of old) {
    if (now.has(element)) continue;
    const found = compareItem(items, noItems, list);
    if (found !== undefined) findings.put(element, found);
  }
  return findings.sort();
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

/** All paths of a value that is new or gone as a whole: the value itself, and everything in it. */
function everything(value: JsonValue, schema: Schema): FieldSet {
  const shape = shapeOf(value, schema);
  if (shape === "map" && !schema.map!.atomic) return everyMember(membersOf(value), schema.map!);
  if (shape === "list" && !schema.list!.atomic) return everyItem(itemsOf(value), schema.list!);
  return leaf;
}

function everyMember(members: JsonObject, map: MapSchema): FieldSet {
  if (isEmptyMap(members)) return leaf;
  const node: FieldSetBuilder = { ".": leaf };
  for (const field of map.fields) {
    const value = field.of(members);
    if (value !== undefined) node[field.element] = everything(value, field.schema);
  }
  if (map.element === undefined) return node;
  for (const name of undeclaredNames(map, members, members)) {
    node[fieldElement(name)] = everything(members[name]!, map.element);
  }
  return map.fields.length > 0 ? sorted(node) : node;
}

function everyItem(items: readonly JsonValue[], list: ListSchema): FieldSet {
  if (items.length === 0) return leaf;
  const node: FieldSetBuilder = { ".": leaf };
  for (const item of items) {
    const element = itemElement(item, list);
    node[element] = node[element] === undefined ? everything(item, list.items) : leaf;
  }
  return sorted(node);
}
