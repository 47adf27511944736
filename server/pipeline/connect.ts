import { badRequest } from "../../api/status.ts";
import type { Answer } from "./answer.ts";
import { type PipelineContext, WriteCall } from "./call.ts";
import { connectOptions } from "./connect-options.ts";
import type { SpecialEndpoint, SpecialHandlers } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

/** A connection, which passes admission as a write does. Source: ConnectResource of handlers/rest.go. */
export async function connect(
  context: PipelineContext,
  endpoint: SpecialEndpoint,
  request: ApiRequest,
  handler: NonNullable<SpecialHandlers["connect"]>,
): Promise<Answer> {
  if (request.query.has("dryRun")) throw badRequest("dryRun is not supported");
  const options = connectOptions((endpoint.subresource?.kind ?? endpoint.info).kind, request);
  const call = new WriteCall(context, request, endpoint, {
    dryRun: false,
    fieldManager: "",
    fieldValidation: "Ignore",
  });
  await call.admitConnection(options);
  return handler(request);
}
