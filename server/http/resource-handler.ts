import { bareMediaType, jsonType, type MediaType, protobufType, yamlType } from "../../api/media-type.ts";
import type { JsonObject } from "../../api/object.ts";
import {
  badRequest,
  methodNotAllowed,
  methodNotSupported,
  noAcceptableRoute,
  notAcceptable,
  pathNotFound,
  StatusError,
  unsupportedRoute,
} from "../../api/status.ts";
import { hasNoTable } from "../../api/tables/without-tables.ts";
import type { UserInfo } from "../auth/user.ts";
import type { Answer, ObjectAnswer, WatchAnswer } from "../pipeline/answer.ts";
import type { Endpoint } from "../pipeline/endpoint.ts";
import { patchTypes } from "../pipeline/patch.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { ApiRequest, RequestBody, ResourceVerb } from "../pipeline/request.ts";
import { readBody } from "./body-reader.ts";
import { encoderOf } from "./encoder.ts";
import { GzipBlocks } from "./gzip-blocks.ts";
import {
  acceptsAny,
  isPretty,
  metadataTransforms,
  type NegotiationOptions,
  negotiateOutput,
  type OutputForm,
  objectTransforms,
} from "./negotiate.ts";
import { PieceBuffers } from "./pieces.ts";
import {
  type ListTools,
  type RepresentationContext,
  representList,
  representObject,
  representSpoken,
} from "./representation.ts";
import type { Exchange } from "./request-context.ts";
import type { RequestInfo } from "./request-info.ts";
import { errorHeaders, respond, respondEmpty, respondText, writeHead } from "./responder.ts";
import { FrameCache, watchFramer } from "./watch-frames.ts";
import { WatchMessages } from "./watch-messages.ts";
import { ChunkCache, type FrameWriter, WatchWriter } from "./watch-writer.ts";
import { isUpgraded } from "./web-socket.ts";

const mediaTypes: readonly MediaType[] = [jsonType, yamlType, protobufType];
/** Custom resources themselves are not to be had in protobuf, but what is known of all objects is. */
const customObjectTypes: readonly MediaType[] = [jsonType, yamlType];
const streamTypes = [`${jsonType};stream=watch`, `${protobufType};stream=watch`];
const bodyVerbs = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Answers requests to resources: the HTTP side of the pipeline. */
export class ResourceHandler {
  readonly #pipeline: Pipeline;
  readonly #context: RepresentationContext;
  readonly #frames = new FrameCache();
  readonly #chunks = new ChunkCache();
  readonly #lists: ListTools = { blocks: new GzipBlocks(), buffers: new PieceBuffers() };

  constructor(pipeline: Pipeline, context: RepresentationContext) {
    this.#pipeline = pipeline;
    this.#context = context;
  }

