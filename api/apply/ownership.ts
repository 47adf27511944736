/** Who owns what after a write. Source: structured-merge-diff/v6/merge/update.go. */
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject } from "../object.ts";
import { type Comparison, compare, withoutFields } from "./compare.ts";
import { ApplyConflicts, conflictsOf } from "./conflicts.ts";
import {
  difference,
  emptySet,
  type FieldSet,
  intersection,
  isEmpty,
  recursiveDifference,
} from "./field-set.ts";
import { fieldSetOf, reconciled } from "./field-set-of.ts";
import { changed, type Manager, type Managers, type ManagersBuilder } from "./managers.ts";
import { merge } from "./merge.ts";
import { prune } from "./prune.ts";
import type { Schema } from "./schema.ts";
import { type ApplyVersion, type ApplyVersions, convertObject } from "./versions.ts";

export interface OwnershipContext {
  /** The version of the request; the objects are in it. */
  readonly version: ApplyVersion;
  readonly versions: ApplyVersions;
  /** Fields that the endpoint ignores, by apiVersion. */
  readonly resetFields: ReadonlyMap<string, FieldSet>;
}

export interface Update {
  readonly managers: ManagersBuilder;
  /** What the writer set. */
  readonly written: FieldSet;
}

/** A write other than apply: others lose what changed, the writer owns it. @throws ApplyTypeError */
export function update(
  live: JsonObject,
  next: JsonObject,
  managers: Managers,
  context: OwnershipContext,
): Update {
  const current = reconcileManagers(managers, context);
  const changes = new Changes(live, next, context);
  const { managers: left, comparison } = takeFromOthers(current, undefined, changes, true);
  return { managers: left, written: withoutReset(comparison?.written ?? emptySet, context) };
}

export interface Applied {
  /** The merged object; the live one itself if nothing changes. */
  readonly object: JsonObject;
  readonly managers: ManagersBuilder;
}

/** An apply by the manager with this identity. @throws ApplyTypeError, ApplyConflicts */
export function apply(
  live: JsonObject,
  configuration: JsonObject,
  managers: Managers,
  applier: { readonly id: string; readonly manager: Manager },
  context: OwnershipContext & { readonly force: boolean },
): Applied {
  const { version } = context;
  const current = reconcileManagers(managers, context);
  const last = current.get(applier.id);
  const fields = withoutReset(fieldSetOf(configuration, version.schema), context);
  current.set(applier.id, { ...applier.manager, fields, time: last?.time });
  const merged = merge(live, configuration, version.schema);
  const pruned = last === undefined ? merged : prune(merged, last, current, applier.id, context);
  const object = pruned !== live && jsonEqual(pruned, live) ? live : pruned;
  const changes = new Changes(live, object, context);
  return { object, managers: takeFromOthers(current, applier.id, changes, context.force).managers };
}

function withoutReset(fields: FieldSet, { version, resetFields }: OwnershipContext): FieldSet {
  const reset = resetFields.get(version.apiVersion);
  return reset === undefined ? fields : recursiveDifference(fields, reset);
}

/** Pure memoisation: the field sets that are known to agree with a schema. Equal sets are mostly one object. */
const agreeing = new WeakMap<Schema, WeakSet<FieldSet>>();

function agreed(fields: FieldSet, schema: Schema): FieldSet {
  let known = agreeing.get(schema);
  if (known?.has(fields)) return fields;
  const now = reconciled(fields, schema);
  if (known === undefined) {
    known = new WeakSet();
    agreeing.set(schema, known);
  }
  known.add(now);
  return now;
}

/** Managers whose version is still served, with their fields as the schema has them now. */
function reconcileManagers(managers: Managers, { versions }: OwnershipContext): ManagersBuilder {
  const result: ManagersBuilder = new Map();
  for (const [id, manager] of managers) {
    const schema = versions.find(manager.apiVersion)?.schema;
    if (schema === undefined) continue;
    result.set(id, changed(manager, { fields: agreed(manager.fields, schema) }));
  }
  return result;
}

/** What a write changes, in each version that somebody owns fields in. */
class Changes {
  readonly #live: JsonObject;
  readonly #next: JsonObject;
  readonly #context: OwnershipContext;
  readonly #filtered = new Map<string, Comparison | undefined>();
  /** In the version of the request, with the fields that the endpoint ignores. */
  readonly own: Comparison | undefined;

  constructor(live: JsonObject, next: JsonObject, context: OwnershipContext) {
    this.#live = live;
    this.#next = next;
    this.#context = context;
    this.own = live === next ? undefined : compare(live, next, context.version.schema);
  }

  in(apiVersion: string): Comparison | undefined {
    // What is the same in one version is the same in all.
    if (this.own === undefined) return undefined;
    if (!this.#filtered.has(apiVersion)) this.#filtered.set(apiVersion, this.#compareIn(apiVersion));
    return this.#filtered.get(apiVersion);
  }

  #compareIn(apiVersion: string): Comparison | undefined {
    const { version, versions, resetFields } = this.#context;
    const to = versions.find(apiVersion)!;
    const comparison =
      apiVersion === version.apiVersion
        ? this.own
        : compare(convertObject(this.#live, version, to), convertObject(this.#next, version, to), to.schema);
    return comparison && withoutFields(comparison, resetFields.get(apiVersion));
  }
}

/** Everybody but the writer loses what changed under them. @throws ApplyConflicts unless forced */
function takeFromOthers(
  managers: ManagersBuilder,
  writer: string | undefined,
  changes: Changes,
  force: boolean,
): { managers: ManagersBuilder; comparison: Comparison | undefined } {
  const conflicts: [Manager, FieldSet][] = [];
  for (const [id, manager] of managers) {
    const comparison = id === writer ? undefined : changes.in(manager.apiVersion);
    if (comparison === undefined) continue;
    const conflict = intersection(manager.fields, comparison.written);
    if (!isEmpty(conflict)) conflicts.push([manager, conflict]);
    const left = difference(difference(manager.fields, conflict), comparison.removed);
    managers.set(id, changed(manager, { fields: left }));
  }
  if (!force && conflicts.length > 0) throw new ApplyConflicts(conflictsOf(conflicts));
  for (const [id, { fields }] of managers) if (isEmpty(fields)) managers.delete(id);
  return { managers, comparison: changes.own };
}
