import { isStackOverflow, tooDeep } from "../../api/json-depth.ts";
import { methodNotAllowed, notFound, pathNotFound, type StatusError } from "../../api/status.ts";
import { requireAllowed } from "../auth/forbidden.ts";
import { resourceAttributes } from "../auth/resource-attributes.ts";
import type { Answer } from "./answer.ts";
import type { PipelineContext } from "./call.ts";
import { connect } from "./connect.ts";
import { create, createSpecial } from "./create.ts";
import { deleteCollection, deleteOne } from "./delete.ts";
import type { Endpoint, ObjectEndpoint, SpecialEndpoint } from "./endpoint.ts";
import type { EndpointTable } from "./endpoint-table.ts";
import { get } from "./get.ts";
import { list, listSpecial } from "./list.ts";
import { patch } from "./patch.ts";
import type { ApiRequest, ResourceVerb } from "./request.ts";
import { update } from "./update.ts";

type ObjectVerb = (
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
) => Promise<Answer>;

const objectVerbs: Readonly<Record<Exclude<ResourceVerb, "connect">, ObjectVerb>> = {
  get,
  list,
  watch: list,
  create,
  update,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};

/**
 * From a request with its user to an answer: authorization, then the verb on its endpoint (admission and registry).
 * Both doors, HTTP and the in-process client, lead here.
 */
export class Pipeline {
  readonly context: PipelineContext;
  readonly endpoints: EndpointTable;

  constructor(context: PipelineContext, endpoints: EndpointTable) {
    this.context = context;
    this.endpoints = endpoints;
  }

  /** Throws a StatusError for everything that is not answered with success. */
  async handle(request: ApiRequest): Promise<Answer> {
    const pending = this.authorize(request);
    if (pending) await pending;
    const endpoint = this.endpoints.find(request);
    if (!endpoint) throw this.unknownSubresource(request) ?? pathNotFound();
    return await this.answer(endpoint, request);
  }

  /** The same where the request has been authorized. */
  async answer(endpoint: Endpoint, request: ApiRequest): Promise<Answer> {
    requireVerb(endpoint, request);
    if (endpoint.deprecation !== undefined) request.warn(endpoint.deprecation);
    try {
      // Awaited, because to return a promise from here takes two more turns.
      return endpoint.form === "object"
        ? await objectVerbs[request.verb as keyof typeof objectVerbs](this.context, endpoint, request)
        : await special(this.context, endpoint, request);
    } catch (error) {
      throw isStackOverflow(error) ? tooDeep() : error;
    }
  }

  /** Custom resources say which object it is whose subresource they do not know. */
  unknownSubresource(request: ApiRequest): StatusError | undefined {
    if (request.subresource === "") return undefined;
    const main = this.endpoints.find({ ...request, subresource: "" });
    const isCustom = main !== undefined && main.info.struct === undefined;
    return isCustom ? notFound(main.info, request.name) : undefined;
  }

  /** Throws a StatusError 403; a promise only where the authorizer has to wait. */
  authorize(request: ApiRequest): Promise<void> | undefined {
    const attributes = resourceAttributes(
      request.user,
      request,
      request.byVerbPath ? undefined : request.query,
    );
    const decision = this.context.authorizer.authorize(attributes);
    if (decision instanceof Promise) return decision.then((late) => requireAllowed(attributes, late));
    requireAllowed(attributes, decision);
  }
}

/** A path that exists, but not for this method. */
function requireVerb({ info, subresource }: Endpoint, { verb }: ApiRequest): void {
  // A proxy takes any method.
  if (subresource?.name === "proxy") return;
  // Whether what is listed can be watched is known further down.
  const needed = verb === "watch" ? "list" : verb;
  if (!(subresource?.verbs ?? info.verbs).includes(needed)) throw methodNotAllowed();
}

async function special(
  context: PipelineContext,
  endpoint: SpecialEndpoint,
  request: ApiRequest,
): Promise<Answer> {
  const { handlers } = endpoint;
  if (handlers.connect) return connect(context, endpoint, request, handlers.connect);
  if (request.verb === "create") return createSpecial(context, endpoint, request);
  if (request.verb === "get" && handlers.get) return handlers.get(request);
  if (request.verb === "list" || request.verb === "watch") return listSpecial(context, endpoint, request);
  throw pathNotFound();
}
