/**
 * Server-side apply and the bookkeeping of managedFields for one version of a kind, or a subresource of it.
 * Source: k8s.io/apimachinery/pkg/util/managedfields (the stack of managers that NewDefaultFieldManager makes).
 */
import { convertedOr } from "../conversion/table.ts";
import { cloneJson } from "../json-clone.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonObject, JsonValue, KubeObject, ManagedFieldsEntry } from "../object.ts";
import { isObject, jsonKindName } from "../patch/go-value.ts";
import { badRequest, StatusError } from "../status.ts";
import { capManagers } from "./cap-managers.ts";
import { ApplyConflicts } from "./conflicts.ts";
import { difference, emptySet, type FieldSet, isEmpty, union } from "./field-set.ts";
import { remainingConflicts, updateLastApplied } from "./last-applied.ts";
import { ApplyTypeError } from "./list-items.ts";
import {
  changed,
  identityText,
  ManagedFieldsError,
  type Manager,
  type Managers,
  type ManagersBuilder,
  type Operation,
  readManagers,
  writeManagers,
} from "./managers.ts";
import { type Applied, apply, type OwnershipContext, update } from "./ownership.ts";
import { PathElementError } from "./path-element.ts";
import { sharedSet } from "./read-field-set.ts";
import { validate } from "./validate.ts";
import { type ApplyVersion, type ApplyVersions, asJson } from "./versions.ts";

/** The version of a kind in which requests come. */
export interface RequestVersion extends ApplyVersion {
  /** Fills defaults in place. */
  applyDefaults(object: KubeObject): void;
  /** What Go writes for an object of the kind of which nothing is set. */
  emptyObject(): KubeObject;
}

export interface FieldManagerOptions {
  readonly kind: string;
  readonly version: RequestVersion;
  readonly versions: ApplyVersions;
  /** "" for the resource itself. */
  readonly subresource: string;
  /** Fields that the endpoint ignores, as sets by apiVersion. See resetFieldSets. */
  readonly resetFields: ReadonlyMap<string, FieldSet>;
  /** Live objects may not fit the schema (custom resources): then nobody owns anything. */
  readonly checkLive?: boolean;
}

export interface FieldManagerWrite {
  manager: string;
  /** RFC 3339, whole seconds. */
  now: string;
}

/** Never owned by anybody. Source: stripmeta.go. */
const neverOwned: FieldSet = {
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    "f:clusterName": {},
    "f:creationTimestamp": {},
    "f:generation": {},
    "f:managedFields": {},
    "f:name": {},
    "f:namespace": {},
    "f:resourceVersion": {},
    "f:selfLink": {},
    "f:uid": {},
  },
};

/** Pure memoisation: most writes of a kind set the same fields, and equal sets are mostly one object. */
const owned = new WeakMap<FieldSet, FieldSet>();

function withoutNeverOwned(written: FieldSet): FieldSet {
  let fields = owned.get(written);
  if (fields === undefined) {
    fields = sharedSet(difference(written, neverOwned));
    owned.set(written, fields);
  }
  return fields;
}

const beforeFirstApply = "before-first-apply";

export class FieldManager {
  readonly #options: FieldManagerOptions;
  readonly #context: OwnershipContext;
  /** What a new object is compared with. */
  #emptyObject: JsonObject | undefined;

  constructor(options: FieldManagerOptions) {
    this.#options = options;
    this.#context = options;
  }

  /**
   * Sets next.metadata.managedFields as they are after a create (no live object), update or patch, and returns next.
   * What next brings along is what the client sent; [] or [{}] makes everybody forget. Both are hub objects.
   */
  update(live: KubeObject | undefined, next: KubeObject, write: FieldManagerWrite): KubeObject {
    const managedFields = this.#afterUpdate(live, next, write);
    if (managedFields === undefined) delete next.metadata.managedFields;
    else next.metadata.managedFields = managedFields;
    return next;
  }

