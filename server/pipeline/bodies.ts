import { convertedOr } from "../../api/conversion/table.ts";
import { JsonError, parseJson, stringifyJson } from "../../api/json.ts";
import { bodyMediaType, jsonType, protobufType, yamlType } from "../../api/media-type.ts";
import type { GroupVersionKind, JsonValue, KubeObject } from "../../api/object.ts";
import type { FieldValidation } from "../../api/options.ts";
import { cannotBeHandled, strictDecodingError, unrecognized } from "../../api/schema/decode-object.ts";
import { badRequest, type StatusError, unsupportedMediaType } from "../../api/status.ts";
import type { DecodedObject, VersionCodec } from "../registry/resource-type.ts";
import type { ApiRequest, RequestBody } from "./request.ts";

/** An object with the kind that its body claims. */
interface DecodedRequest extends DecodedObject {
  gvk: GroupVersionKind;
}

export function bodyBytes(body: RequestBody | undefined): Uint8Array {
  if (!body) return new Uint8Array();
  return "bytes" in body ? body.bytes : Buffer.from(stringifyJson(body.value));
}

export interface Configuration {
  value: JsonValue;
  /** Repeated keys, as the YAML reader complains about them. */
  strictErrors: string[];
  /** It nests deeper than what is kept may. */
  deep: boolean;
}

/** An apply configuration: YAML, of which JSON is a part. */
export async function readConfiguration(body: RequestBody | undefined): Promise<Configuration> {
  if (body && "value" in body) return { value: body.value, strictErrors: [], deep: false };
  const bytes = body?.bytes ?? new Uint8Array();
  return wellFormedJson(bytes) ?? readYaml(bytes);
}

/** Most clients send JSON, which its own parser reads many times faster; undefined where YAML has to look. */
function wellFormedJson(bytes: Uint8Array): Configuration | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  try {
    const { value, duplicates, deep } = parseJson(bytes);
    return duplicates.length === 0 ? { value, strictErrors: [], deep } : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

async function readYaml(bytes: Uint8Array): Promise<Configuration> {
  const { parseYaml, YamlError } = await import("../../api/yaml.ts");
  const converting = "error converting YAML to JSON: ";
  try {
    const { value, strictError } = parseYaml(bytes);
    const strictErrors = strictError === undefined ? [] : [converting + strictError];
    return { value, strictErrors, deep: false };
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: ${converting}${error.message}`);
    throw error;
  }
}

/** The object of a create or update: decoded in the endpoint's version and defaulted there. */
export async function readObject(
  request: Pick<ApiRequest, "body" | "warn">,
  codec: VersionCodec,
  validation: FieldValidation,
): Promise<KubeObject> {
  const pending = decodeBody(request.body, codec, validation !== "Ignore");
  const { object, strictErrors, gvk } = pending instanceof Promise ? await pending : pending;
  if (strictErrors.length > 0 && validation === "Strict") {
    throw strictDecodingError({ gvk, strictErrors }, codec.info);
  }
  warnStrictErrors(request, strictErrors);
  object.kind = codec.info.kind;
  object.apiVersion = codec.apiVersion;
  object.metadata ??= {};
  codec.applyDefaults(object);
  return object;
}

/** The same in the hub version. */
export async function readHubObject(
  request: Pick<ApiRequest, "body" | "warn">,
  codec: VersionCodec,
  validation: FieldValidation,
): Promise<KubeObject> {
  const object = await readObject(request, codec, validation);
  return convertedOr(
    () => codec.toHub(object),
    (problem) => cannotBeHandled(codec.info, codec.info, problem),
  );
}

const yamlErrorsStart = /^(?:error converting YAML to JSON: )?yaml: unmarshal errors:\n/;

/** Each error is a warning; the YAML reader's are several in one text. Source: addStrictDecodingWarnings. */
export function warnStrictErrors({ warn }: Pick<ApiRequest, "warn">, strictErrors: readonly string[]): void {
  for (const error of strictErrors) {
    if (!yamlErrorsStart.test(error)) warn(error);
    else for (const line of error.replace(yamlErrorsStart, "").split("\n")) warn(line.trim());
  }
}

/** A promise where another reader than that of JSON is needed. */
function decodeBody(
  body: RequestBody | undefined,
  codec: VersionCodec,
  strict: boolean,
): DecodedRequest | Promise<DecodedRequest> {
  if (body && "value" in body) return { ...codec.decode(body.value, { strict }), gvk: codec.info };
  const bytes = body?.bytes ?? new Uint8Array();
  const mediaTypes = codec.info.struct ? [jsonType, yamlType, protobufType] : [jsonType, yamlType];
  const mediaType = bodyMediaType(body?.contentType || jsonType);
  if (!mediaTypes.includes(mediaType)) {
    throw unknownFormat(mediaTypes);
  }
  if (mediaType === protobufType && codec.decodeProtobuf) return codec.decodeProtobuf(bytes);
  if (mediaType === yamlType) return decodeYamlBody(bytes, codec, strict);
  return codec.decodeBody({ json: bytes, original: bytes }, strict);
}

export function unknownFormat(mediaTypes: readonly string[]): StatusError {
  const accepted = mediaTypes.join(", ");
  return unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

async function decodeYamlBody(
  bytes: Uint8Array,
  codec: VersionCodec,
  strict: boolean,
): Promise<DecodedRequest> {
  const { parseYaml, YamlError } = await import("../../api/yaml.ts");
  try {
    const { value, strictError } = parseYaml(bytes);
    const decoded = codec.decodeBody({ json: stringifyJson(value), original: bytes }, strict);
    if (!strict || strictError === undefined) return decoded;
    return { ...decoded, strictErrors: [strictError, ...decoded.strictErrors] };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw unrecognized({ original: bytes }, codec.info, error.message);
  }
}
