/**
 * JSON Merge Patch (RFC 7386) as the API server applies it: MergePatch of gopkg.in/evanphx/json-patch.v4, called from
 * k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { badRequest, StatusError } from "../status.ts";
import { isObject } from "./go-value.ts";
import { type PatchBody, type PatchOptions, type PatchOutcome, patchMap, readPatch } from "./patch-body.ts";

/** Applies a merge patch; never changes the document. @throws StatusError 400 */
export function applyMergePatch(
  document: JsonObject,
  body: string | Uint8Array,
  options: PatchOptions,
): PatchOutcome {
  const prefix = "error decoding patch: ";
  // Without validation upstream leaves the reading to the library, which has one text for everything.
  const patch = options.strict ? readPatch(body, options, prefix) : readLoosely(body);
  if (options.strict) patchMap(patch, prefix);
  const { value, strictErrors } = patch;
  if (Array.isArray(value)) return { value: value.map(pruned), strictErrors };
  if (!isObject(value)) throw invalidPatch();
  return { value: merged(document, value), strictErrors };
}

const invalidPatch = (): StatusError => badRequest("Invalid JSON Patch");

function readLoosely(body: string | Uint8Array): PatchBody {
  try {
    return readPatch(body, { strict: false }, "");
  } catch (error) {
    throw error instanceof StatusError ? invalidPatch() : error;
  }
}

function merged(document: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    const current = Object.hasOwn(document, key) ? document[key] : undefined;
    if (value === null) delete result[key];
    else if (!isObject(current)) setKey(result, key, pruned(value));
    else setKey(result, key, isObject(value) ? merged(current, value) : value);
  }
  return result;
}

/** A new value comes without the nulls of its objects; nulls that are items of a list stay. */
function pruned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(pruned);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) if (child !== null) setKey(result, key, pruned(child));
  return result;
}
