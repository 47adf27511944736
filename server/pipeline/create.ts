import { parseWriteOptions } from "../../api/options.ts";
import { matchNamespace, wipeSystemFields } from "../registry/before-write.ts";
import type { ObjectAnswer } from "./answer.ts";
import { readObject } from "./bodies.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
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
  const object = codec.toHub(await readObject(request, codec, call.fieldValidation));
  wipeSystemFields(object);
  matchNamespace(object, expectedNamespace(request));
  dedupOwnerReferences(object, false, request.warn);
  const managed = codec.fieldManager("").update(undefined, object, call.fieldManagerWrite);
  await call.admit("CREATE", managed, undefined);
  dedupOwnerReferences(managed, true, request.warn);
  return call.answer(201, await registry.store.create(managed, call.writeRequest()));
}

/** Namespaces are addressed by a path that looks as if they were inside themselves. */
export function expectedNamespace({ group, resource, namespace }: ApiRequest): string {
  return group === "" && resource === "namespaces" ? "" : namespace;
}
