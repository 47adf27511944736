/**
 * How client-side and server-side apply of kubectl get along: the last-applied-configuration annotation.
 * Source: k8s.io/apimachinery/pkg/util/managedfields/internal/lastapplied*.go.
 */
import { JsonError, parseJson } from "../json.ts";
import type { JsonObject, KubeObject } from "../object.ts";
import { isObject } from "../patch/go-value.ts";
import { compare } from "./compare.ts";
import { type ApplyConflicts, ApplyConflicts as Conflicts } from "./conflicts.ts";
import { difference, type FieldSet, hasPath } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { ApplyTypeError } from "./list-items.ts";
import { canonicalJson } from "./path-element.ts";
import { validate } from "./validate.ts";
import { type ApplyVersion, asJson } from "./versions.ts";

export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/** Annotations of an object may have this many bytes altogether. */
const maxAnnotationBytes = 256 * 1024;

function lastApplied(object: KubeObject): string | undefined {
  const annotations = object.metadata.annotations;
  if (annotations === undefined || !Object.hasOwn(annotations, lastAppliedAnnotation)) return undefined;
  return annotations[lastAppliedAnnotation] || undefined;
}

/**
 * The conflicts that stay when kubectl takes over what it applied itself before, from the client; none if it may
 * take all.
 */
export function remainingConflicts(
  found: ApplyConflicts,
  live: KubeObject,
  version: ApplyVersion,
): ApplyConflicts | undefined {
  const allowed = appliedBefore(live, version);
  if (allowed === undefined) return found;
  const left = found.conflicts.filter(({ path }) => !hasPath(allowed, path));
  return left.length === 0 ? undefined : new Conflicts(left);
}

/** The fields of the annotation that still have the value that was applied; live is in the version. */
function appliedBefore(live: KubeObject, { apiVersion, schema }: ApplyVersion): FieldSet | undefined {
  const text = lastApplied(live);
  if (text === undefined) return undefined;
  try {
    const { value } = parseJson(text);
    if (!isObject(value) || typeof value["kind"] !== "string" || value["apiVersion"] !== apiVersion) {
      return undefined;
    }
    validate(asJson(live), schema, { allowDuplicates: false });
    validate(value, schema, { allowDuplicates: false });
    const comparison = compare(value, asJson(live), schema);
    const fields = fieldSetOf(value, schema);
    if (comparison === undefined) return fields;
    return difference(difference(fields, comparison.written), comparison.removed);
  } catch (error) {
    if (error instanceof JsonError || error instanceof ApplyTypeError) return undefined;
    throw error;
  }
}

/** Keeps the annotation of an object that has one up to date. Changes the object. */
export function updateLastApplied(object: KubeObject, configuration: JsonObject): void {
  if (lastApplied(object) === undefined) return;
  const annotations = { ...object.metadata.annotations };
  annotations[lastAppliedAnnotation] = `${canonicalJson(withoutAnnotation(configuration))}\n`;
  let size = 0;
  for (const [name, text] of Object.entries(annotations)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  if (size > maxAnnotationBytes) delete annotations[lastAppliedAnnotation];
  object.metadata.annotations = annotations;
}

function withoutAnnotation(configuration: JsonObject): JsonObject {
  const { metadata } = configuration;
  if (!isObject(metadata) || !isObject(metadata["annotations"])) return configuration;
  const { [lastAppliedAnnotation]: _, ...annotations } = metadata["annotations"];
  return { ...configuration, metadata: { ...metadata, annotations } };
}
