import { goQuote } from "../../api/go-format.ts";
import { cloneJson } from "../../api/json-clone.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject, ObjectMeta } from "../../api/object.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  generateNameConflict,
  invalid,
  notFound,
  StatusError,
} from "../../api/status.ts";
import { invalid as invalidField } from "../../api/validation/field.ts";
import { checkPathSegmentName } from "../../api/validation/names.ts";
import { type Entry, type Storage, StorageError, type Value } from "../storage/contract.ts";
import { beforeCreate, beforeUpdate, fillSystemFields } from "./before-write.ts";
import { deletesDuringUpdate, planDeletion } from "./deletion.ts";
import { objectRevision, versionProblem } from "./freshness.ts";
import { generateName } from "./generate-name.ts";
import type { ObjectCache } from "./object-cache.ts";
import { fittingForm } from "./request-size.ts";
import type { ResourceType } from "./resource-type.ts";
import { isKept, StoredEncoder, storedObject, storedText } from "./stored.ts";
import { decodeMetadata } from "./stored-metadata.ts";
import { undoing } from "./undoing.ts";
import type { DeleteOptions, UpdateRequest, WriteRequest } from "./write-request.ts";
import { type WrittenForm, WrittenForms } from "./written-forms.ts";

/** Upstream's wording of a stale resourceVersion; clients match on it. */
const optimisticLockMessage =
  "the object has been modified; please apply your changes to the latest version and try again";

/** How often a name is drawn again for generateName when it is taken. */
const nameAttempts = 8;

/** A hub object with its stored bytes; entry is undefined for what was not stored (dry runs). */
export interface Stored {
  readonly object: KubeObject;
  readonly entry: Entry | undefined;
}

export interface DeleteResult extends Stored {
  /** False while finalizers or a grace period are pending. */
  deleted: boolean;
  /** The object stays for now, marked for deletion by this call. */
  marked: boolean;
}

/**
 * Keeps the objects of one resource: the generic registry, after genericregistry.Store of k8s.io/apiserver. It works
 * on hub objects; versions are the pipeline's business.
 */
export class ResourceStore {
  readonly type: ResourceType;
  readonly #storage: Storage;
  readonly #cache: ObjectCache;
  readonly #encoder: StoredEncoder;
  readonly #written: WrittenForms;

  constructor(
    type: ResourceType,
    storage: Storage,
    cache: ObjectCache,
    encoder: StoredEncoder = new StoredEncoder(),
  ) {
    this.type = type;
    this.#storage = storage;
    this.#cache = cache;
    this.#encoder = encoder;
    this.#written = new WrittenForms(type, encoder);
  }

  /** Throws BadRequest where namespace or name cannot be part of a key. */
  key(namespace: string, name: string): string {
    if (this.type.namespaced && namespace === "") throw badRequest("Namespace parameter required.");
    if (name === "") throw badRequest("Name parameter required.");
    const problems = checkPathSegmentName(name);
    if (problems.length > 0) {
      throw badRequest(`Name parameter invalid: ${goQuote(name)}: ${problems.join(";")}`);
    }
    return this.type.namespaced ? `${this.type.keyPrefix}${namespace}/${name}` : this.type.keyPrefix + name;
  }

