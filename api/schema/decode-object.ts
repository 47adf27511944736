/**
 * The body of a write, JSON or YAML turned into JSON: which kind it says it is, decoded as that kind, and everything
 * that can be wrong with it as a 400 in upstream's words. Sources: transformDecodeError in
 * k8s.io/apiserver/pkg/endpoints/handlers/rest.go, serializer/json in apimachinery's runtime.
 */
import { goQuote } from "../go-format.ts";
import { JsonError, type ParsedJson, parseJson } from "../json.ts";
import { nestsTooDeep, tooDeepMessage } from "../json-depth.ts";
import { JsonEntries, type JsonNode, parseJsonTree, treeValue } from "../json-tree.ts";
import { apiVersionOf, type GroupVersionKind, type JsonObject, type JsonValue } from "../object.ts";
import { badRequest, type StatusError } from "../status.ts";
import { type Decoded, type DecodeOptions, decodeStruct } from "./decode.ts";
import { DecodeError } from "./decode-error.ts";
import { goHubType } from "./go-type-name.ts";
import { hasRetiredKinds, isRetired } from "./retired-versions.ts";
import { loadTables } from "./tables.ts";
import type { StructType } from "./types.ts";

/** The kind that an endpoint takes. */
interface DecodeTargetVersion extends GroupVersionKind {
  /** Other versions that the endpoint takes as they are. */
  acceptsVersion?(apiVersion: string): boolean;
}

export interface DecodeTarget extends DecodeTargetVersion {
  /** Structs of registered kinds. */
  structOf(gvk: GroupVersionKind): StructType | undefined;
}

export interface DecodedBody extends Decoded {
  gvk: GroupVersionKind;
}

/**
 * Upstream is three servers in one, each with a scheme of its own kinds; a scheme is named after the line that makes
 * it.
 */
const schemes: Readonly<Record<string, string>> = {
  "apiextensions.k8s.io": "pkg/apiserver/apiserver.go:55",
  "apiregistration.k8s.io": "pkg/apiserver/scheme/scheme.go:28",
};
const builtinScheme = "pkg/api/legacyscheme/scheme.go:30";

const schemeOf = (group: string): string => schemes[group] ?? builtinScheme;

/** Registered in every group and version. Source: AddToGroupVersion of meta/v1. */
const kindsOfAllGroups = new Set([
  "CreateOptions",
  "DeleteOptions",
  "GetOptions",
  "ListOptions",
  "PatchOptions",
  "UpdateOptions",
  "WatchEvent",
]);

/** A body and the JSON that it holds: the same bytes unless the body is YAML. */
export interface BodyText {
  json: string | Uint8Array;
  original: string | Uint8Array;
}

/** @throws StatusError 400 */
export function decodeObject(body: BodyText, target: DecodeTarget, strict: boolean): DecodedBody {
  const { value, lossy, deep, tree } = parseBody(body, target);
  const gvk = withDefaults(bodyKind(value, body, target), target);
  const refuse = (message: string): StatusError => cannotBeHandled(gvk, target, message);
  if (gvk.version === "") throw refuse(`Object 'apiVersion' is missing in '${textOf(body.original)}'`);
  const struct = structOf(gvk, target);
  const decoded = explainErrors(refuse, () =>
    decodeStruct(struct, value, { strict, owned: true, lossy, tree }),
  );
  if (deep && nestsTooDeep(decoded.value)) throw refuse(tooDeepMessage);
  checkConversion(gvk, target);
  return { ...decoded, gvk };
}

/**
 * Decodes what a JSON or merge patch has made of an object: it may say that it is of another version. There is no
 * status of its own for what is wrong with it.
 * @throws DecodeError
 */
export function decodePatched(value: JsonValue, target: DecodeTarget, options: DecodeOptions): DecodedBody {
  const gvk = withDefaults(kindOf(value), target);
  const own = gvk.kind === target.kind && isRetired(apiVersionOf(gvk.group, gvk.version), gvk.kind);
  const struct = registeredStruct(own ? target : gvk, target);
  if (!struct) throw new DecodeError(unknownKindMessage(gvk, target));
  const decoded = decodeStruct(struct, value, options);
  if (!isSameKind(gvk, target)) throw new DecodeError(unknownConversion(gvk, target));
  return { ...decoded, gvk };
}

/**
 * The struct that a body of a kind is decoded as, whatever the endpoint takes.
 * @throws StatusError 400
 */
export function structOf(gvk: GroupVersionKind, target: DecodeTarget): StructType {
  const struct = registeredStruct(gvk, target);
  if (!struct) throw unknownKind(gvk, target);
  return struct;
}

/**
 * Whether a decoded object is what the endpoint takes.
 * @throws StatusError 400
 */
export function checkConversion(gvk: GroupVersionKind, target: DecodeTarget): void {
  if (!isSameKind(gvk, target)) throw cannotBeHandled(gvk, target, unknownConversion(gvk, target));
  checkVersion(gvk, target);
}

