import { badRequest } from "../../api/status.ts";
import { requestedRevision, waitForRevision } from "../registry/freshness.ts";
import type { ObjectAnswer } from "./answer.ts";
import type { PipelineContext } from "./call.ts";
import { type ObjectEndpoint, objectAnswer } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

/** GET of one object. Source: handlers/get.go. */
export async function get(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<ObjectAnswer> {
  const exported = request.query.get("export");
  if (exported !== null && exported !== "0" && exported.toLowerCase() !== "false") {
    throw badRequest("the export parameter, deprecated since v1.14, is no longer supported");
  }
  const version = request.query.get("resourceVersion") ?? "";
  const { registry } = endpoint;
  if (version !== "") await waitForRevision(registry.storage, context.clock, requestedRevision(version));
  const entry = await registry.store.get(request.namespace, request.name);
  return objectAnswer(endpoint, 200, registry.store.stored(entry));
}