  /** An entry as a read answers it: decoded only if somebody asks for the object. */
  stored(entry: Entry): Stored {
    return new StoredEntry(entry, this.#cache);
  }

  /** Decoded, frozen. */
  objectOf(entry: Entry): KubeObject {
    return this.#cache.get(entry);
  }

  /** Its metadata without managedFields, at a small part of the cost. */
  metadataOf(entry: Entry): ObjectMeta {
    return decodeMetadata(entry);
  }

  async get(namespace: string, name: string): Promise<Entry> {
    const entry = await this.#storage.get(this.key(namespace, name));
    if (!entry) throw notFound(this.type, name);
    return entry;
  }

  async create(object: KubeObject, request: WriteRequest): Promise<Stored> {
    const generated = !object.metadata.name && !!object.metadata.generateName;
    for (let attempt = 1; ; attempt++) {
      // A failed attempt has changed its object: all but the last get a copy.
      const own = generated && attempt < nameAttempts ? cloneJson(object) : object;
      try {
        return await this.#create(own, request);
      } catch (error) {
        const taken = error instanceof StatusError && error.reason === "AlreadyExists";
        if (!generated || !taken || attempt === nameAttempts) throw error;
      }
    }
  }

  async #create(object: KubeObject, request: WriteRequest): Promise<Stored> {
    const { context, dryRun } = request;
    const { strategy } = this.type.definition;
    fillSystemFields(object, context);
    if (!object.metadata.name && object.metadata.generateName) {
      object.metadata.name = (strategy.generateName ?? generateName)(
        object.metadata.generateName,
        context.random,
      );
    }
    const { hooks } = strategy;
    const undo = hooks?.beginCreate && (await hooks.beginCreate(object, { ...context, dryRun }));
    const write = async (): Promise<Stored> => {
      await beforeCreate(this.type, strategy, object, request);
      await request.admitCreate?.(object);
      return this.#insert(object, request);
    };
    return undo ? undoing(dryRun, undo, write) : write();
  }

