import type { ObjectMeta } from "../object.ts";

/** The same metadata where none of the annotations is there, else a copy without them. */
export function withoutAnnotations(metadata: ObjectMeta, keys: readonly string[]): ObjectMeta {
  const { annotations } = metadata;
  if (!annotations || !keys.some((key) => Object.hasOwn(annotations, key))) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => !keys.includes(key));
  if (kept.length > 0) return { ...metadata, annotations: Object.fromEntries(kept) };
  const { annotations: _, ...others } = metadata;
  return others;
}
