/** A YAML body of a write. Load this module only when there is one: it brings a YAML parser. */
import { stringifyJson } from "../json.ts";
import type { GroupVersionKind } from "../object.ts";
import { parseYaml, YamlError } from "../yaml.ts";
import { type BodyText, type DecodedBody, unrecognized } from "./decode-object.ts";

/**
 * Decodes a YAML body with decodeObject or decodeUnstructured. Repeated keys are one strict error, before all others:
 * the text of go-yaml, with its lines.
 * @throws StatusError 400
 */
export function decodeYaml(
  bytes: Uint8Array,
  target: GroupVersionKind,
  strict: boolean,
  decode: (body: BodyText) => DecodedBody,
): DecodedBody {
  const { json, strictError } = toJson(bytes, target);
  const decoded = decode({ json, original: bytes });
  if (!strict || strictError === undefined) return decoded;
  return { ...decoded, strictErrors: [strictError, ...decoded.strictErrors] };
}

function toJson(
  bytes: Uint8Array,
  target: GroupVersionKind,
): { json: string; strictError: string | undefined } {
  try {
    const { value, strictError } = parseYaml(bytes);
    return { json: stringifyJson(value), strictError };
  } catch (error) {
    throw error instanceof YamlError ? unrecognized({ original: bytes }, target, error.message) : error;
  }
}
