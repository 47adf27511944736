/** An applied configuration merged into a live value. Source: structured-merge-diff/v6/typed/merge.go. */

import { setKey } from "../json.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { ApplyTypeError, itemElement, sameItem } from "./list-items.ts";
import type { ListSchema, MapSchema, Schema, SchemaField } from "./schema.ts";
import { isEmptyMap, itemsOf, membersOf, ownMember, shapeOf } from "./shape.ts";

/**
 * The live object with everything that the configuration says. What stays as it is, is shared with the live object:
 * the result is the live object itself if nothing changes. @throws ApplyTypeError
 */
export function merge(live: JsonObject, configuration: JsonObject, schema: Schema): JsonObject {
  return mergeValues(live, configuration, schema) as JsonObject;
}

function mergeValues(live: JsonValue, applied: JsonValue, schema: Schema): JsonValue {
  if (live === applied) return live;
  switch (shapeOf(applied, schema)) {
    case "map":
      return mergeMaps(live, applied, schema.map!);
    case "list":
      return mergeLists(live, applied, schema.list!);
    case "scalar":
      return keep(live, applied);
  }
}

/** The applied value; the live one where they are equal. */
const keep = (live: JsonValue, applied: JsonValue): JsonValue => (jsonEqual(live, applied) ? live : applied);

function mergeMaps(live: JsonValue, applied: JsonValue, map: MapSchema): JsonValue {
  const old = membersOf(live);
  const now = membersOf(applied);
  if (map.atomic || (isEmptyMap(old) && isEmptyMap(now))) return keep(live, applied);
  let result: JsonObject | undefined;
  let field: SchemaField | undefined;
  for (const name in now) {
    const before = ownMember(old, name);
    field = map.field(name, field);
    const schema = field === undefined ? map.element : field.schema;
    const value = now[name]!;
    const after = before === undefined || schema === undefined ? value : mergeValues(before, value, schema);
    if (after === before) continue;
    result ??= { ...old };
    setKey(result, name, after);
  }
  return result ?? (live === old ? live : now);
}

function mergeLists(live: JsonValue, applied: JsonValue, list: ListSchema): JsonValue {
  const old = itemsOf(live);
  const now = itemsOf(applied);
  if (list.atomic || (old.length === 0 && now.length === 0)) return keep(live, applied);
  if (now.length === 0) return live;
  if (old.length === 0) return applied;
  const result = mergePairs(old, now, list) ?? new ListMerge(old, now, list).merge();
  const same = result.length === old.length && result.every((item, index) => item === old[index]);
  return same ? live : result;
}

/** The usual case: both lists have the same items in the same order. Applied lists hold no item twice. */
function mergePairs(
  live: readonly JsonValue[],
  applied: readonly JsonValue[],
  list: ListSchema,
): JsonValue[] | undefined {
  if (live.length !== applied.length) return undefined;
  for (let i = 0; i < live.length; i++) if (!sameItem(live[i]!, applied[i]!, list)) return undefined;
  return live.map((item, index) => mergeValues(item, applied[index]!, list.items));
}

/**
 * Merges two lists of which the items have identities. Items that only the live list has keep their place between
 * the shared ones; the applied order wins.
 */
class ListMerge {
  readonly #live: readonly JsonValue[];
  readonly #applied: readonly JsonValue[];
  readonly #items: Schema;
  readonly #liveElements: string[];
  readonly #appliedElements: string[];
  /** Of each element the one item; none for duplicates, which are not merged. */
  readonly #liveByElement = new Map<string, JsonValue | undefined>();
  readonly #appliedByElement = new Map<string, JsonValue>();
  readonly #merged = new Set<string>();
  readonly #out: JsonValue[] = [];
  /** The elements of both lists that are still to come, in applied order. */
  readonly #shared: string[];

  constructor(live: readonly JsonValue[], applied: readonly JsonValue[], list: ListSchema) {
    this.#live = live;
    this.#applied = applied;
    this.#items = list.items;
    this.#appliedElements = applied.map((item) => itemElement(item, list));
    this.#liveElements = live.map((item) => itemElement(item, list));
    this.#appliedElements.forEach((element, index) => {
      if (this.#appliedByElement.has(element)) {
        throw new ApplyTypeError(`duplicate entries for key ${element}`);
      }
      this.#appliedByElement.set(element, applied[index]!);
    });
    this.#liveElements.forEach((element, index) => {
      const item = this.#liveByElement.has(element) ? undefined : live[index];
      this.#liveByElement.set(element, item);
    });
    this.#shared = this.#appliedElements.filter((element) => this.#liveByElement.has(element)).reverse();
  }

  merge(): JsonValue[] {
    let l = 0;
    let a = 0;
    while (l < this.#live.length || a < this.#applied.length) {
      const live = this.#liveElements[l];
      const applied = this.#appliedElements[a];
      if (live !== undefined && applied !== undefined) {
        if (live === applied) {
          this.#take(live);
          this.#shared.pop();
          l++;
          a++;
          continue;
        }
        const next = this.#shared.at(-1);
        // A shared item, but not the one whose turn it is.
        if (this.#appliedByElement.has(live) && next !== undefined && next !== live) {
          l++;
          continue;
        }
      }
      if (live !== undefined) {
        if (!this.#appliedByElement.has(live)) {
          this.#out.push(this.#live[l]!);
          l++;
          continue;
        }
        // A duplicate of what was merged already.
        if (this.#merged.has(live)) l++;
      }
      if (applied !== undefined) {
        this.#take(applied);
        if (this.#shared.at(-1) === applied) this.#shared.pop();
        a++;
      }
    }
    return this.#out;
  }

  #take(element: string): void {
    this.#merged.add(element);
    const live = this.#liveByElement.get(element);
    const applied = this.#appliedByElement.get(element)!;
    this.#out.push(live === undefined ? applied : mergeValues(live, applied, this.#items));
  }
}
