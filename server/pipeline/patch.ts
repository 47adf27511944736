import { convertedOr } from "../../api/conversion/table.ts";
import { sorted } from "../../api/custom/list-types.ts";
import { stringifyJson } from "../../api/json.ts";
import { keptDepth, nestsTooDeep, tooDeep } from "../../api/json-depth.ts";
import type { JsonObject, JsonValue, KubeObject } from "../../api/object.ts";
import { parsePatchOptions } from "../../api/options.ts";
import { goValue } from "../../api/patch/go-value.ts";
import { applyJsonPatch } from "../../api/patch/json-patch.ts";
import { applyMergePatch } from "../../api/patch/merge-patch.ts";
import type { PatchOutcome } from "../../api/patch/patch-body.ts";
import { applyStrategicMergePatch } from "../../api/patch/strategic-merge.ts";
import { DecodeError } from "../../api/schema/decode-error.ts";
import { badRequest, conflict, invalid, notFound, StatusError } from "../../api/status.ts";
import { invalid as invalidField } from "../../api/validation/field.ts";
import { matchNamespace } from "../registry/before-write.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import type { ObjectAnswer } from "./answer.ts";
import {
  bodyBytes,
  type Configuration,
  readConfiguration,
  unknownFormat,
  warnStrictErrors,
} from "./bodies.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import { expectedNamespace } from "./create.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";
import { checkName, writeUpdate } from "./update.ts";

const jsonPatch = "application/json-patch+json";
const mergePatch = "application/merge-patch+json";
const strategicPatch = "application/strategic-merge-patch+json";
const applyPatch = "application/apply-patch+yaml";

export const patchTypes: readonly string[] = [jsonPatch, mergePatch, strategicPatch, applyPatch];

