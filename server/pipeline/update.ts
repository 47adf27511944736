import type { KubeObject } from "../../api/object.ts";
import { parseWriteOptions } from "../../api/options.ts";
import { badRequest } from "../../api/status.ts";
import { matchNamespace } from "../registry/before-write.ts";
import type { Preconditions } from "../registry/write-request.ts";
import type { ObjectAnswer } from "./answer.ts";
import { readHubObject, readObject } from "./bodies.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import { expectedNamespace } from "./create.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import { dedupOwnerReferences } from "./owner-references.ts";
import type { ApiRequest } from "./request.ts";

/** PUT. Source: k8s.io/apiserver/pkg/endpoints/handlers/update.go. */
export async function update(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<ObjectAnswer> {
  const call = new WriteCall(context, request, endpoint, parseWriteOptions(request.query, "UpdateOptions"));
  const { view } = endpoint;
  const first = await readSent(call, request.warn);
  const { uid } = first.metadata;
  let unused: KubeObject | undefined = first;
  return writeUpdate(
    call,
    async (live) => {
      // Each attempt begins with what the client sent: a failed one has changed it.
      const own = unused ?? (await readSent(call, () => {}));
      unused = undefined;
      const write = call.fieldManagerWrite;
      if (view) return view.update(own, requireLive(live), write);
      return endpoint.codec.fieldManager(request.subresource).update(live, own, write);
    },
    uid ? { uid } : undefined,
  );
}

async function readSent(
  { request, endpoint, fieldValidation }: WriteCall,
  warn: ApiRequest["warn"],
): Promise<KubeObject> {
  const { view, codec } = endpoint;
  const { body } = request;
  const object = view
    ? await readObject({ body, warn }, view.codec, fieldValidation)
    : await readHubObject({ body, warn }, codec, fieldValidation);
  matchNamespace(object, expectedNamespace(request));
  checkName(object, request);
  dedupOwnerReferences(object, false, warn);
  return object;
}

function requireLive(live: KubeObject | undefined): KubeObject {
  if (!live) throw new TypeError("a view is never created");
  return live;
}

/** What update and patch share: admission, the compare-and-set loop, the answer. */
export async function writeUpdate(
  call: WriteCall,
  build: (live: KubeObject | undefined) => Promise<KubeObject>,
  preconditions: Preconditions | undefined,
  forceCreate = false,
): Promise<ObjectAnswer> {
  const { endpoint, request } = call;
  const result = await endpoint.registry.store.update(request.name, {
    ...call.writeRequest(),
    strategy: endpoint.strategy,
    forceCreate: forceCreate && (!endpoint.subresource || (endpoint.strategy.createsByApply ?? false)),
    ...(preconditions ? { preconditions } : {}),
    updated: async (live) => {
      const object = await build(live);
      await call.admit(live ? "UPDATE" : "CREATE", object, live);
      dedupOwnerReferences(object, true, request.warn);
      return object;
    },
  });
  return call.answer(result.created ? 201 : 200, result);
}

/** Source: checkName in handlers/rest.go. */
export function checkName({ metadata }: KubeObject, { name }: ApiRequest): void {
  if (!metadata.name) {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
}
