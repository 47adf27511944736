import { timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { badRequest, invalid } from "../../api/status.ts";
import { type FieldError, FieldPath } from "../../api/validation/field.ts";
import { nameIsPathSegment } from "../../api/validation/names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../../api/validation/object-meta.ts";
import { hubGroupKind, type ResourceType } from "./resource-type.ts";
import type { WriteContext, WriteStrategy } from "./strategy.ts";
import type { WriteRequest } from "./write-request.ts";

const metadataPath = FieldPath.of("metadata");

/** Clears what only the server may set. Source: rest.WipeObjectMetaSystemFields. */
export function wipeSystemFields({ metadata }: KubeObject): void {
  delete metadata.creationTimestamp;
  delete metadata.uid;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}

/** Source: rest.FillObjectMetaSystemFields. */
export function fillSystemFields({ metadata }: KubeObject, { clock, random }: WriteContext): void {
  metadata.creationTimestamp = timestamp(clock);
  metadata.uid = random.uuid();
}

/** Source: rest.EnsureObjectNamespaceMatchesRequestNamespace. */
export function matchNamespace(object: KubeObject, requestNamespace: string): void {
  const own = object.metadata.namespace ?? "";
  if (own === requestNamespace) return;
  if (requestNamespace === "") delete object.metadata.namespace;
  else if (own === "") object.metadata.namespace = requestNamespace;
  else {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}

function throwInvalid(type: ResourceType, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  throw invalid(hubGroupKind(type), object.metadata.name ?? "", errors);
}

/** Brings a new object into the form that is stored, or throws. Source: rest.BeforeCreate. */
export async function beforeCreate(
  type: ResourceType,
  strategy: WriteStrategy,
  object: KubeObject,
  request: WriteRequest,
): Promise<void> {
  const { context } = request;
  matchNamespace(object, type.namespaced ? context.namespace : "");
  delete object.metadata.selfLink;
  strategy.prepareForCreate?.(object, context);
  throwInvalid(type, object, strategy.validate?.(object, context) ?? []);
  if (strategy.validateAccess) {
    throwInvalid(type, object, await strategy.validateAccess(object, undefined, context));
  }
  // After the kind's own validation, so that its more specific messages win.
  throwInvalid(
    type,
    object,
    validateAnyObjectMeta(object.metadata, type.namespaced, nameIsPathSegment, metadataPath),
  );
  for (const warning of strategy.warningsOnCreate?.(object, context) ?? []) context.warn(warning);
  strategy.canonicalize?.(object);
}

/** Carries over what an update may not change and validates it. Source: rest.BeforeUpdate. */
export async function beforeUpdate(
  type: ResourceType,
  strategy: WriteStrategy,
  object: KubeObject,
  old: KubeObject,
  request: WriteRequest,
): Promise<void> {
  const { context } = request;
  const { metadata } = object;
  matchNamespace(object, type.namespaced ? context.namespace : "");
  delete metadata.selfLink;
  if (old.metadata.generation === undefined) delete metadata.generation;
  else metadata.generation = old.metadata.generation;
  strategy.prepareForUpdate?.(object, old, context);
  metadata.uid ||= old.metadata.uid;
  metadata.creationTimestamp = old.metadata.creationTimestamp ?? metadata.creationTimestamp;
  if (old.metadata.deletionTimestamp !== undefined) {
    metadata.deletionTimestamp = old.metadata.deletionTimestamp;
  }
  if (old.metadata.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds ??= old.metadata.deletionGracePeriodSeconds;
  }
  throwInvalid(type, object, [
    ...validateAnyObjectMeta(metadata, type.namespaced, nameIsPathSegment, metadataPath),
    ...validateAnyObjectMetaUpdate(metadata, old.metadata, metadataPath),
    ...(strategy.validateUpdate?.(object, old, context) ?? []),
  ]);
  if (strategy.validateAccess) {
    throwInvalid(type, object, await strategy.validateAccess(object, old, context));
  }
  for (const warning of strategy.warningsOnUpdate?.(object, old, context) ?? []) context.warn(warning);
  strategy.canonicalize?.(object);
}
