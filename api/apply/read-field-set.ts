/** Reads fieldsV1. Source: structured-merge-diff/v6/fieldpath/serialize.go. */
import type { JsonObject, JsonValue } from "../object.ts";
import { goTypeName, isObject } from "../patch/go-value.ts";
import { emptySet, type FieldSet, type FieldSetBuilder, hasChildren, leaf, sorted } from "./field-set.ts";
import { NodeElements } from "./node-elements.ts";
import { canonicalElement, PathElementError } from "./path-element.ts";

/** Reads fieldsV1 that somebody else may have written. @throws PathElementError */
export function readFieldSet(fieldsV1: JsonValue | undefined): FieldSet {
  if (fieldsV1 === undefined || fieldsV1 === null) return emptySet;
  const canonical = isObject(fieldsV1) ? canonicalRoot(fieldsV1) : undefined;
  if (canonical !== undefined) return canonical;
  const { ".": _, ...set } = readNode(fieldsV1);
  return set;
}

/** The one object that there mostly is for a set (see node-elements.ts); the set itself where there is none. */
export const sharedSet = (set: FieldSet): FieldSet => canonicalRoot(set as unknown as JsonObject) ?? set;

function canonicalRoot(fieldsV1: JsonObject): FieldSet | undefined {
  const set = fieldsV1 as unknown as FieldSet;
  if (NodeElements.isShared(set)) return set;
  return Object.hasOwn(fieldsV1, ".") ? undefined : canonicalNode(fieldsV1);
}

/** undefined: the node is not canonical. */
function canonicalNode(node: JsonObject): FieldSet | undefined {
  let elements = NodeElements.of(false);
  for (const element in node) {
    const below = node[element];
    if (!isObject(below)) return undefined;
    const child = NodeElements.isShared(below) ? below : canonicalNode(below);
    if (child === undefined || (element === "." && child !== leaf)) return undefined;
    elements = elements.and(element, child);
  }
  // A node that has nothing below it is written without the dot.
  return elements.isCanonical && !elements.isSelfOnly ? (elements.node ?? leaf) : undefined;
}

function readNode(value: JsonValue): FieldSet {
  if (value === null) return leaf;
  if (!isObject(value)) {
    throw new PathElementError(`ReadMapCB: expect { or n, but found ${goTypeName(value)}`);
  }
  const node: FieldSetBuilder = {};
  for (const element in value) {
    const canonical = element === "." ? "." : canonicalElement(element);
    if (canonical !== undefined) node[canonical] = canonical === "." ? leaf : readNode(value[element]!);
  }
  return node["."] !== undefined && !hasChildren(node) ? leaf : sorted(node);
}
