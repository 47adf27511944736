/**
 * List work of the strategic merge patch: merge keys, element types and the order of a merged list. Rules and error
 * texts: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go and pkg/util/mergepatch/errors.go; the order:
 * https://git.k8s.io/design-proposals-archive/cli/preserve-order-in-strategic-merge-patch.md
 */
import type { JsonObject, JsonValue } from "../object.ts";
import { badRequest, StatusError } from "../status.ts";
import { goTypeName, goValue, isObject } from "./go-value.ts";

/** The member of a map in a patch that says what to do with the map. */
export const directive = "$patch";

export function hasDirective(item: JsonValue): boolean {
  return isObject(item) && Object.hasOwn(item, directive);
}

/** An error that upstream does not classify; the API server answers it with a 500 without a reason. */
export const patchError = (message: string): StatusError => new StatusError(500, "", message);

export const noListOfLists = (): StatusError =>
  new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {});

export const badPrimitiveList = (): StatusError => badRequest("invalid patch format of primitive list");
export const badRetainKeys = (): StatusError => badRequest("invalid patch format of retainKeys");
export const badElementOrder = (): StatusError => badRequest("invalid patch format of setElementOrder list");

export const badType = (expected: JsonValue, actual: JsonValue | undefined): StatusError =>
  patchError(`expected a ${goTypeName(expected)}, but received a ${goTypeName(actual)}`);

export const noMergeKey = (map: JsonObject, key: string): StatusError =>
  patchError(`map: ${goValue(map)} does not contain declared merge key: ${key}`);

export function asList(value: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(value)) throw badType([], value);
  return value;
}

export function asObject(value: JsonValue | undefined): JsonObject {
  if (!isObject(value)) throw badType({}, value);
  return value;
}

export function mergeKeyOf(item: JsonValue, mergeKey: string): JsonValue {
  const map = asObject(item);
  if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey);
  return map[mergeKey]!;
}

/** The one Go type of all elements. */
export function elementType(...lists: readonly JsonValue[][]): string {
  let type: string | undefined;
  for (const list of lists) {
    for (const item of list) {
      const current = goTypeName(item);
      if (type === undefined && Array.isArray(item)) throw noListOfLists();
      if (type !== undefined && current !== type) {
        throw patchError(`list element types are not identical: [${lists.map(goValue).join(" ")}]`);
      }
      type = current;
    }
  }
  if (type === undefined) throw patchError("no elements in any of the given slices");
  return type;
}

export const mapType = goTypeName({});

/** What tells the items of a list apart: the merge key of maps, the value itself otherwise. */
export type Identity = (item: JsonValue) => JsonValue;

export const identityOf = (mergeKey: string): Identity =>
  mergeKey === "" ? (item) => item : (item) => mergeKeyOf(item, mergeKey);

/** The place of each item; of equal ones the first. */
function places(list: readonly JsonValue[], identity: Identity): Map<JsonValue, number> {
  const index = new Map<JsonValue, number>();
  list.forEach((item, place) => {
    const id = identity(item);
    if (!index.has(id)) index.set(id, place);
  });
  return index;
}

/**
 * Orders a merged list: items that the patch names in the order of the patch, the others in the order of the live
 * list, and both interleaved as the live list has them.
 */
export function orderMerged(
  merged: readonly JsonValue[],
  patchOrder: readonly JsonValue[],
  liveOrder: readonly JsonValue[],
  mergeKey: string,
): JsonValue[] {
  const identity = identityOf(mergeKey);
  const inPatch = places(patchOrder, identity);
  const inLive = places(liveOrder, identity);
  const bySource = Map.groupBy(merged, (item) => inPatch.has(identity(item)));
  const patched = sortByPlace(bySource.get(true) ?? [], inPatch, identity);
  const others = sortByPlace(bySource.get(false) ?? [], inLive, identity);
  return interleave(others, patched, (item) => inLive.get(identity(item)));
}

function sortByPlace(
  items: JsonValue[],
  order: ReadonlyMap<JsonValue, number>,
  identity: Identity,
): JsonValue[] {
  const place = (item: JsonValue): number => order.get(identity(item)) ?? -1;
  return items.toSorted((a, b) => place(a) - place(b));
}

function interleave(
  left: readonly JsonValue[],
  right: readonly JsonValue[],
  livePlace: (item: JsonValue) => number | undefined,
): JsonValue[] {
  const result: JsonValue[] = [];
  let next = 0;
  for (const item of right) {
    const place = livePlace(item);
    while (next < left.length && place !== undefined) {
      const leftPlace = livePlace(left[next]!);
      if (leftPlace === undefined || leftPlace >= place) break;
      result.push(left[next++]!);
    }
    result.push(item);
  }
  return [...result, ...left.slice(next)];
}

/**
 * The items of a patch list must be in the $setElementOrder list, in the same order.
 * Source: validatePatchWithSetOrderList.
 */
export function checkElementOrder(
  patchList: readonly JsonValue[],
  order: readonly JsonValue[],
  mergeKey: string,
): void {
  if (order.length === 0 || patchList.length === 0) return;
  const identity = identityOf(mergeKey);
  const kept =
    mergeKey === "" ? patchList : patchList.filter((item) => asObject(item)[directive] !== "delete");
  let at = 0;
  for (let place = 0; at < kept.length && place < order.length; ) {
    const item = kept[at]!;
    if (hasDirective(item)) {
      at++;
      continue;
    }
    if (identity(item) === identity(order[place]!)) at++;
    place++;
  }
  if (at < kept.length) {
    const lists = `${goValue([...patchList])}\n doesn't match $setElementOrder list:\n${goValue([...order])}`;
    throw patchError(`The order in patch list:\n${lists}\n`);
  }
}

/**
 * The live list as $setElementOrder sees it after the merge. Upstream merges in place, so items that the patch adds
 * take the slots of those that it deletes, and count as live ones of that place.
 */
export function liveAfterDeletion(
  live: readonly JsonValue[],
  patch: readonly JsonValue[],
  mergeKey: string,
): readonly JsonValue[] {
  const keyOf = (item: JsonValue): JsonValue | undefined => (isObject(item) ? item[mergeKey] : undefined);
  const deleted = new Set(patch.filter((item) => isObject(item) && item[directive] === "delete").map(keyOf));
  if (mergeKey === "" || deleted.size === 0) return live;
  const kept = live.filter((item) => !deleted.has(keyOf(item)));
  const known = new Set(kept.map(keyOf));
  const added = patch.filter((item) => !hasDirective(item) && !known.has(keyOf(item)));
  return [...kept, ...added.slice(0, live.length - kept.length)];
}