  /**
   * Merges an applied configuration (decoded JSON, not pruned) into live, or makes a new object of it. The result is
   * a hub object, defaulted, that belongs to the caller. @throws StatusError 409 for conflicts
   */
  apply(
    live: KubeObject | undefined,
    configuration: JsonValue,
    write: FieldManagerWrite & { force: boolean },
  ): KubeObject {
    const { version } = this.#options;
    const applied = this.#checkedConfiguration(configuration);
    const current = live === undefined ? version.emptyObject() : version.fromHub(live);
    const managers = this.#managersForApply(live, current, write);
    const outcome = this.#applyOver(current, applied, managers, write);
    const unchanged = outcome.object === asJson(current);
    const object = unchanged
      ? unmanagedCopy(live ?? version.toHub(current))
      : this.#finished(outcome.object, applied);
    const managedFields = writeManagers(this.#afterApply(outcome.managers, managers, write, unchanged));
    if (managedFields === undefined) delete object.metadata.managedFields;
    else object.metadata.managedFields = managedFields;
    if (write.manager === "kubectl") updateLastApplied(object, applied);
    return object;
  }

  #afterUpdate(
    live: KubeObject | undefined,
    next: KubeObject,
    write: FieldManagerWrite,
  ): ManagedFieldsEntry[] | undefined {
    const managers = this.#managersForUpdate(live?.metadata.managedFields, next.metadata.managedFields);
    // Objects that nobody's fields were tracked of stay so.
    if (managers.size === 0 && live?.metadata.uid) return undefined;
    try {
      return writeManagers(this.#trackUpdate(live, next, managers, write));
    } catch (error) {
      // The write goes on: upstream rather forgets who owns what.
      if (error instanceof ApplyTypeError) return undefined;
      throw error;
    }
  }

  /** Upstream trusts the client's list, unless it is empty or cannot be read. */
  #managersForUpdate(
    live: readonly ManagedFieldsEntry[] | undefined,
    sent: readonly ManagedFieldsEntry[] | undefined,
  ): ManagersBuilder {
    // A subresource cannot be used to change it.
    const useLive = this.#options.subresource !== "" || sent === undefined || sent === live;
    if (!useLive) {
      if (isReset(sent)) return new Map();
      const managers = readOrNone(sent);
      if (managers.size > 0) return managers;
    }
    return readOrNone(live);
  }

