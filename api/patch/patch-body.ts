/** What all patch formats share: reading the body, and the shape of the outcome. */
import { JsonError, parseJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { badRequest } from "../status.ts";
import { isObject, jsonKindName } from "./go-value.ts";

export interface PatchOptions {
  /** fieldValidation is Strict or Warn: what is doubtful in the patch itself gets reported. */
  strict: boolean;
}

export interface PatchOutcome {
  /** The patched document; it shares what did not change with the original. */
  value: JsonValue;
  /** What a strict decoder says about the patch, to be reported together with what decoding the value says. */
  strictErrors: string[];
}

export interface PatchBody<T extends JsonValue = JsonValue> {
  value: T;
  strictErrors: string[];
}

export function readPatch(body: string | Uint8Array, options: PatchOptions, errorPrefix: string): PatchBody {
  try {
    const { value, duplicates } = parseJson(body);
    return {
      value,
      strictErrors: options.strict ? duplicates.map((path) => `duplicate field "${path}"`) : [],
    };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw badRequest(errorPrefix + error.message);
  }
}

/** Go leaves a map that it reads from null empty. */
export function patchMap(body: PatchBody, errorPrefix: string): PatchBody<JsonObject> {
  const { value, strictErrors } = body;
  if (isObject(value)) return { value, strictErrors };
  if (value === null) return { value: {}, strictErrors };
  const kind = jsonKindName(value);
  throw badRequest(
    `${errorPrefix}json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
  );
}