  async #insert(object: KubeObject, { context, dryRun }: WriteRequest): Promise<Stored> {
    const name = object.metadata.name ?? "";
    const key = this.key(context.namespace, name);
    if (dryRun) {
      const current = await this.#storage.get(key);
      if (current) throw this.#exists(object, current);
      return this.#tried(object);
    }
    refuseVersion(object);
    try {
      return await this.#put(this.#written.of(object), (value) =>
        this.#storage.create(key, value, this.#lifetime()),
      );
    } catch (error) {
      if (error instanceof StorageError && error.code === "KeyExists") {
        throw this.#exists(object, error.current);
      }
      throw error;
    }
  }

  #exists({ metadata }: KubeObject, current: Entry | undefined): StatusError {
    const name = metadata.name ?? "";
    const error = metadata.generateName
      ? generateNameConflict(this.type, name, 1)
      : alreadyExists(this.type, name);
    if (!current || this.objectOf(current).metadata.deletionTimestamp === undefined) return error;
    return new StatusError(
      error.code,
      error.reason,
      `object is being deleted: ${error.message}`,
      error.details,
    );
  }

  /** Compare-and-set until it holds. Source: Store.Update. */
  async update(name: string, request: UpdateRequest): Promise<Stored & { created: boolean }> {
    const key = this.key(request.context.namespace, name);
    let entry = await this.#storage.get(key);
    for (;;) {
      try {
        if (!entry) return { ...(await this.#createOnUpdate(name, request)), created: true };
        return { ...(await this.#tryUpdate(name, entry, request)), created: false };
      } catch (error) {
        if (!(error instanceof StorageError) || !isRace(error)) throw error;
        entry = await this.#storage.get(key);
      }
    }
  }

  async #createOnUpdate(name: string, request: UpdateRequest): Promise<Stored> {
    const { context, dryRun } = request;
    const { strategy } = this.type.definition;
    if (!strategy.allowCreateOnUpdate && !request.forceCreate) throw notFound(this.type, name);
    if (request.preconditions?.uid !== undefined) {
      throw this.#preconditionFailed(name, request, "UID", request.preconditions.uid, "");
    }
    const object = await request.updated(undefined);
    objectRevision(object);
    fillSystemFields(object, context);
    const { hooks } = strategy;
    const undo = hooks?.beginCreate && (await hooks.beginCreate(object, { ...context, dryRun }));
    const write = async (): Promise<Stored> => {
      await beforeCreate(this.type, strategy, object, request);
      await request.admitCreate?.(object);
      if (dryRun) return this.#tried(object);
      const key = this.key(context.namespace, name);
      delete object.metadata.resourceVersion;
      return this.#put(this.#written.of(object), (value) =>
        this.#storage.create(key, value, this.#lifetime()),
      );
    };
    return undo ? undoing(dryRun, undo, write) : write();
  }

  async #tryUpdate(name: string, entry: Entry, request: UpdateRequest): Promise<Stored> {
    const old = this.#cache.getOnce(entry);
    this.#checkPreconditions(old, name, request);
    const object = await request.updated(old);
    this.#checkVersion(name, object, old);
    const { context, dryRun } = request;
    const { hooks, removableByUpdate } = this.type.definition.strategy;
    const isMain = request.strategy === this.type.definition.strategy;
    const undo =
      isMain && hooks?.beginUpdate ? await hooks.beginUpdate(object, old, { ...context, dryRun }) : undefined;
    const write = async (): Promise<Stored> => {
      await beforeUpdate(this.type, request.strategy, object, old, request);
      // Of custom resources even an empty list differs from none.
      keepTimestamps(object, old, this.type.hubStruct ? semanticEqual : jsonEqual);
      await request.admitUpdate?.(object, old);
      if (deletesDuringUpdate(object, old) && (removableByUpdate?.(object) ?? true)) {
        if (!dryRun) {
          await this.#storage.delete(entry.key, entry.revision);
          await this.#afterDelete(old);
        }
        // A client that updates expects the object that it sent back, not a Status.
        object.metadata.resourceVersion = old.metadata.resourceVersion;
        return this.#tried(object);
      }
      object.metadata.resourceVersion = old.metadata.resourceVersion;
      // The keys of custom resources have no order of their own.
      if (!this.type.hubStruct && jsonEqual(object, old)) return { object: old, entry };
      const form = this.#written.of(object);
      if (this.#written.isWritten(form, entry)) return { object: old, entry };
      object.metadata.resourceVersion = old.metadata.resourceVersion;
      if (dryRun) return this.#tried(object);
      const updated = await this.#put(form, (value) =>
        this.#storage.update(entry.key, entry.revision, value, this.#lifetime()),
      );
      await hooks?.afterUpdate?.(object, old);
      return updated;
    };
    return undo ? undoing(dryRun, undo, write) : write();
  }

  async #put(form: WrittenForm, write: (value: Value) => Promise<Entry>): Promise<Stored> {
    const fitting = fittingForm(this.type, form, (object) => this.#written.of(object));
    const kept = fitting instanceof Promise ? await fitting : fitting;
    const entry = await write(this.#encoder.encode(kept.read));
    this.#written.remember(entry, kept);
    return { object: withVersion(kept.object, String(entry.revision)), entry };
  }

  /** The answer where nothing is stored: to a dry run, or to an update that was the object's last. */
  #tried(object: KubeObject): Stored {
    const { resourceVersion } = object.metadata;
    return { object: withVersion(this.#written.of(object).object, resourceVersion), entry: undefined };
  }

  #checkPreconditions({ metadata }: KubeObject, name: string, request: UpdateRequest): void {
    const { uid, resourceVersion } = request.preconditions ?? {};
    if (uid !== undefined && uid !== metadata.uid) {
      throw this.#preconditionFailed(name, request, "UID", uid, metadata.uid ?? "");
    }
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
      const actual = metadata.resourceVersion ?? "";
      throw this.#preconditionFailed(name, request, "ResourceVersion", resourceVersion, actual);
    }
  }

  /** Worded as storage.Preconditions.Check of k8s.io/apiserver, with the key that upstream uses. */
  #preconditionFailed(
    name: string,
    { context, dryRun }: WriteRequest,
    what: string,
    wanted: string,
    actual: string,
  ): StatusError {
    const place = this.type.namespaced ? `${context.namespace}/${name}` : name;
    // A dry run does not get as far as etcd's own prefix.
    const key = `${dryRun ? "" : "/registry"}/${this.type.upstreamPath}/${place}`;
    return conflict(
      this.type,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`,
    );
  }

  /** An update without a version takes the live one, where the resource allows that. */
  #checkVersion(name: string, object: KubeObject, old: KubeObject): void {
    const version = objectRevision(object);
    if (version === 0) {
      if (this.type.definition.strategy.allowUnconditionalUpdate ?? true) {
        object.metadata.resourceVersion = old.metadata.resourceVersion;
        return;
      }
      const error = invalidField("metadata.resourceVersion", 0, "must be specified for an update");
      throw invalid({ group: this.type.group, kind: this.type.resource }, name, [error]);
    }
    if (version !== objectRevision(old)) throw conflict(this.type, name, optimisticLockMessage);
  }

  /** Source: Store.Delete. */
  async delete(name: string, options: DeleteOptions, request: WriteRequest): Promise<DeleteResult> {
    const key = this.key(request.context.namespace, name);
    let entry = await this.#storage.get(key);
    for (;;) {
      if (!entry) throw notFound(this.type, name);
      try {
        return await this.#tryDelete(entry, options, request);
      } catch (error) {
        if (!(error instanceof StorageError) || !isRace(error)) throw error;
        entry = await this.#storage.get(key);
      }
    }
  }

  async #tryDelete(entry: Entry, options: DeleteOptions, request: WriteRequest): Promise<DeleteResult> {
    const { dryRun } = request;
    const old = this.#cache.getOnce(entry);
    const changed = { ...old, metadata: { ...old.metadata } };
    const step = planDeletion(this.type, changed, options, request.context);
    if (step === "pending") return { object: changed, entry, deleted: false, marked: false };
    await request.admitDelete?.(old);
    const marked = step === "update";
    const object = storedObject(this.type, changed);
    const at = (version: string | undefined): KubeObject => withVersion(object, version);
    if (dryRun)
      return { object: at(old.metadata.resourceVersion), entry: undefined, deleted: !marked, marked };
    const last = step === "remove" ? entry : await this.#putIfChanged(object, entry);
    if (marked) return { object: at(String(last.revision)), entry: last, deleted: false, marked };
    const gone = await this.#storage.delete(entry.key, last.revision);
    await this.#afterDelete(object);
    return { object: at(String(gone.revision)), entry: gone, deleted: true, marked };
  }

  async #putIfChanged(object: KubeObject, entry: Entry): Promise<Entry> {
    const value = this.#encoder.encode(storedText(object));
    if (isKept(value, entry)) return entry;
    return this.#storage.update(entry.key, entry.revision, value, this.#lifetime());
  }

  async #afterDelete(object: KubeObject): Promise<void> {
    await this.type.definition.strategy.hooks?.afterDelete?.(object);
  }

  #lifetime(): { ttlSeconds?: number } {
    const { ttlSeconds } = this.type.definition;
    return ttlSeconds === undefined ? {} : { ttlSeconds };
  }
}

class StoredEntry implements Stored {
  readonly entry: Entry;
  readonly #cache: ObjectCache;

  constructor(entry: Entry, cache: ObjectCache) {
    this.entry = entry;
    this.#cache = cache;
  }

  get object(): KubeObject {
    return this.#cache.get(this.entry);
  }
}

/** Another writer was faster: read again and retry. */
function isRace(error: StorageError): boolean {
  return error.code === "RevisionMismatch" || error.code === "KeyMissing" || error.code === "KeyExists";
}

/** Source: storage.ErrResourceVersionSetOnCreate, a plain error that becomes a 500. */
function refuseVersion({ metadata }: KubeObject): void {
  const { resourceVersion = "" } = metadata;
  // What is no number is forgotten.
  if (versionProblem(resourceVersion) === undefined && Number(resourceVersion) !== 0) {
    throw new StatusError(500, "", "resourceVersion should not be set on objects to be created");
  }
  delete metadata.resourceVersion;
}

function withVersion(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
  else delete object.metadata.resourceVersion;
  return object;
}

/**
 * An update that changes nothing but the time stamps of managedFields is none.
 * Source: fieldmanager.IgnoreManagedFieldsTimestampsTransformer.
 */
function keepTimestamps(object: KubeObject, old: KubeObject, equal: typeof jsonEqual): void {
  const { managedFields } = object.metadata;
  const before = old.metadata.managedFields;
  if (!managedFields || !before || managedFields.length !== before.length) return;
  const restored = {
    ...object.metadata,
    managedFields: before,
    resourceVersion: old.metadata.resourceVersion,
  };
  // Mostly something else differs, and soon.
  if (!equal({ ...object, metadata: restored }, old)) return;
  const sameButTime = managedFields.every((entry, index) =>
    jsonEqual({ ...entry, time: "" }, { ...before[index], time: "" }),
  );
  if (sameButTime) object.metadata.managedFields = before;
}
