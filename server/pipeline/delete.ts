import type { KubeObject } from "../../api/object.ts";
import { type DeleteOptions, deleteOptionsFromQuery, validateDeleteOptions } from "../../api/options.ts";
import { forbidden, StatusError } from "../../api/status.ts";
import type { DeleteResult } from "../registry/store.ts";
import { type Answer, successStatus } from "./answer.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import { readDeleteOptions } from "./delete-options.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import { listSpecOf } from "./list.ts";
import type { ApiRequest } from "./request.ts";

async function optionsOf(request: ApiRequest): Promise<DeleteOptions> {
  const options = (await readDeleteOptions(request)) ?? deleteOptionsFromQuery(request.query);
  validateDeleteOptions(options);
  return options;
}

/** Source: pkg/registry/batch/job/storage, where a collection is warned of once, be it empty. */
function callOf(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
  options: DeleteOptions,
): WriteCall {
  const { deletionWarning } = endpoint.registry.type.definition.strategy;
  const isSilent = options.propagationPolicy === undefined && options.orphanDependents === undefined;
  if (deletionWarning && isSilent) request.warn(deletionWarning);
  const dryRun = (options.dryRun?.length ?? 0) > 0;
  return new WriteCall(context, request, endpoint, { dryRun, fieldManager: "", fieldValidation: "Ignore" });
}

/** DELETE of one object. Source: handlers/delete.go. */
export async function deleteOne(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<Answer> {
  const options = await optionsOf(request);
  const call = callOf(context, endpoint, request, options);
  const { store, type } = endpoint.registry;
  const problem = type.definition.strategy.deletionProblem?.(request.name);
  if (problem !== undefined) throw forbidden(type, request.name, problem);
  const result = await store.delete(request.name, options, call.writeRequest());
  const code = !result.deleted && options.orphanDependents === false ? 202 : 200;
  if (showsObject(type.definition.strategy.returnDeletedObject ?? false, result))
    return call.answer(code, result);
  return successStatus(code, {
    name: request.name,
    group: type.group,
    kind: type.resource,
    uid: result.object.metadata.uid ?? "",
  });
}

/** An object that is only marked comes back as it is now; one that is gone as a Status, unless its kind says so. */
function showsObject(returnDeletedObject: boolean, { deleted, marked }: DeleteResult): boolean {
  return returnDeletedObject || (!deleted && marked);
}

/** DELETE of a collection: not atomic, as upstream. */
export async function deleteCollection(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<Answer> {
  const spec = listSpecOf(context, endpoint, request);
  const options = await optionsOf(request);
  const call = callOf(context, endpoint, request, options);
  const page = await endpoint.registry.list(spec.request);
  const { store } = endpoint.registry;
  for (const entry of page.entries) {
    const { metadata } = store.objectOf(entry) satisfies KubeObject;
    const write = call.writeRequest();
    const namespace = metadata.namespace ?? "";
    try {
      await store.delete(
        metadata.name!,
        { ...options },
        { ...write, context: { ...write.context, namespace } },
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    }
  }
  return { kind: "list", page, registry: endpoint.registry, codec: endpoint.codec };
}
