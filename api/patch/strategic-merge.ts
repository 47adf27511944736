/**
 * Strategic merge patch: StrategicMergeMapPatch of k8s.io/apimachinery/pkg/util/strategicpatch/patch.go, driven by
 * the patchMergeKey and patchStrategy of the API's types.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */

import { goQuote } from "../go-format.ts";
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import type { FieldType, StructType } from "../schema/types.ts";
import { badRequest } from "../status.ts";
import { goString, goTypeName, goValue, isObject } from "./go-value.ts";
import { type PatchOptions, type PatchOutcome, patchMap, readPatch } from "./patch-body.ts";
import {
  asList,
  asObject,
  badElementOrder,
  badPrimitiveList,
  badRetainKeys,
  checkElementOrder,
  directive,
  elementType,
  hasDirective,
  liveAfterDeletion,
  mapType,
  mergeKeyOf,
  noMergeKey,
  orderMerged,
  patchError,
} from "./strategic-lists.ts";

const retainKeys = "$retainKeys";
const deleteFromList = "$deleteFromPrimitiveList";
const setElementOrder = "$setElementOrder";

export interface StrategicOutcome extends PatchOutcome {
  value: JsonObject;
  /** The patch that was read: upstream shows it in errors about the patched object, see goValue. */
  patch: JsonObject;
}

/**
 * Applies a strategic merge patch to a document of the given type; never changes the document.
 * Without a type (a custom resource) the format is not supported. @throws StatusError 400, 422 or 500, as upstream
 */
export function applyStrategicMergePatch(
  document: JsonObject,
  body: string | Uint8Array,
  struct: StructType | undefined,
  options: PatchOptions,
): StrategicOutcome {
  const { value: patch, strictErrors } = patchMap(readPatch(body, options, ""), "");
  if (struct === undefined) throw badRequest("strategic merge patch format is not supported");
  return { value: mergeMap(document, patch, { kind: "struct", struct }), patch, strictErrors };
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function mergeMap(original: JsonObject, patch: JsonObject, type: FieldType): JsonObject {
  const whole = own(patch, directive);
  if (whole !== undefined) return replaceMap(whole, patch);
  const result = retained(original, patch);
  const ordered = mergeOrderedLists(result, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key === retainKeys || key.startsWith(setElementOrder) || ordered.has(key)) continue;
    const isDeleteList = key.startsWith(deleteFromList);
    const field = isDeleteList ? directiveField(key, deleteFromList) : key;
    const merged = mergeField(field, own(result, field), value, type, isDeleteList);
    if (merged === undefined) delete result[field];
    else setKey(result, field, merged);
  }
  return result;
}

function replaceMap(whole: JsonValue, patch: JsonObject): JsonObject {
  if (whole === "delete") return {};
  if (whole !== "replace") throw badPatchType(whole, patch);
  const { [directive]: _, ...rest } = patch;
  return rest;
}

const badPatchType = (found: JsonValue, map: JsonObject): Error =>
  patchError(`unknown patch type: ${goString(found)} in map: ${goValue(map)}`);

/** "$setElementOrder/ports" is about ports. */
function directiveField(key: string, prefix: string): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  throw prefix === deleteFromList ? badPrimitiveList() : badElementOrder();
}

/** A copy of the original, without what a $retainKeys list does not name. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...original };
  const list = own(patch, retainKeys);
  if (list === undefined) return result;
  if (!Array.isArray(list)) throw badRetainKeys();
  const keep = new Set(list);
  for (const [key, value] of Object.entries(patch)) {
    const ignored = key === retainKeys || key.startsWith(deleteFromList) || key.startsWith(setElementOrder);
    if (value !== null && !ignored && !keep.has(key)) throw badRetainKeys();
  }
  for (const key of Object.keys(result)) if (!keep.has(key)) delete result[key];
  return result;
}

/** Merges the lists that a $setElementOrder orders into result; the outcome names them. */
function mergeOrderedLists(result: JsonObject, patch: JsonObject, type: FieldType): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith(setElementOrder)) continue;
    const order = asList(value);
    const field = directiveField(key, setElementOrder);
    const live = own(result, field);
    const changes = own(patch, field);
    const liveList = live === undefined ? [] : asList(live);
    const changeList = changes === undefined ? [] : asList(changes);
    const { items, strategy, mergeKey } = listMeta(type, field);
    checkElementOrder(changeList, order, mergeKey);
    if (live === undefined && changes === undefined) continue;
    done.add(field);
    let merged: JsonValue[];
    if (changes === undefined) merged = liveList;
    else if (live === undefined) merged = withoutDirectives(changeList) as JsonValue[];
    else merged = mergeList(liveList, changeList, { items, strategy, mergeKey }, false);
    // Called for its errors only.
    elementType(liveList, changeList);
    const liveOrder = strategy === "merge" ? liveAfterDeletion(liveList, changeList, mergeKey) : liveList;
    setKey(result, field, orderMerged(merged, order, liveOrder, mergeKey));
  }
  return done;
}

