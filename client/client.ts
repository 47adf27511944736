import type { KubeObject } from "../api/object.ts";

/** A resource, all namespaces of it or one. */
export interface ResourceReference {
  group: string;
  version: string;
  /** Plural name. */
  resource: string;
  namespace?: string;
}

export interface ReadOptions {
  labelSelector?: string;
  fieldSelector?: string;
  resourceVersion?: string;
  resourceVersionMatch?: "Exact" | "NotOlderThan";
}

export interface ListOptions extends ReadOptions {
  limit?: number;
  continue?: string;
}

export interface WatchOptions extends ReadOptions {
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
  timeoutSeconds?: number;
  signal?: AbortSignal;
  /** As PartialObjectMetadata, perhaps without managedFields: much cheaper. */
  metadataOnly?: boolean;
}

export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
  fieldValidation?: "Ignore" | "Warn" | "Strict";
  /** Write through a subresource: status, scale, binding, … */
  subresource?: string;
}

export interface PatchOptions extends WriteOptions {
  type: "json" | "merge" | "strategic" | "apply";
  force?: boolean;
}

export interface DeleteOptions {
  dryRun?: boolean;
  gracePeriodSeconds?: number;
  propagationPolicy?: "Orphan" | "Background" | "Foreground";
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** A resource in one of the versions that a server serves. */
export interface ServedResource {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  /** As discovery tells them: get, list, watch, create, update, patch, delete, deletecollection. */
  verbs: readonly string[];
}

export interface PreferredResources {
  resources: readonly ServedResource[];
  /** Group versions, "group/version", whose own servers do not answer, so that nobody knows what they serve. */
  failed: readonly string[];
}

export interface KubeList {
  kind: string;
  apiVersion: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: KubeObject[];
}

export interface WatchedEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubeObject;
}

/**
 * How controllers, agents and tests talk to an API server: within the process or over HTTP, with the same answers and
 * the same StatusErrors. Objects that come back are frozen.
 */
export interface Client {
  get(
    resource: ResourceReference,
    name: string,
    options?: ReadOptions & { subresource?: string },
  ): Promise<KubeObject>;
  list(resource: ResourceReference, options?: ListOptions): Promise<KubeList>;
  watch(resource: ResourceReference, options?: WatchOptions): AsyncIterable<WatchedEvent>;
  /** name is only needed for subresources. */
  create(
    resource: ResourceReference,
    object: KubeObject,
    options?: WriteOptions & { name?: string },
  ): Promise<KubeObject>;
  update(resource: ResourceReference, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(
    resource: ResourceReference,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): Promise<KubeObject>;
  /** The deleted object, or a Status. */
  delete(resource: ResourceReference, name: string, options?: DeleteOptions): Promise<KubeObject>;
  deleteCollection(resource: ResourceReference, options?: DeleteOptions & ListOptions): Promise<void>;
  /** What the server serves now, each resource in the version that its group prefers of those that have it. */
  preferredResources(): Promise<PreferredResources>;
  /** What the server serves now, in every version. */
  servedResources(): Promise<readonly ServedResource[]>;
}
