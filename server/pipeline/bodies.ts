import { decodeText, JsonError, parseJson, stringifyJson } from "../../api/json.ts";
import { bareMediaType, jsonType, protobufType, yamlType } from "../../api/media-type.ts";
import type { GroupVersionKind, JsonValue, KubeObject } from "../../api/object.ts";
import { apiVersionOf } from "../../api/object.ts";
import type { DeleteOptions, FieldValidation } from "../../api/options.ts";
import { strictDecodingError, unrecognized } from "../../api/schema/decode-object.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { badRequest, unsupportedMediaType } from "../../api/status.ts";
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
}

/** An apply configuration: YAML, of which JSON is a part. */
export async function readConfiguration(body: RequestBody | undefined): Promise<Configuration> {
  if (body && "value" in body) return { value: body.value, strictErrors: [] };
  const bytes = body?.bytes ?? new Uint8Array();
  return wellFormedJson(bytes) ?? readYaml(bytes);
}

/** Most clients send JSON, which its own parser reads many times faster; undefined where YAML has to look. */
function wellFormedJson(bytes: Uint8Array): Configuration | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  try {
    const { value, duplicates } = parseJson(bytes);
    return duplicates.length === 0 ? { value, strictErrors: [] } : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

async function readYaml(bytes: Uint8Array): Promise<Configuration> {
  const { parseYaml, YamlError } = await import("../../api/yaml.ts");
  try {
    const { value, duplicates } = parseYaml(decodeText(bytes));
    return { value, strictErrors: duplicates };
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: ${error.message}`);
    throw error;
  }
}

/** The object of a create or update: decoded in the endpoint's version and defaulted there. */
export async function readObject(
  request: ApiRequest,
  codec: VersionCodec,
  validation: FieldValidation,
): Promise<KubeObject> {
  const { object, strictErrors, gvk } = await decodeBody(request.body, codec, validation !== "Ignore");
  if (strictErrors.length > 0 && validation === "Strict") {
    throw strictDecodingError({ gvk, strictErrors }, codec.info);
  }
  for (const error of strictErrors) request.warn(error);
  const apiVersion = apiVersionOf(gvk.group, gvk.version);
  if (apiVersion !== codec.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${codec.apiVersion})`,
    );
  }
  object.kind = codec.info.kind;
  object.apiVersion = codec.apiVersion;
  object.metadata ??= {};
  codec.applyDefaults(object);
  return object;
}

async function decodeBody(
  body: RequestBody | undefined,
  codec: VersionCodec,
  strict: boolean,
): Promise<DecodedRequest> {
  if (body && "value" in body) return { ...codec.decode(body.value, { strict }), gvk: codec.info };
  const bytes = body?.bytes ?? new Uint8Array();
  const mediaTypes = codec.info.struct ? [jsonType, yamlType, protobufType] : [jsonType, yamlType];
  const mediaType = bareMediaType(body?.contentType || jsonType);
  if (!mediaTypes.includes(mediaType)) {
    throw unsupportedMediaType(
      `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(", ")}`,
    );
  }
  if (mediaType === protobufType) return decodeProtobufBody(bytes, codec);
  const json = mediaType === yamlType ? await yamlToJson(bytes, codec) : bytes;
  return codec.decodeBody({ json, original: bytes }, strict);
}

async function yamlToJson(bytes: Uint8Array, codec: VersionCodec): Promise<string> {
  const { yamlToJson: convert, YamlError } = await import("../../api/yaml.ts");
  try {
    return convert(decodeText(bytes));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw unrecognized({ original: bytes }, codec.info, error.message);
  }
}

async function decodeProtobufBody(bytes: Uint8Array, codec: VersionCodec): Promise<DecodedRequest> {
  const { decodeProtobuf, ProtobufError } = await import("../../api/protobuf/envelope.ts");
  try {
    const { value, gvk } = decodeProtobuf(bytes, codec.info);
    return { ...codec.decode(value, { owned: true }), gvk };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw unrecognized({ original: bytes }, codec.info, error.message);
  }
}

/** DeleteOptions of a request's body; undefined without one. */
export async function readDeleteOptions({ body }: ApiRequest): Promise<DeleteOptions | undefined> {
  if (!body) return undefined;
  if ("value" in body) return body.value as unknown as DeleteOptions;
  if (body.bytes.length === 0) return undefined;
  const mediaType = bareMediaType(body.contentType || jsonType);
  const struct = loadTables().struct("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")!;
  if (mediaType === protobufType) {
    const { decodeProtobuf } = await import("../../api/protobuf/envelope.ts");
    return decodeProtobuf(body.bytes, struct) as unknown as DeleteOptions;
  }
  try {
    return parseJson(body.bytes).value as unknown as DeleteOptions;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}