/** The new value of a field; undefined where it goes. */
function mergeField(
  field: string,
  current: JsonValue | undefined,
  value: JsonValue,
  type: FieldType,
  isDeleteList: boolean,
): JsonValue | undefined {
  if (value === null) return undefined;
  if (current === undefined || goTypeName(current) !== goTypeName(value)) {
    return isDeleteList ? current : withoutDirectives(withoutNulls(value));
  }
  if (isObject(value)) {
    const { type: inner, strategy } = fieldMeta(type, field);
    return strategy === "replace" ? value : mergeMap(asObject(current), value, inner);
  }
  if (Array.isArray(value)) return mergeList(asList(current), value, listMeta(type, field), isDeleteList);
  return value;
}

interface ListMeta {
  items: FieldType;
  strategy: string;
  mergeKey: string;
}

function mergeList(
  live: JsonValue[],
  patch: JsonValue[],
  meta: ListMeta,
  isDeleteList: boolean,
): JsonValue[] {
  if (meta.strategy !== "merge" && !isDeleteList) return patch;
  if (live.length === 0 && patch.length === 0) return live;
  if (elementType(live, patch) !== mapType) {
    const named = new Set(patch);
    if (isDeleteList) return live.filter((item) => !named.has(item));
    return orderMerged([...new Set([...live, ...patch])], patch, live, meta.mergeKey);
  }
  if (meta.mergeKey === "")
    throw patchError(`cannot merge lists without merge key for ${goKind(meta.items)}`);
  return mergeListOfMaps(live as JsonObject[], patch as JsonObject[], meta);
}

function mergeListOfMaps(
  live: JsonObject[],
  patch: JsonObject[],
  { items, mergeKey }: ListMeta,
): JsonValue[] {
  const removed = new Set<JsonValue>();
  const changes: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    const found = own(item, directive);
    if (found === undefined) changes.push(item);
    else if (found === "delete") removed.add(mergeKeyOf(item, mergeKey));
    else if (found === "replace") replace = true;
    else if (found === "merge") throw patchError("merging lists cannot yet be specified in the patch");
    else throw badPatchType(found, item);
  }
  if (replace) {
    for (const item of changes) mergeKeyOf(item, mergeKey);
    return changes;
  }
  const kept = live.filter(
    (item) => !removed.has(own(item, mergeKey) ?? null) || !Object.hasOwn(item, mergeKey),
  );
  const merged = mergeItems(kept, changes, items, mergeKey);
  return orderMerged(merged, changes, kept, mergeKey);
}

function mergeItems(
  live: readonly JsonObject[],
  patch: readonly JsonObject[],
  items: FieldType,
  mergeKey: string,
): JsonObject[] {
  const merged = [...live];
  const places = new Map<JsonValue, number>();
  live.forEach((item, place) => {
    const id = own(item, mergeKey);
    if (id !== undefined && !places.has(id)) places.set(id, place);
  });
  for (const item of patch) {
    const id = own(item, mergeKey);
    if (id === undefined) throw noMergeKey(item, mergeKey);
    const place = places.get(id);
    if (place !== undefined) merged[place] = mergeMap(merged[place]!, item, items);
    else places.set(id, merged.push(item) - 1);
  }
  return merged;
}

interface FieldMeta {
  type: FieldType;
  strategy: string;
  mergeKey: string;
}

/** Which Go kind holds a type, as reflect names it. */
function goKind(type: FieldType): string {
  switch (type.kind) {
    case "array":
      return "slice";
    case "scalar":
      return { boolean: "bool", bytes: "slice", string: "string" }[type.scalar as string] ?? type.scalar;
    default:
      return type.kind;
  }
}

/** Go structs that stand for free-form JSON and so have no fields of their own. */
const opaqueStructs: Record<string, string> = {
  rawExtension: "RawExtension",
  fieldsV1: "FieldsV1",
  json: "JSON",
};

function fieldMeta(type: FieldType, key: string): FieldMeta {
  const opaque = type.kind === "scalar" ? opaqueStructs[type.scalar] : undefined;
  if (type.kind !== "struct" && opaque === undefined) {
    throw patchError(`merging an object in json but data type is not struct, instead is: ${goKind(type)}`);
  }
  const field = type.kind === "struct" ? type.struct.fields.get(key) : undefined;
  if (field === undefined) {
    const name = type.kind === "struct" ? type.struct.goName : opaque;
    throw patchError(`unable to find api field in struct ${name} for the json field ${goQuote(key)}`);
  }
  const strategies = (field.patchStrategy ?? "").split(",").filter((strategy) => strategy !== "retainKeys");
  return { type: field.type, strategy: strategies[0] ?? "", mergeKey: field.patchMergeKey ?? "" };
}

function listMeta(parent: FieldType, key: string): ListMeta {
  const { type, strategy, mergeKey } = fieldMeta(parent, key);
  // Upstream names the kind of the parent here.
  if (type.kind !== "array") throw patchError(`expected slice or array type, but got: ${goKind(parent)}`);
  if (type.items.kind === "array") throw patchError("unexpected slice of slice");
  return { items: type.items, strategy, mergeKey };
}

/** A value that is new to the document, without the nulls of its objects. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value))
    if (child !== null) setKey(result, key, withoutNulls(child));
  return result;
}

/** A value without the maps in it that only give a $patch directive; undefined if it is one itself. */
function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (hasDirective(value)) return undefined;
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const kept = withoutDirectives(child);
    if (kept !== undefined) setKey(result, key, kept);
  }
  return result;
}