  async handle(exchange: Exchange, info: RequestInfo): Promise<void> {
    const request = new HttpApiRequest(exchange, info);
    // Upstream's routes have one slash at their beginning.
    const isRouted = !exchange.path.startsWith("//");
    const endpoint = isRouted ? this.#pipeline.endpoints.find(request) : undefined;
    const route = endpoint && routeOf(endpoint, info, exchange.method);
    // Before the request is looked at any further.
    const authorizing = this.#pipeline.authorize(request);
    if (authorizing) await authorizing;
    if (!endpoint || route !== "served") {
      if (endpoint && route === "otherMethod") throw methodProblem(endpoint, request.verb);
      if (route === "nameless") throw badRequest("name must be provided");
      const unknown = endpoint ? undefined : this.#pipeline.unknownSubresource(request);
      if (unknown) throw unknown;
      if (!isRouted || !this.#pipeline.endpoints.hasBuiltInGroup(info.group))
        return respondText(exchange, 404, "404 page not found\n");
      throw pathNotFound();
    }
    const form = this.#negotiate(exchange, endpoint, request);
    if (bodyVerbs.has(request.verb)) {
      const bytes = await readBody(exchange.request, this.#pipeline.context.maxRequestBodyBytes);
      request.body = { bytes, contentType: exchange.request.headers["content-type"] ?? "" };
    }
    const answer = await this.#pipeline.answer(endpoint, request);
    const pending = this.#answer(exchange, answer, form);
    if (pending) await pending;
  }

  /** The form of the answer; throws what the router and the handlers answer to media types that they do not know. */
  #negotiate({ request, query, userAgent }: Exchange, endpoint: Endpoint, { verb }: ApiRequest): OutputForm {
    const { accept } = request.headers;
    // What comes over a connection is no matter of ours.
    if (endpoint.form === "special" && endpoint.handlers.connect) {
      return { mediaType: jsonType, pretty: isPretty(query, userAgent), transform: undefined };
    }
    const builtIn = endpoint.info.struct !== undefined;
    if (builtIn && (endpoint.subresource?.verbs ?? endpoint.info.verbs).includes(verb)) {
      const produced = endpoint.form === "special" ? (endpoint.handlers.produces ?? []) : [];
      if (!acceptsAny(accept, [...produced, ...mediaTypes])) {
        const streams = verb === "list" || verb === "watch" ? streamTypes : [];
        throw noAcceptableRoute([...produced, ...mediaTypes, ...streams]);
      }
      if (verb === "patch" && !patchTypes.includes(bareMediaType(request.headers["content-type"] ?? ""))) {
        throw unsupportedRoute();
      }
    }
    const form = negotiateOutput(accept, isPretty(query, userAgent), {
      mediaTypes,
      objectTypes: builtIn ? mediaTypes : customObjectTypes,
      transforms: transformsOf(endpoint),
    });
    // Watches are written as JSON or protobuf only.
    if (verb === "watch" && !acceptsAny(accept, [jsonType, protobufType])) throw notAcceptable(streamTypes);
    return form;
  }

  /** A promise where there is more to do than to write what is stored. */
  #answer(exchange: Exchange, answer: Answer, form: OutputForm): Promise<void> | undefined {
    if (answer.kind !== "object") return this.#answerOther(exchange, answer, form);
    const body = representObject(this.#context, answer, form, exchange.query);
    return body instanceof Promise
      ? body.then((later) => respond(exchange, answer.code, later))
      : respond(exchange, answer.code, body);
  }

  async #answerOther(
    exchange: Exchange,
    answer: Exclude<Answer, ObjectAnswer>,
    form: OutputForm,
  ): Promise<void> {
    const { query } = exchange;
    switch (answer.kind) {
      case "list":
        return respond(exchange, 200, await representList(this.#context, this.#lists, answer, form, query));
      case "spoken":
        return respond(exchange, answer.code, await representSpoken(this.#context, answer, form, query));
      case "status": {
        const encoder = await encoderOf(form);
        const content = encoder.encode(answer.status as unknown as JsonObject, undefined);
        return respond(exchange, answer.code, { contentType: encoder.contentType, content });
      }
      case "text":
        return respond(exchange, answer.code, { contentType: answer.contentType, content: answer.body });
      case "empty":
        return respondEmpty(exchange);
      case "watch":
        return this.#stream(exchange, answer, form);
    }
  }

  async #stream(exchange: Exchange, answer: WatchAnswer, form: OutputForm): Promise<void> {
    const { response } = exchange;
    let writer: FrameWriter | undefined;
    try {
      const framer = await watchFramer(this.#context, this.#frames, answer, form, exchange.query);
      writer = this.#openWriter(exchange, framer.contentType);
      if (!writer) return;
      for await (const notices of answer.notices) {
        // A client that does not read stops being served; storage ends its watch when too much waits.
        const frames = notices.map((notice) => framer.frame(notice));
        const pending = writer.write(frames.filter((frame) => frame !== undefined));
        if (pending) await pending;
        if (response.destroyed || frames.includes(undefined)) break;
      }
    } finally {
      answer.end();
      writer?.end();
    }
  }

  /** Begins the answer to a watch. undefined: it was another answer, and a whole one. */
  #openWriter(exchange: Exchange, contentType: string): FrameWriter | undefined {
    const { request, response } = exchange;
    if (isUpgraded(request)) return WatchMessages.open(request, contentType);
    writeHead(exchange, 200, { "Content-Type": contentType });
    response.flushHeaders();
    return new WatchWriter(exchange, this.#chunks);
  }
}

function transformsOf(endpoint: Endpoint): NegotiationOptions["transforms"] {
  const { form, info, subresource } = endpoint;
  if (form === "special") return endpoint.handlers.hasTable ? objectTransforms : metadataTransforms;
  return subresource && hasNoTable(info, subresource.name) ? metadataTransforms : objectTransforms;
}

/** A class for the sake of its getter: see HttpExchange. */
class HttpApiRequest implements ApiRequest {
  readonly verb: ResourceVerb;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subpath: string;
  readonly method: string;
  readonly byVerbPath: boolean;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly userAgent: string;
  readonly warn: (message: string) => void;
  body: RequestBody | undefined;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, info: RequestInfo) {
    this.verb = info.verb as ResourceVerb;
    this.group = info.group;
    this.version = info.version;
    this.resource = info.resource;
    this.subresource = info.subresource;
    this.namespace = info.namespace;
    this.name = info.name;
    this.subpath = info.rest.join("/");
    this.method = exchange.method;
    this.byVerbPath = info.prefixVerb !== "";
    this.query = exchange.query;
    this.user = exchange.user;
    this.userAgent = exchange.userAgent;
    this.warn = (message) => exchange.warnings.add(message);
    this.body = undefined;
    this.#exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}

type Route = "served" | "otherMethod" | "nameless" | "none";

/** Whether the path is one of the endpoint's, and takes the method. */
function routeOf(endpoint: Endpoint, info: RequestInfo, method: string): Route {
  return endpoint.info.struct ? builtInRoute(endpoint, info, method) : customRoute(endpoint, info);
}

const subresourceVerbs = new Set(["get", "update", "patch"]);
const namedVerbs = new Set([...subresourceVerbs, "delete"]);
const resourceVerbs = new Set([...subresourceVerbs, "list", "watch", "create", "delete", "deletecollection"]);

/** Custom resources have no routes: it is the verb that counts. Source: crdHandler of k8s.io/apiextensions-apiserver. */
function customRoute({ info: resource, subresource }: Endpoint, info: RequestInfo): Route {
  const { namespace, pathName, verb } = info;
  if (namespace !== "" && !resource.namespaced) return "none";
  const acrossNamespaces = verb === "list" || verb === "watch";
  if (resource.namespaced && namespace === "" && !acrossNamespaces) return "none";
  if (!(subresource ? subresourceVerbs : resourceVerbs).has(verb)) return "otherMethod";
  return pathName === "" && (verb === "update" || verb === "patch") ? "nameless" : "served";
}

function builtInRoute({ info: resource, subresource }: Endpoint, info: RequestInfo, method: string): Route {
  const { namespace, pathName, rest, verb } = info;
  const isNamespaces = resource.group === "" && resource.resource === "namespaces";
  const isProxy = subresource?.name === "proxy";
  if (rest.length > 0 && !isProxy) return "none";
  if (resource.namespaced && namespace === "" && pathName !== "") return "none";
  if (!resource.namespaced && namespace !== "" && !isNamespaces) return "none";
  if (isProxy) return "served";
  // Reviews and bindings have no names.
  if (pathName !== "" && !subresource && !resource.verbs.some((one) => namedVerbs.has(one))) return "none";
  if (method === "HEAD") return "otherMethod";
  const onCollection = pathName === "";
  const collectionVerb = verb === "list" || verb === "create" || verb === "deletecollection";
  if (info.prefixVerb === "watch") {
    return (subresource?.verbs ?? resource.verbs).includes("watch") ? "served" : "none";
  }
  if (verb === "watch") return "served";
  if (verb === "proxy") return "none";
  if (onCollection !== (collectionVerb || (verb === "watch" && onCollection))) {
    return subresource && verb === "create" ? "served" : "otherMethod";
  }
  return resource.namespaced && namespace === "" && verb !== "list" ? "otherMethod" : "served";
}

function methodProblem({ info }: Endpoint, verb: string): StatusError {
  return info.struct ? methodNotAllowed() : methodNotSupported(info, verb);
}

/** An error as the client's media type has it; a form that cannot be had falls back to JSON. */
export async function respondError(exchange: Exchange, error: StatusError): Promise<void> {
  const { request, query, userAgent } = exchange;
  // Upstream's fallback is indented.
  let form: Pick<OutputForm, "mediaType" | "pretty"> = { mediaType: jsonType, pretty: true };
  try {
    const pretty = isPretty(query, userAgent);
    form = negotiateOutput(request.headers.accept, pretty, { mediaTypes, transforms: [] });
  } catch (negotiation) {
    if (!(negotiation instanceof StatusError)) throw negotiation;
  }
  errorHeaders(error, exchange);
  const encoder = await encoderOf(form);
  const content = encoder.encode(error.status() as unknown as JsonObject, undefined);
  await respond(exchange, error.code, { contentType: encoder.contentType, content });
}