/** Each scheme knows its own kinds, and meta/v1's. */
function registeredStruct(gvk: GroupVersionKind, target: DecodeTarget): StructType | undefined {
  const struct = target.structOf(gvk);
  const isMeta = struct?.name.startsWith("io.k8s.apimachinery.") ?? false;
  return isMeta || schemeOf(gvk.group) === schemeOf(target.group) ? struct : undefined;
}

function unknownKind(gvk: GroupVersionKind, target: DecodeTarget): StatusError {
  const apiVersion = apiVersionOf(gvk.group, gvk.version);
  if (gvk.kind === target.kind && isRetired(apiVersion, gvk.kind)) return wrongVersion(apiVersion, target);
  return cannotBeHandled(gvk, target, unknownKindMessage(gvk, target));
}

/** Of a kind whose struct is not known: it may be registered all the same. */
function unknownKindMessage(gvk: GroupVersionKind, target: GroupVersionKind): string {
  const scheme = schemeOf(target.group);
  const apiVersion = apiVersionOf(gvk.group, gvk.version);
  const registered =
    schemeOf(gvk.group) === scheme &&
    (isRetired(apiVersion, gvk.kind) || (kindsOfAllGroups.has(gvk.kind) && isGroupVersion(gvk)));
  return registered ? unknownConversion(gvk, target) : notRegistered(gvk, scheme);
}

const isGroupVersion = ({ group, version }: GroupVersionKind): boolean =>
  hasRetiredKinds(apiVersionOf(group, version)) ||
  loadTables().resources.some((resource) => resource.group === group && resource.version === version);

const wrongVersion = (apiVersion: string, target: GroupVersionKind): StatusError =>
  badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(target.group, target.version)})`,
  );

/**
 * The object of a custom resource: whatever JSON it is, with a kind. Its metadata and schema are not looked at.
 * @throws StatusError 400
 */
export function decodeUnstructured(
  body: BodyText,
  target: GroupVersionKind,
  strict: boolean,
): DecodedBody & { deep: boolean } {
  const { value, duplicates, lossy, deep, tree } = parseBody(body, target);
  const gvk = bodyKind(value, body, target);
  if (gvk.kind === "" || !isObject(value))
    throw strict
      ? unrecognized(body, target, missingKind(body))
      : cannotBeHandled(target, target, missingKind(body));
  const refuse = (message: string): StatusError => cannotBeHandled(gvk, target, message);
  // Says what parsing may have kept to itself: a number that no float holds.
  if (lossy) explainErrors(refuse, () => treeValue(tree()));
  checkVersion(gvk, target);
  const strictErrors = strict ? duplicates.map((path) => `duplicate field ${goQuote(path)}`) : [];
  return { value, strictErrors, gvk, deep };
}

/** Strict errors as fieldValidation=Strict reports them. */
export function strictDecodingError(
  { gvk, strictErrors }: Pick<DecodedBody, "gvk" | "strictErrors">,
  target: GroupVersionKind,
): StatusError {
  return cannotBeHandled(gvk, target, strictDecodingMessage(strictErrors));
}

export const strictDecodingMessage = (strictErrors: readonly string[]): string =>
  `strict decoding error: ${strictErrors.join(", ")}`;

const yamlPrefixes = [
  "yaml: unmarshal errors:\n",
  "error converting YAML to JSON: yaml: unmarshal errors:\n",
];

/** The warnings that strict errors become: those of YAML's repeated keys are one error with a line for each. */
export function strictWarnings(strictErrors: readonly string[]): string[] {
  return strictErrors.flatMap((error) => {
    const prefix = yamlPrefixes.find((candidate) => error.startsWith(candidate));
    if (prefix === undefined) return [error];
    return error
      .slice(prefix.length)
      .split("\n")
      .map((line) => line.trim());
  });
}

export const missingKind = (body: BodyText): string =>
  `Object 'Kind' is missing in '${textOf(body.original)}'`;

/** As runtime.NewNotRegisteredErrForKind. */
export function notRegistered({ group, version, kind }: GroupVersionKind, scheme = schemeOf(group)): string {
  const apiVersion = goQuote(apiVersionOf(group, version));
  if (kind === "") return `no version ${apiVersion} has been registered in scheme ${goQuote(scheme)}`;
  return `no kind ${goQuote(kind)} is registered for version ${apiVersion} in scheme ${goQuote(scheme)}`;
}

/** An error of a body whose kind is known. */
export function cannotBeHandled(
  gvk: GroupVersionKind,
  target: GroupVersionKind,
  message: string,
): StatusError {
  return badRequest(
    `${gvk.kind} in version ${goQuote(gvk.version)} cannot be handled as a ${target.kind}: ${message}`,
  );
}

/** An error of a body that does not even say what it is. */
export function unrecognized(
  { original }: Pick<BodyText, "original">,
  target: GroupVersionKind,
  message: string,
): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${target.kind}): ${message} (${summarize(original)})`,
  );
}

