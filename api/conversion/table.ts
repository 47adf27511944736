/** How conversions of built-in kinds are declared: one table a group, composed in conversion.ts. */
import type { KubeObject } from "../object.ts";

/** An object that cannot be read in the version that it claims: the request is bad. The message is Go's. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}

/** What `convert` makes; a problem becomes the error that says so in the words of the caller. */
export function convertedOr<T>(convert: () => T, refusal: (problem: string) => Error): T {
  try {
    return convert();
  } catch (error) {
    throw error instanceof ConversionError ? refusal(error.message) : error;
  }
}

export interface KindConversion {
  /** May change and reuse its argument. */
  toHub(object: KubeObject): KubeObject;
  /** Never changes its argument; absent where the shapes are equal. */
  fromHub?(object: KubeObject): KubeObject;
  /** Annotations of the hub version that upstream's internal type has as fields: metadata alone lacks them. */
  readonly carriers?: readonly string[];
}

/** By apiVersion, then by kind. Kinds that only change their apiVersion are absent. */
export type ConversionTable = Readonly<Record<string, Readonly<Record<string, KindConversion>>>>;

/** Keeps a conversion's own object types while it is written; it is looked up by kind, so that the types fit. */
export function defineConversion<From extends KubeObject, Hub extends KubeObject>(conversion: {
  toHub(object: From): Hub;
  fromHub?(object: Hub): From;
  readonly carriers?: readonly string[];
}): KindConversion {
  return conversion as unknown as KindConversion;
}
