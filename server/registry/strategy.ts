/**
 * What a resource may do specially. The generic registry does everything else, driven by tables, and never
 * branches on a kind. Names are those of k8s.io/apiserver/pkg/registry/rest.
 */
import type { Clock, Random } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import type { KubeObject } from "../../api/object.ts";
import type { FieldError } from "../../api/validation/field.ts";
import type { DeleteOptions } from "./write-request.ts";

/** The facts of one write that a strategy may need. */
export interface WriteContext {
  gates: FeatureGates;
  clock: Clock;
  random: Random;
  /** Namespace of the request; "" for cluster-scoped resources. */
  namespace: string;
  /** Who writes. */
  user: { name: string; uid?: string; groups: readonly string[]; extra?: Record<string, readonly string[]> };
  /** The version in which the request came (what a strategy sees is always the storage version). */
  requestVersion: string;
  /** What the request is to its authorizer: "create", "update", "patch"… */
  requestVerb?: string;
  /** Adds a Warning header to the answer. */
  warn(message: string): void;
}

/**
 * How objects are created and updated through one endpoint (the resource itself or a subresource of it).
 * Objects that are being written belong to the call and may be changed in place; old ones are frozen.
 */
export interface WriteStrategy<T extends KubeObject = KubeObject> {
  /** Clears what a client may not set on create, e.g. status. Runs after defaulting, before validation. */
  prepareForCreate?(object: T, context: WriteContext): void;
  validate?(object: T, context: WriteContext): FieldError[];
  warningsOnCreate?(object: T, context: WriteContext): string[];
  /** Carries over from old what a client may not change here; bumps metadata.generation where upstream does. */
  prepareForUpdate?(object: T, old: T, context: WriteContext): void;
  validateUpdate?(object: T, old: T, context: WriteContext): FieldError[];
  warningsOnUpdate?(object: T, old: T, context: WriteContext): string[];
  /** When validation found nothing, and somebody has to be asked; old is undefined for a new object. */
  validateAccess?(object: T, old: T | undefined, context: WriteContext): Promise<FieldError[]>;
  /** Of a subresource: applying to it makes the object where there is none, as upstream's storage passes on. */
  createsByApply?: boolean;
  /** After validation: brings the object to its canonical form. */
  canonicalize?(object: T): void;
  /**
   * Fields that this endpoint ignores, as dotted paths ("status", "spec.nodeName"), by API version ("apps/v1") or
   * for "*" all: an apply does not come to own them. Source: GetResetFields.
   */
  resetFields?: Readonly<Record<string, readonly string[]>>;
}

export interface Strategy<T extends KubeObject = KubeObject> extends WriteStrategy<T> {
  /** PUT (and apply) of a missing object creates it. Default false. */
  allowCreateOnUpdate?: boolean;
  /** PUT without a resourceVersion overwrites. Default true. */
  allowUnconditionalUpdate?: boolean;
  /** Defaults that a newly written object may lack: upstream applies them whenever it reads it from etcd. */
  defaultOnRead?(object: T): void;
  /** The name for metadata.generateName. Default: with a random suffix. */
  generateName?(base: string, random: Random): string;
  /** Finalizers that a namespace-like kind keeps in its spec are removed before deletion. */
  gracefulDeletion?: GracefulDeletion<T>;
  /** What happens when no propagationPolicy is given. Default "background". */
  defaultGarbageCollectionPolicy?: "orphan" | "background" | "unsupported";
  /** A finished deletion answers with the object instead of a Status. Source: Store.ReturnDeletedObject. */
  returnDeletedObject?: boolean;
  /** What a DELETE does before its usual steps, changing metadata and replacing other parts; "update" and "pending" (see DeletionStep) are all that it does then. */
  beginDelete?(object: T, options: DeleteOptions, context: WriteContext): "update" | "pending" | undefined;
  /** Whether an update that empties the finalizers of an object under deletion removes it. Default: it does. */
  removableByUpdate?(object: T): boolean;
  /** Why an object of this name cannot be deleted; a deletion of the collection does not ask. */
  deletionProblem?(name: string): string | undefined;
  /** Warning of a deletion that says nothing about dependents. */
  deletionWarning?: string;
  /** Extra work around a write, e.g. allocating a cluster IP; see rest.RESTBeginCreate in upstream's genericregistry. */
  hooks?: WriteHooks<T>;
}

export interface GracefulDeletion<T extends KubeObject> {
  /** The grace period in seconds (0: at once), undefined: not graceful. */
  check(object: T, requestedSeconds: number | undefined, context: WriteContext): number | undefined;
}

/** Undo what begin did when the write fails after all. */
export type Undo = () => void | Promise<void>;

export interface WriteHooks<T extends KubeObject> {
  /** Before validation of a create (dryRun: reserve nothing for good). */
  beginCreate?(
    object: T,
    context: WriteContext & { dryRun: boolean },
  ): Undo | undefined | Promise<Undo | undefined>;
  beginUpdate?(
    object: T,
    old: T,
    context: WriteContext & { dryRun: boolean },
  ): Undo | undefined | Promise<Undo | undefined>;
  /** After an update was stored. */
  afterUpdate?(object: T, old: T): void | Promise<void>;
  /** After an object is really gone. */
  afterDelete?(object: T): void | Promise<void>;
}

/** The special behaviour of one resource: one value a file in resources/, one line in resources.ts. */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  group: string;
  /** Plural name. */
  resource: string;
  /** Objects are kept under another group's resource of the same name (events.k8s.io events are core events). */
  storedAs?: { group: string; version: string };
  strategy: Strategy<T>;
  /** Strategies of writable subresources that share the object: status, finalize, approval, resize… */
  subresources?: Readonly<Record<string, WriteStrategy<T>>>;
  /** Field-selector fields besides metadata.name and metadata.namespace, with their text in this object. */
  selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Seconds that an object lives after its last write (events). */
  ttlSeconds?: number;
  /** The scale subresource: where the replica counts are. */
  scale?: { specReplicas: string; statusReplicas: string; selector: (object: T) => string };
}

export function defineResource<T extends KubeObject>(
  definition: ResourceDefinition<T>,
): ResourceDefinition<T> {
  return definition;
}