const summaryLength = 30;

function summarize(body: string | Uint8Array): string {
  const bytes = Buffer.from(body);
  if (bytes.length === 0) return "<empty>";
  const start = bytes.subarray(0, summaryLength).toString(bytes[0] === 0x7b ? "utf8" : "hex");
  return bytes.length > summaryLength ? `${start} ...` : start;
}

const textOf = (body: string | Uint8Array): string => Buffer.from(body).toString();

interface ParsedBody extends ParsedJson {
  tree: () => JsonNode;
}

function parseBody(body: BodyText, target: GroupVersionKind): ParsedBody {
  const tree = (): JsonNode => parseJsonTree(body.json);
  try {
    return { ...parseJson(body.json), tree };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // A number that is too large is found only where a field is decoded: the kind is known by then.
    if (!error.syntax) return { value: typeMetaOf(tree()), duplicates: [], lossy: true, deep: false, tree };
    throw unrecognized(body, target, `couldn't get version/kind; json parse error: ${error.message}`);
  }
}

function typeMetaOf(tree: JsonNode): JsonValue {
  if (!(tree instanceof JsonEntries)) return null;
  const entries = tree.entries.filter(([key, node]) => isTypeMetaKey(key) && typeof node === "string");
  return Object.fromEntries(entries) as JsonObject;
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How Go prints the struct into which it reads the two fields. */
const typeMetaStruct = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

function bodyKind(value: JsonValue, body: BodyText, target: GroupVersionKind): GroupVersionKind {
  return explainErrors(
    (message) => unrecognized(body, target, message),
    () => kindOf(value),
  );
}

/** @throws DecodeError */
export function kindOf(value: JsonValue): GroupVersionKind {
  const refuse = (message: string): DecodeError =>
    new DecodeError(`couldn't get version/kind; json parse error: json: cannot unmarshal ${message}`);
  if (value === null) return { group: "", version: "", kind: "" };
  if (!isObject(value)) throw refuse(`${typeName(value)} into Go value of type ${typeMetaStruct}`);
  const found = { kind: "", apiVersion: "" };
  for (const key of Object.keys(value)) {
    if (!isTypeMetaKey(key)) continue;
    const item = value[key];
    const name = key.toLowerCase() === "kind" ? "kind" : "apiVersion";
    if (typeof item === "string") found[name] = item;
    else if (item !== null && item !== undefined)
      throw refuse(`${typeName(item)} into Go struct field .${name} of type string`);
  }
  const parts = found.apiVersion.split("/");
  if (parts.length > 2) throw new DecodeError(`unexpected GroupVersion string: ${found.apiVersion}`);
  const [group = "", version = ""] = parts.length === 2 ? parts : ["", ...parts];
  return { group, version, kind: found.kind };
}

/** Go's own decoder, which reads the two fields, does not mind the case of letters. */
function isTypeMetaKey(key: string): boolean {
  if (key.length !== 4 && key.length !== 10) return false;
  const name = key.toLowerCase();
  return name === "kind" || name === "apiversion";
}

function typeName(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "bigint" ? "number" : typeof value;
}

/** A body's kind and version, where it does not say them: the endpoint's. */
export function withDefaults(gvk: GroupVersionKind, target: GroupVersionKind): GroupVersionKind {
  const kind = gvk.kind || target.kind;
  if (gvk.version === "" && (gvk.group === "" || gvk.group === target.group))
    return { group: target.group, version: target.version, kind };
  return { ...gvk, kind };
}

function explainErrors<T>(refuse: (message: string) => StatusError, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof DecodeError || error instanceof JsonError ? refuse(error.message) : error;
  }
}

function checkVersion({ group, version }: GroupVersionKind, target: DecodeTargetVersion): void {
  const apiVersion = apiVersionOf(group, version);
  const isOwn = group === target.group && version === target.version;
  if (!isOwn && !target.acceptsVersion?.(apiVersion)) throw wrongVersion(apiVersion, target);
}

/** The kinds that convert into each other. Events have two groups. */
function isSameKind(gvk: GroupVersionKind, target: GroupVersionKind): boolean {
  const groupOf = ({ group }: GroupVersionKind): string => (group === "events.k8s.io" ? "" : group);
  return (
    gvk.kind === target.kind &&
    (gvk.group === target.group || (gvk.kind === "Event" && groupOf(gvk) === groupOf(target)))
  );
}

/** Upstream names the Go types: of the version in which the body came, and of the group's hub. */
function unknownConversion(gvk: GroupVersionKind, target: GroupVersionKind): string {
  return `converting (${gvk.version}.${gvk.kind}) to (${goHubType(target)}): unknown conversion`;
}
