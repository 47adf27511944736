import type { KubeObject } from "../../api/object.ts";
import { parseWriteOptions } from "../../api/options.ts";
import { pathNotFound } from "../../api/status.ts";
import { matchNamespace, wipeSystemFields } from "../registry/before-write.ts";
import type { VersionCodec } from "../registry/resource-type.ts";
import type { Answer, ObjectAnswer } from "./answer.ts";
import { readHubObject, readObject } from "./bodies.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import type { Endpoint, ObjectEndpoint, SpecialEndpoint } from "./endpoint.ts";
import { dedupOwnerReferences } from "./owner-references.ts";
import type { ApiRequest } from "./request.ts";

/** POST. Source: k8s.io/apiserver/pkg/endpoints/handlers/create.go. */
export async function create(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<ObjectAnswer> {
  const call = new WriteCall(context, request, endpoint, parseWriteOptions(request.query, "CreateOptions"));
  const { codec, registry } = endpoint;
  const object = await readHubObject(request, codec, call.fieldValidation);
  wipeSystemFields(object);
  const managed = await prepared(call, object, codec);
  return call.answer(201, await registry.store.create(managed, call.writeRequest()));
}

/** POST of what is not kept as it comes: a review, a binding, an eviction, a request for a token. */
export async function createSpecial(
  context: PipelineContext,
  endpoint: SpecialEndpoint,
  request: ApiRequest,
): Promise<Answer> {
  const call = new WriteCall(context, request, endpoint, parseWriteOptions(request.query, "CreateOptions"));
  const { codec, create, preservesMetadata = false } = endpoint.handlers;
  if (!codec || !create) throw pathNotFound();
  const object = await readObject(request, codec, call.fieldValidation);
  if (!preservesMetadata || request.subresource === "") wipeSystemFields(object);
  return create(await prepared(call, object, codec), call);
}

/** What every create does between decoding its object and handing it on. */
async function prepared(
  call: WriteCall<Endpoint>,
  object: KubeObject,
  codec: VersionCodec,
): Promise<KubeObject> {
  const { request } = call;
  matchNamespace(object, expectedNamespace(request));
  dedupOwnerReferences(object, false, request.warn);
  const managed = codec.fieldManager(request.subresource).update(undefined, object, call.fieldManagerWrite);
  await call.admit("CREATE", managed, undefined);
  dedupOwnerReferences(managed, true, request.warn);
  return managed;
}

/** Namespaces are addressed by a path that looks as if they were inside themselves. */
export function expectedNamespace({ group, resource, namespace }: ApiRequest): string {
  return group === "" && resource === "namespaces" ? "" : namespace;
}
