import type { ObjectMeta } from "../object.ts";

/** The same metadata where none of the annotations is there, else a copy without them. */
export function withoutAnnotations(metadata: ObjectMeta, keys: readonly string[]): ObjectMeta {
  const { annotations, ...others } = metadata;
  if (!annotations || !keys.some((key) => Object.hasOwn(annotations, key))) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => !keys.includes(key));
  return kept.length === 0 ? others : { ...others, annotations: Object.fromEntries(kept) };
}
