/** A protobuf body of a write. Load this module only when there is one. */
import { goQuote } from "../go-format.ts";
import { apiVersionOf, type GroupVersionKind } from "../object.ts";
import { decodeProtobuf, type Envelope, openEnvelope } from "../protobuf/envelope.ts";
import { ProtobufError } from "../protobuf/protobuf-error.ts";
import type { StatusError } from "../status.ts";
import {
  cannotBeHandled,
  checkConversion,
  type DecodedBody,
  type DecodeTarget,
  structOf,
  unrecognized,
  withDefaults,
} from "./decode-object.ts";

/**
 * Decodes a body as decodeObject does. There is nothing strict about protobuf: what is unknown is skipped.
 * @throws StatusError 400
 */
export function decodeProtobufObject(bytes: Uint8Array, target: DecodeTarget): DecodedBody {
  const envelope = explain(
    (message) => unrecognized({ original: bytes }, target, message),
    () => openEnvelope(bytes),
  );
  const gvk = withDefaults(gvkOf(envelope), target);
  const refuse = (message: string): StatusError => cannotBeHandled(gvk, target, message);
  if (gvk.version === "") throw refuse(missingVersion(envelope));
  const struct = structOf(gvk, target);
  // The object carries its kind whatever the envelope left out.
  const complete = { ...envelope, kind: gvk.kind, apiVersion: apiVersionOf(gvk.group, gvk.version) };
  const value = explain(refuse, () => decodeProtobuf(struct, complete));
  checkConversion(gvk, target);
  return { value, strictErrors: [], gvk };
}

/** As schema.FromAPIVersionAndKind: what is no group and version is none. */
function gvkOf({ apiVersion, kind }: Envelope): GroupVersionKind {
  const parts = apiVersion.split("/");
  if (apiVersion === "/" || parts.length > 2) return { group: "", version: "", kind };
  const [group = "", version = ""] = parts.length === 2 ? parts : ["", ...parts];
  return { group, version, kind };
}

const missingVersion = ({ apiVersion, kind }: Envelope): string =>
  `Object 'apiVersion' is missing in 'runtime.TypeMeta{APIVersion:${goQuote(apiVersion)}, Kind:${goQuote(kind)}}'`;

function explain<T>(refuse: (message: string) => StatusError, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ProtobufError ? refuse(error.message) : error;
  }
}