  #trackUpdate(
    live: KubeObject | undefined,
    next: KubeObject,
    managers: Managers,
    write: FieldManagerWrite,
  ): Managers {
    const { version, checkLive } = this.#options;
    const before = live === undefined ? this.#nothing : asJson(version.fromHub(live));
    const after = asJson(version.toJson(next));
    if (checkLive) {
      validate(after, version.schema, { allowDuplicates: true });
      validate(before, version.schema, { allowDuplicates: true });
    }
    return this.#withUpdate(before, after, managers, write);
  }

  #withUpdate(before: JsonObject, after: JsonObject, managers: Managers, write: FieldManagerWrite): Managers {
    const outcome = update(before, after, managers, this.#context);
    const written = withoutNeverOwned(outcome.written);
    if (!isEmpty(written)) {
      const { id, manager } = this.#identity(write.manager, "Update");
      const previous = outcome.managers.get(id) ?? manager;
      const fields = union(previous.fields, written);
      outcome.managers.set(id, changed(previous, { fields, time: write.now }));
    }
    return capManagers(outcome.managers);
  }

  get #nothing(): JsonObject {
    this.#emptyObject ??= asJson(this.#options.version.emptyObject());
    return this.#emptyObject;
  }

  #identity(name: string, operation: Operation): { id: string; manager: Manager } {
    const { version, subresource } = this.#options;
    const manager: Manager = {
      manager: name === "" ? "unknown" : name,
      operation,
      apiVersion: version.apiVersion,
      subresource,
      fields: emptySet,
      time: undefined,
    };
    return { id: identityText(manager), manager };
  }

  #checkedConfiguration(configuration: JsonValue): JsonObject {
    const { version, kind } = this.#options;
    if (configuration !== null && !isObject(configuration)) {
      const problem = `json: cannot unmarshal ${jsonKindName(configuration)} into Go value of type map[string]interface {}`;
      throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`);
    }
    const applied = configuration ?? {};
    requireType(applied, version.apiVersion, kind);
    const { metadata } = applied;
    if (isObject(metadata) && Array.isArray(metadata["managedFields"])) {
      throw badRequest("metadata.managedFields must be nil");
    }
    return applied;
  }

  /** Fields of an object that was never tracked belong to nobody in particular before the first apply. */
  #managersForApply(live: KubeObject | undefined, current: KubeObject, write: FieldManagerWrite): Managers {
    const managers = readLive(live?.metadata.managedFields);
    if (managers.size > 0 || live === undefined) return managers;
    const { version } = this.#options;
    const object = asJson(current);
    try {
      validate(object, version.schema, { allowDuplicates: true });
    } catch (error) {
      if (!(error instanceof ApplyTypeError)) throw error;
      const problem = `failed to convert new object (${objectText(object)}) to smd typed: ${error.message}`;
      throw new StatusError(500, "", `failed to create manager for existing fields: ${problem}`);
    }
    const first = { ...write, manager: beforeFirstApply };
    return this.#withUpdate(this.#nothing, object, managers, first);
  }

  #applyOver(
    current: KubeObject,
    applied: JsonObject,
    managers: Managers,
    { manager, force }: FieldManagerWrite & { force: boolean },
  ): Applied {
    const { version } = this.#options;
    this.#check(applied, applied, "patch", false);
    if (this.#options.checkLive) this.#check(asJson(current), asJson(current), "live", true);
    const applier = this.#identity(manager, "Apply");
    const run = (forced: boolean): Applied =>
      apply(asJson(current), applied, managers, applier, { ...this.#context, force: forced });
    try {
      return run(force);
    } catch (error) {
      if (error instanceof ApplyTypeError)
        throw new StatusError(500, "", `failed to merge config: ${error.message}`);
      if (!(error instanceof ApplyConflicts)) throw error;
      // Whoever used kubectl's client-side apply before gets these fields without force.
      const left = manager === "kubectl" ? remainingConflicts(error, current, version) : error;
      if (left !== undefined) throw left.status();
      return run(true);
    }
  }

  #check(object: JsonObject, about: JsonObject, what: string, allowDuplicates: boolean): void {
    try {
      validate(object, this.#options.version.schema, { allowDuplicates });
    } catch (error) {
      if (!(error instanceof ApplyTypeError)) throw error;
      throw new StatusError(
        500,
        "",
        `failed to create typed ${what} object (${objectText(about)}): ${error.message}`,
      );
    }
  }

  #afterApply(
    after: ManagersBuilder,
    before: Managers,
    { manager, now }: FieldManagerWrite,
    unchanged: boolean,
  ): Managers {
    const { id } = this.#identity(manager, "Apply");
    const applier = after.get(id);
    if (applier === undefined) return after;
    const last = before.get(id);
    let fields = withoutNeverOwned(applier.fields);
    if (isEmpty(fields)) {
      after.delete(id);
      return after;
    }
    const sameVersion = last?.apiVersion === applier.apiVersion;
    if (sameVersion && jsonEqual(last.fields, fields)) fields = last.fields;
    const base = sameVersion ? last : applier;
    after.set(id, changed(base, { fields, time: unchanged ? base.time : now }));
    return after;
  }

  /** The merged JSON as an object of the kind, defaulted, in the hub version. */
  #finished(merged: JsonObject, applied: JsonObject): KubeObject {
    const { version } = this.#options;
    const { object } = this.#decoded(merged, applied);
    version.applyDefaults(object);
    return convertedOr(
      () => version.toHub(object),
      (problem) =>
        new StatusError(500, "", `failed to convert to unversioned (${objectText(applied)}): ${problem}`),
    );
  }

  #decoded(merged: JsonObject, applied: JsonObject): { object: KubeObject } {
    const { version } = this.#options;
    try {
      return version.decode(merged, { unstructured: true });
    } catch (error) {
      if (!(error instanceof Error) || error instanceof StatusError) throw error;
      const problem = `unable to convert unstructured object to ${typeText(applied)}: ${error.message}`;
      throw new StatusError(
        500,
        "",
        `failed to convert new object (${objectText(applied)}) to proper version: ${problem}`,
      );
    }
  }
}

function unmanagedCopy(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return cloneJson({ ...object, metadata });
}

function isReset(sent: readonly ManagedFieldsEntry[]): boolean {
  return sent.length === 0 || (sent.length === 1 && Object.keys(sent[0]!).length === 0);
}

function readOrNone(entries: readonly ManagedFieldsEntry[] | undefined): ManagersBuilder {
  try {
    return readManagers(entries);
  } catch (error) {
    if (error instanceof ManagedFieldsError || error instanceof PathElementError) return new Map();
    throw error;
  }
}

function readLive(entries: readonly ManagedFieldsEntry[] | undefined): ManagersBuilder {
  try {
    return readManagers(entries);
  } catch (error) {
    if (!(error instanceof ManagedFieldsError || error instanceof PathElementError)) throw error;
    throw new StatusError(500, "", `failed to decode managed fields: ${error.message}`);
  }
}

/** GroupVersionKind.String: "apps/v1, Kind=Deployment", "/v1, Kind=Pod". */
/** @throws StatusError 400 where an applied configuration is of another type. Source: versionCheckManager. */
export function requireType(applied: JsonObject, apiVersion: string, kind: string): void {
  const type = typeText(applied);
  if (type !== kindText(apiVersion, kind)) throw badRequest(`invalid object type: ${type}`);
}

function kindText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function typeText(object: JsonObject): string {
  const apiVersion = textOf(object["apiVersion"]);
  if (apiVersion.split("/").length > 2) return "/, Kind=";
  return kindText(apiVersion, textOf(object["kind"]));
}

/** How upstream names an object in messages. */
function objectText(object: JsonObject): string {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return `${textOf(metadata["namespace"])}/${textOf(metadata["name"])}; ${typeText(object)}`;
}