/** PATCH. Source: k8s.io/apiserver/pkg/endpoints/handlers/patch.go. */
export async function patch(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<ObjectAnswer> {
  const patchType = patchTypeOf(request);
  const supported = endpoint.codec.info.struct
    ? patchTypes
    : patchTypes.filter((type) => type !== strategicPatch);
  if (!supported.includes(patchType)) {
    throw unknownFormat(supported);
  }
  const options = parsePatchOptions(request.query, patchType === applyPatch);
  const call = new WriteCall(context, request, endpoint, options);
  const build =
    patchType === applyPatch
      ? applying(call, await readConfiguration(request.body), options.force ?? false)
      : patching(call, patchType, bodyBytes(request.body));
  const checked = async (live: KubeObject | undefined) => {
    const object = build(live);
    if (object.metadata.uid && !live?.metadata.uid) {
      const problem = `uid mismatch: the provided object specified uid ${object.metadata.uid}, and no existing object was found`;
      throw conflict(endpoint.registry.type, request.name, problem);
    }
    matchNamespace(object, expectedNamespace(request));
    checkName(object, request);
    return object;
  };
  return writeUpdate(call, checked, undefined, patchType === applyPatch);
}

function patchTypeOf({ body }: ApiRequest): string {
  if (!body) return "";
  if ("value" in body) return body.patchType ?? mergePatch;
  return body.contentType.split(";", 1)[0]!;
}

/** Server-side apply. */
function applying(
  call: WriteCall,
  { value, strictErrors, deep }: Configuration,
  force: boolean,
): (live: KubeObject | undefined) => KubeObject {
  const { endpoint, request } = call;
  const { view } = endpoint;
  const manager = endpoint.codec.fieldManager(request.subresource);
  return (live) => {
    const write = { ...call.fieldManagerWrite, force };
    const object = view && live ? view.apply(live, value, write) : manager.apply(live, value, write);
    if (deep && nestsTooDeep(object)) throw tooDeep();
    if (strictErrors.length > 0 && call.fieldValidation !== "Ignore") {
      const problem = `error strict decoding YAML: ${strictErrors.join(", ")}`;
      if (call.fieldValidation === "Strict") throw badRequest(problem);
      warnStrictErrors(request, strictErrors);
    }
    return object;
  };
}

function patching(
  call: WriteCall,
  patchType: string,
  body: Uint8Array,
): (live: KubeObject | undefined) => KubeObject {
  const { endpoint, request } = call;
  const { view } = endpoint;
  const codec = view?.codec ?? endpoint.codec;
  return (live) => {
    if (!live) throw notFound(endpoint.registry.type, request.name);
    const before = (view ? view.patchable(live) : codec.fromHub(live)) as unknown as JsonObject;
    const outcome = patched(codec, patchType, before, body, call.fieldValidation !== "Ignore");
    const unstructured = patchType === strategicPatch;
    const spoken = decodePatched(codec, outcome, call, unstructured);
    if (mayNest(patchType, body) && nestsTooDeep(spoken)) throw tooDeep();
    codec.applyDefaults(spoken);
    const write = call.fieldManagerWrite;
    if (view) {
      matchNamespace(spoken, expectedNamespace(request));
      checkName(spoken, request);
      return view.update(spoken, live, write);
    }
    const object = convertedOr(
      () => codec.toHub(spoken),
      // Upstream decodes the text of a patched object, but converts what a strategic patch made.
      (problem) => (unstructured ? new StatusError(500, "", problem) : invalidPatch(outcome, problem)),
    );
    return endpoint.codec.fieldManager(request.subresource).update(live, object, write);
  };
}

/** A JSON patch may nest what is there already; other patches are as deep as their result. */
const mayNest = (patchType: string, body: Uint8Array): boolean =>
  patchType === jsonPatch || body.length > keptDepth;

interface Patched extends PatchOutcome {
  /** What errors about the patched object show: the object, or the patch itself. */
  shown(): string;
}

function patched(
  codec: VersionCodec,
  patchType: string,
  document: JsonObject,
  body: Uint8Array,
  strict: boolean,
): Patched {
  if (patchType === strategicPatch) {
    const outcome = applyStrategicMergePatch(document, body, codec.info.struct, { strict });
    return { ...outcome, shown: () => goValue(outcome.patch) };
  }
  const apply = patchType === jsonPatch ? applyJsonPatch : applyMergePatch;
  const outcome = apply(document, body, { strict });
  // Objects without a type of their own have all keys sorted.
  const touched = () => sortTouched(outcome.value, document, patchType === mergePatch);
  const shown = () => (codec.info.struct ? touched() : sorted(outcome.value));
  return { ...outcome, shown: () => stringifyJson(shown()) };
}

/**
 * Upstream's library writes the objects that a patch has changed with their keys sorted, the others as they were; a
 * merge patch goes through the lists that it brings, too.
 */
function sortTouched(value: JsonValue, before: JsonValue | undefined, inLists: boolean): JsonValue {
  if (value === before || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return inLists ? sorted(value) : value;
  const old = (typeof before === "object" && before !== null ? before : {}) as JsonObject;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortTouched(value[key]!, old[key], inLists)]));
}

const invalidPatch = (outcome: Patched, problem: string): StatusError =>
  invalid({ group: "", kind: "" }, "", [invalidField("patch", outcome.shown(), problem)]);

/** A patched object is decoded as a body would be, but its errors name the field "patch". */
function decodePatched(
  codec: VersionCodec,
  outcome: Patched,
  call: WriteCall,
  unstructured: boolean,
): KubeObject {
  const refuse = (problem: string) => invalidPatch(outcome, problem);
  try {
    const strict = call.fieldValidation !== "Ignore";
    // A strategic merge patch ends in the type that it began with, whatever it says about its kind.
    const { object, strictErrors } = unstructured
      ? codec.decode(outcome.value, { strict, unstructured })
      : codec.decodePatched(outcome.value, { strict });
    object.kind = codec.info.kind;
    object.apiVersion = codec.apiVersion;
    const errors = [...outcome.strictErrors, ...strictErrors];
    if (errors.length > 0 && call.fieldValidation === "Strict") {
      throw refuse(`strict decoding error: ${errors.join(", ")}`);
    }
    if (call.fieldValidation === "Warn") for (const error of errors) call.request.warn(error);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error.message);
    throw error;
  }
}
