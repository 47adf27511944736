/**
 * The body of a DELETE. Sources: handlers/delete.go in k8s.io/apiserver; apimachinery's meta internalversion scheme,
 * which knows DeleteOptions in every version.
 */
import { goQuote } from "../../api/go-format.ts";
import { JsonError, parseJson, stringifyJson } from "../../api/json.ts";
import { bodyMediaType, jsonType, protobufType, yamlType } from "../../api/media-type.ts";
import type { DeleteOptions } from "../../api/options.ts";
import { decodeStruct } from "../../api/schema/decode.ts";
import { DecodeError } from "../../api/schema/decode-error.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { StructType } from "../../api/schema/types.ts";
import { badRequest } from "../../api/status.ts";
import { unknownFormat } from "./bodies.ts";
import type { ApiRequest } from "./request.ts";

const mediaTypes = [jsonType, yamlType, protobufType];

/**
 * DeleteOptions of a request's body; undefined without one.
 * @throws StatusError 400, 415
 */
export async function readDeleteOptions({
  body,
}: Pick<ApiRequest, "body">): Promise<DeleteOptions | undefined> {
  if (!body) return undefined;
  if ("value" in body) return body.value as unknown as DeleteOptions;
  if (body.bytes.length === 0) return undefined;
  const mediaType = bodyMediaType(body.contentType || jsonType);
  if (!mediaTypes.includes(mediaType)) throw unknownFormat(mediaTypes);
  const struct = loadTables().struct("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")!;
  if (mediaType === protobufType) return decodeProtobufOptions(body.bytes, struct);
  return decodeOptions(await jsonOf(body.bytes, mediaType), struct);
}

async function decodeProtobufOptions(bytes: Uint8Array, struct: StructType): Promise<DeleteOptions> {
  const { decodeProtobuf, openEnvelope } = await import("../../api/protobuf/envelope.ts");
  const { ProtobufError } = await import("../../api/protobuf/protobuf-error.ts");
  try {
    const envelope = openEnvelope(bytes);
    requireOptions(envelope);
    return decodeProtobuf(struct, envelope) as unknown as DeleteOptions;
  } catch (error) {
    throw error instanceof ProtobufError ? badRequest(error.message) : error;
  }
}

/** A body as JSON text: YAML is turned into it. */
async function jsonOf(bytes: Uint8Array, mediaType: string): Promise<Uint8Array | string> {
  if (mediaType !== yamlType) return bytes;
  const { parseYaml, YamlError } = await import("../../api/yaml.ts");
  try {
    return stringifyJson(parseYaml(bytes).value);
  } catch (error) {
    throw error instanceof YamlError ? badRequest(error.message) : error;
  }
}

function decodeOptions(text: Uint8Array | string, struct: StructType): DeleteOptions {
  try {
    const { value } = parseJson(text);
    requireOptions((value ?? {}) as { kind?: string; apiVersion?: string });
    return decodeStruct(struct, value).value as unknown as DeleteOptions;
  } catch (error) {
    if (error instanceof JsonError) {
      throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
    }
    throw error instanceof DecodeError ? badRequest(error.message) : error;
  }
}

const ownVersion = "meta.k8s.io/v1";
/** Other kinds that the scheme knows in every version, and those that it knows in its own. */
const knownEverywhere = new Set([
  "Status",
  "APIVersions",
  "APIGroup",
  "APIGroupList",
  "APIResourceList",
  "CreateOptions",
  "UpdateOptions",
]);
const knownInOwnVersion = new Set([
  "WatchEvent",
  "ListOptions",
  "GetOptions",
  "PatchOptions",
  "Table",
  "TableOptions",
  "PartialObjectMetadata",
  "PartialObjectMetadataList",
]);

/** What a body says it is decides before its fields are read; it may say nothing. */
function requireOptions({ kind = "", apiVersion = "" }: { kind?: string; apiVersion?: string }): void {
  if (kind === "" || kind === "DeleteOptions") return;
  const version = apiVersion || ownVersion;
  if (knownEverywhere.has(kind) || (version === ownVersion && knownInOwnVersion.has(kind))) {
    throw badRequest(`converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`);
  }
  throw badRequest(
    `no kind ${goQuote(kind)} is registered for version ${goQuote(version)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}
