import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";

export function bumpGeneration(object: KubeObject, old: KubeObject): void {
  object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

/** metadata.generation counts the changes of the spec. */
export function countSpecChange<T extends KubeObject & { spec?: unknown }>(object: T, old: T): void {
  if (!semanticEqual(object.spec, old.spec)) bumpGeneration(object, old);
}

/**
 * metadata.generation counts the changes of a field where upstream compares it with reflect.DeepEqual: an empty list
 * or map is not the same as none.
 */
export function countExactChange<T extends KubeObject>(field: keyof T, object: T, old: T): void {
  if (!jsonEqual(object[field], old[field])) bumpGeneration(object, old);
}
