import { fieldLabels } from "../../api/field-labels.ts";
import { FieldSelector, type FieldTransform } from "../../api/field-selectors.ts";
import { type ListOptions, parseListOptions } from "../../api/options.ts";
import { SelectorError } from "../../api/selectors.ts";
import { badRequest, methodNotSupported, pathNotFound } from "../../api/status.ts";
import { checkPathSegmentName } from "../../api/validation/names.ts";
import { requestedRevision } from "../registry/freshness.ts";
import type { ListRequest } from "../registry/listing.ts";
import { Selection } from "../registry/selection.ts";
import type { Answer, ListAnswer, WatchAnswer } from "./answer.ts";
import type { PipelineContext } from "./call.ts";
import type { ObjectEndpoint, SpecialEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

interface ListSpec {
  options: ListOptions;
  request: ListRequest;
}

/** Options, selectors and keys of a list, watch or collection delete. Source: listOpts in handlers/get.go. */
export function listSpecOf(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): ListSpec {
  const options = parseListOptions(request.query, context.gates.enabled("WatchList"));
  const { codec } = endpoint;
  const fields = selectedFields(codec.fieldLabels ?? fieldLabels(codec.info), options.fields, request.name);
  const selection = new Selection(options.labels, fields);
  const { type } = endpoint.registry;
  const namespace = selectedNamespace(type.namespaced, request.namespace, fields);
  const prefix = namespace === "" ? type.keyPrefix : `${type.keyPrefix}${namespace}/`;
  const name = fields.exactMatch("metadata.name");
  const single =
    name !== undefined && (namespace !== "" || !type.namespaced) && checkPathSegmentName(name).length === 0;
  return {
    options,
    request: {
      prefix: single ? prefix + name : prefix,
      single,
      tokenPrefix: prefix,
      selection,
      resourceVersion: options.resourceVersion,
      resourceVersionMatch: options.resourceVersionMatch,
      limit: options.limit,
      continueToken: options.continueToken,
    },
  };
}

function selectedFields(known: FieldTransform, asked: FieldSelector, name: string): FieldSelector {
  let fields: FieldSelector;
  try {
    fields = asked.transform(known);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
  if (name === "") return fields;
  if (fields.empty) return new FieldSelector([{ field: "metadata.name", operator: "=", value: name }]);
  if (fields.exactMatch("metadata.name") === name) return fields;
  throw badRequest("fieldSelector metadata.name doesn't match requested name");
}

/** A field selector may narrow a list of all namespaces down to one. */
function selectedNamespace(namespaced: boolean, namespace: string, fields: FieldSelector): string {
  if (!namespaced) return "";
  if (namespace !== "") return namespace;
  const selected = fields.exactMatch("metadata.namespace") ?? "";
  return checkPathSegmentName(selected).length === 0 ? selected : "";
}

/** GET of a collection. */
export async function list(
  context: PipelineContext,
  endpoint: ObjectEndpoint,
  request: ApiRequest,
): Promise<ListAnswer | WatchAnswer> {
  const spec = listSpecOf(context, endpoint, request);
  if (spec.options.watch || request.verb === "watch") return watch(context, endpoint, request, spec);
  const page = await endpoint.registry.list(spec.request);
  return { kind: "list", page, registry: endpoint.registry, codec: endpoint.codec };
}

/** GET of a collection that no registry keeps. */
export async function listSpecial(
  { gates }: PipelineContext,
  { info, handlers }: SpecialEndpoint,
  request: ApiRequest,
): Promise<Answer> {
  const options = parseListOptions(request.query, gates.enabled("WatchList"));
  const fields = selectedFields(fieldLabels(info), options.fields, request.name);
  if (options.watch) throw methodNotSupported(info, "watch");
  if (!handlers.list) throw pathNotFound();
  return handlers.list(new Selection(options.labels, fields));
}

async function watch(
  context: PipelineContext,
  { registry, codec }: ObjectEndpoint,
  request: ApiRequest,
  { options, request: spec }: ListSpec,
): Promise<WatchAnswer> {
  const timeout = watchTimeout(context, options.timeoutSeconds);
  const ending = new AbortController();
  request.signal.addEventListener("abort", () => ending.abort(), { once: true });
  if (timeout <= 0) ending.abort();
  const notices = await registry.watch({
    prefix: spec.prefix,
    single: spec.single,
    selection: spec.selection,
    revision: requestedRevision(spec.resourceVersion),
    sendInitialEvents: options.sendInitialEvents,
    allowBookmarks: options.allowWatchBookmarks,
    deadline: context.clock.monotonic() + timeout,
    signal: ending.signal,
  });
  const cancel = context.clock.setTimer(Math.max(timeout, 0), () => ending.abort());
  ending.signal.addEventListener("abort", cancel, { once: true });
  return { kind: "watch", notices, registry, codec, end: () => ending.abort() };
}

/** Milliseconds. Source: handleWatch in handlers/get.go. */
function watchTimeout(
  { random, minRequestTimeoutSeconds }: PipelineContext,
  asked: number | undefined,
): number {
  if (asked) return asked * 1000;
  return minRequestTimeoutSeconds * (1 + random.next()) * 1000;
}
