/**
 * Removes from a merged object what an applier named last time and does not name any more, unless somebody else owns
 * it. Source: prune and addBack… of structured-merge-diff/v6/merge/update.go.
 */
import type { JsonObject } from "../object.ts";
import { difference, type FieldSet, intersection, isEmpty, isSubset, union } from "./field-set.ts";
import { fieldSetOf, withNamedFields } from "./field-set-of.ts";
import type { Manager, Managers } from "./managers.ts";
import { removeItems } from "./remove-items.ts";
import { type ApplyVersion, type ApplyVersions, convertObject } from "./versions.ts";

/** The merged object and the result are in the version of the request. */
export function prune(
  merged: JsonObject,
  last: Manager,
  managers: Managers,
  applier: string,
  { version, versions }: { version: ApplyVersion; versions: ApplyVersions },
): JsonObject {
  const lastVersion = versions.find(last.apiVersion);
  if (lastVersion === undefined || isEmpty(last.fields)) return merged;
  const applied = managers.get(applier)!;
  // Nothing was left out: what the applier named, it names again.
  if (applied.apiVersion === last.apiVersion && isSubset(last.fields, applied.fields)) return merged;
  const { schema } = lastVersion;
  const all = convertObject(merged, version, lastVersion);
  const lastFields = withNamedFields(last.fields, schema);
  const kept = withOwned(
    { all, pruned: removeItems(all, lastFields, schema), version: lastVersion },
    managers,
    versions,
  );
  const keptFields = withNamedFields(
    fieldSetOf(convertObject(kept.pruned, kept.version, lastVersion), schema),
    schema,
  );
  const allFields = withNamedFields(fieldSetOf(all, schema), schema);
  // Only what the applier owned goes; the rest stays, also when nobody owns it.
  const gone = intersection(difference(allFields, keptFields), lastFields);
  return convertObject(removeItems(all, gone, schema), lastVersion, version);
}

interface Pruning {
  readonly all: JsonObject;
  readonly pruned: JsonObject;
  /** The version of both. */
  readonly version: ApplyVersion;
}

/** Adds back what some manager owns; the version of the pruned object first, since conversion may need fields. */
function withOwned(start: Pruning, managers: Managers, versions: ApplyVersions): Pruning {
  const owned = new Map<string, FieldSet>([[start.version.apiVersion, {}]]);
  for (const { apiVersion, fields } of managers.values()) {
    owned.set(apiVersion, union(owned.get(apiVersion) ?? {}, fields));
  }
  let pruning = start;
  for (const [apiVersion, fields] of owned) {
    const version = versions.find(apiVersion);
    if (version !== undefined && !(isEmpty(fields) && version === start.version)) {
      pruning = addBack(pruning, fields, version);
    }
  }
  return pruning;
}

function addBack({ all, pruned, version: from }: Pruning, owned: FieldSet, version: ApplyVersion): Pruning {
  const { schema } = version;
  const converted = convertObject(all, from, version);
  const named = (object: JsonObject): FieldSet => withNamedFields(fieldSetOf(object, schema), schema);
  const wanted = union(named(convertObject(pruned, from, version)), withNamedFields(owned, schema));
  const unwanted = difference(named(converted), wanted);
  return { all: converted, pruned: removeItems(converted, unwanted, schema), version };
}
