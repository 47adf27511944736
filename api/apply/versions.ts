import type { JsonObject, JsonValue, KubeObject } from "../object.ts";
import type { DecodeOptions } from "../schema/decode.ts";
import type { Schema } from "./schema.ts";

/** One served version of a kind, as far as apply is concerned. */
export interface ApplyVersion {
  readonly apiVersion: string;
  readonly schema: Schema;
  /** Type-checked, pruned, normalised copy. May throw an Error in Go's wording. */
  decode(value: JsonValue, options?: DecodeOptions): { object: KubeObject };
  toHub(object: KubeObject): KubeObject;
  fromHub(object: KubeObject): KubeObject;
  /** A hub object in this version as it is written: empty lists and maps are left out where Go does so. */
  toJson(object: KubeObject): KubeObject;
}

/** The versions of a kind. */
export interface ApplyVersions {
  /** undefined: a version that is not served (any more). */
  find(apiVersion: string): ApplyVersion | undefined;
}

/** An object in another version. Source: versionConverter of apimachinery's managedfields. */
export function convertObject(object: JsonObject, from: ApplyVersion, to: ApplyVersion): JsonObject {
  if (from.apiVersion === to.apiVersion) return object;
  const { object: decoded } = from.decode(object);
  return asJson(to.toJson(from.toHub(decoded)));
}

/** API objects are JSON trees; their TypeScript types only say more about them. */
export const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;
