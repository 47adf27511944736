/**
 * From JSON to a typed object: checked, unknown fields left out, normalized to what upstream would store and serve.
 * The fast walk is normalize.ts; whatever it objects to is explained by go-decode.ts.
 */
import { type JsonNode, valueTree } from "../json-tree.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { fromUnstructured } from "./from-unstructured.ts";
import { goDecode } from "./go-decode.ts";
import { tryNormalize } from "./normalize.ts";
import type { StructType } from "./types.ts";

export interface DecodeOptions {
  /** Report unknown and repeated fields; they are left out or merged in any case. */
  strict?: boolean;
  /** The value was just parsed and is held by nobody else: it may be changed in place. */
  owned?: boolean;
  /** The text's tree, where there is a text. */
  tree?: () => JsonNode;
  /** The value says less than the text (see parseJson): the tree decides. */
  lossy?: boolean;
  /** The value never was a text: a strategic merge patch made it (see from-unstructured.ts). */
  unstructured?: boolean;
}

export interface Decoded {
  value: JsonObject;
  /** 'unknown field "spec.foo"', 'duplicate field "spec.replicas"'; empty unless strict. */
  strictErrors: string[];
}

/**
 * Decodes an object of a built-in type.
 * @throws DecodeError with the text of Go's decoder: "json: cannot unmarshal string into Go struct field …".
 */
export function decodeStruct(struct: StructType, value: JsonValue, options: DecodeOptions = {}): Decoded {
  const { strict = false, owned = false, lossy = false, tree = () => valueTree(value) } = options;
  // The fast walk may change the value, so what explains it must not depend on it later.
  if (!lossy) {
    const normalized = tryNormalize(struct, value, owned && options.tree !== undefined);
    if (normalized && !(strict && normalized.hasUnknown))
      return { value: normalized.value, strictErrors: [] };
  }
  const decoded = options.unstructured ? fromUnstructured(struct, value) : goDecode(struct, tree());
  const normalized = tryNormalize(struct, decoded.value, true);
  if (!normalized) throw new Error(`${struct.name}: the walks disagree about a value`);
  return { value: normalized.value, strictErrors: strict ? decoded.strictErrors : [] };
}

/**
 * An object that our own code made, as upstream would store and serve it. The object stays as it is.
 * @throws DecodeError
 */
export function normalizeStruct(struct: StructType, value: JsonValue): JsonObject {
  return decodeStruct(struct, value).value;
}
