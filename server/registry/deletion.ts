import { timestamp, timestampAt } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { conflict } from "../../api/status.ts";
import { finalizerDeleteDependents, finalizerOrphanDependents } from "../../api/validation/object-meta.ts";
import { hubGroupKind, type ResourceType } from "./resource-type.ts";
import type { WriteContext } from "./strategy.ts";
import type { DeleteOptions, Preconditions } from "./write-request.ts";

/** What a deletion does to an object that exists. */
export type DeletionStep =
  | "remove" // at once
  | "update" // write the changed object: grace period or finalizers are pending
  | "removeAfterUpdate" // grace period 0: the object is written once more, then removed
  | "pending"; // already being deleted, nothing to change

/**
 * Decides how an object goes, changing its metadata in place (deletionTimestamp, grace period, generation, finalizers).
 * Source: rest.BeforeDelete and Store.updateForGracefulDeletionAndFinalizers of k8s.io/apiserver.
 */
export function planDeletion(
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions,
  context: WriteContext,
): DeletionStep {
  const own = type.definition.strategy.beginDelete?.(object, options, context);
  if (own) return own;
  checkPreconditions(type, object, options.preconditions);
  const graceful = beforeDelete(type, object, options, context);
  if (graceful === "pending") return "pending";
  updateGarbageCollectionFinalizers(type, object, options);
  const finalizers = object.metadata.finalizers?.length ?? 0;
  if (graceful === undefined) {
    if (finalizers === 0) return "remove";
    markAsDeleting(object, context);
    return "update";
  }
  return finalizers > 0 || graceful > 0 ? "update" : "removeAfterUpdate";
}

/** Worded as rest.BeforeDelete does. */
function checkPreconditions(
  type: ResourceType,
  { metadata }: KubeObject,
  preconditions: Preconditions | undefined,
): void {
  if (!preconditions) return;
  // Upstream names the kind here where it otherwise names the resource.
  const { group, kind } = hubGroupKind(type);
  const resource = { group, resource: kind };
  const { uid, resourceVersion } = preconditions;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name ?? "",
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource,
      metadata.name ?? "",
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** The grace period in seconds; undefined: the deletion is not graceful; "pending": it has already begun. */
function beforeDelete(
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions,
  context: WriteContext,
): number | undefined | "pending" {
  const { metadata } = object;
  const requested =
    options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0
      ? 1
      : options.gracePeriodSeconds;
  if ((metadata.deletionGracePeriodSeconds ?? 0) < 0) metadata.deletionGracePeriodSeconds = 1;
  const { gracefulDeletion } = type.definition.strategy;
  if (!gracefulDeletion) return undefined;
  if (metadata.deletionTimestamp !== undefined) return shortenGracePeriod(object, requested, context);
  const seconds = gracefulDeletion.check(object, requested, context);
  if (seconds === undefined) return undefined;
  metadata.deletionTimestamp = timestampAt(context.clock.now() + seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  bumpGeneration(object);
  return seconds;
}

/** A deletion that has begun may only become quicker. */
function shortenGracePeriod(
  { metadata }: KubeObject,
  requested: number | undefined,
  context: WriteContext,
): number | undefined | "pending" {
  const current = metadata.deletionGracePeriodSeconds;
  if (!current) return undefined;
  if (requested === undefined || requested >= current) return "pending";
  const begun = Date.parse(metadata.deletionTimestamp!) - current * 1000;
  const end = begun + requested * 1000;
  const late = end < context.clock.now();
  // The period is over already, but a graceful deletion was asked for: its agent still has the last word.
  const period = late && requested !== 0 ? 1 : requested;
  metadata.deletionTimestamp = timestampAt(late ? context.clock.now() : end);
  metadata.deletionGracePeriodSeconds = period;
  return period;
}

/** For objects that wait for finalizers only. Source: markAsDeleting in the generic store. */
function markAsDeleting(object: KubeObject, { clock }: WriteContext): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined) bumpGeneration(object);
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > clock.now()) {
    metadata.deletionTimestamp = timestamp(clock);
  }
  metadata.deletionGracePeriodSeconds = 0;
}

function bumpGeneration({ metadata }: KubeObject): void {
  if (metadata.generation) metadata.generation += 1;
}

/** Sets or clears the garbage collector's finalizers as the propagation policy asks. */
function updateGarbageCollectionFinalizers(
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions,
): void {
  const finalizers = object.metadata.finalizers ?? [];
  const policy = propagationPolicy(type, finalizers, options);
  const kept = finalizers.filter(
    (finalizer) => finalizer !== finalizerOrphanDependents && finalizer !== finalizerDeleteDependents,
  );
  if (policy === "Orphan") kept.push(finalizerOrphanDependents);
  if (policy === "Foreground") kept.push(finalizerDeleteDependents);
  if (kept.length === finalizers.length && kept.every((finalizer) => finalizers.includes(finalizer))) return;
  if (kept.length > 0) object.metadata.finalizers = kept;
  else delete object.metadata.finalizers;
}

/** Options win over the object's finalizers, those over the resource's default. */
function propagationPolicy(
  type: ResourceType,
  finalizers: readonly string[],
  options: DeleteOptions,
): "Orphan" | "Foreground" | "Background" {
  const standard = type.definition.strategy.defaultGarbageCollectionPolicy ?? "background";
  if (standard === "unsupported") return "Background";
  if (options.orphanDependents !== undefined) return options.orphanDependents ? "Orphan" : "Background";
  const { propagationPolicy: asked } = options;
  if (asked === "Orphan" || asked === "Foreground" || asked === "Background") return asked;
  for (const finalizer of finalizers) {
    if (finalizer === finalizerOrphanDependents) return "Orphan";
    if (finalizer === finalizerDeleteDependents) return "Foreground";
  }
  return standard === "orphan" ? "Orphan" : "Background";
}

/** An update that empties the finalizers of an object under deletion removes it. */
export function deletesDuringUpdate(object: KubeObject, old: KubeObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return false;
  if (old.metadata.deletionTimestamp === undefined) return false;
  return !old.metadata.deletionGracePeriodSeconds;
}
