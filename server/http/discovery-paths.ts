import type { FeatureGates } from "../../api/feature-gates.ts";
import { jsonType, type MediaType, protobufType, yamlType } from "../../api/media-type.ts";
import type { JsonObject } from "../../api/object.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import { methodNotAllowed, noAcceptableRoute, pathNotFound } from "../../api/status.ts";
import {
  aggregatedDiscovery,
  groupList,
  groupOf,
  legacyVersions,
  resourceList,
  type ServedGroupVersion,
  servedGroupVersions,
} from "./discovery.ts";
import { aggregatedForm } from "./discovery-form.ts";
import { encoderOf } from "./encoder.ts";
import { acceptsAny, isPretty, negotiateOutput } from "./negotiate.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { finish, respond, respondText, writeHead } from "./responder.ts";

const mediaTypes: readonly MediaType[] = [jsonType, yamlType, protobufType];

/** What the server serves now; custom resources come and go. */
export class Discovery {
  readonly #builtIn: readonly ResourceInfo[];
  #served: readonly ServedGroupVersion[];

  constructor(builtIn: readonly ResourceInfo[]) {
    this.#builtIn = builtIn;
    this.#served = servedGroupVersions(builtIn);
  }

  get served(): readonly ServedGroupVersion[] {
    return this.#served;
  }

  setCustom(custom: readonly ResourceInfo[]): void {
    this.#served = servedGroupVersions(this.#builtIn, custom);
  }

  /** The paths under /api and /apis that the root document lists. */
  paths(): string[] {
    const paths = new Set(["/api", "/apis", "/apis/"]);
    for (const { group, version } of this.#served) {
      if (group === "") paths.add(`/api/${version}`);
      else paths.add(`/apis/${group}`).add(`/apis/${group}/${version}`);
    }
    return [...paths];
  }
}

/** GET of /api, /apis and what is below them. Source: k8s.io/apiserver/pkg/endpoints/discovery. */
export function addDiscoveryPaths(
  routes: PathRoutes,
  discovery: Discovery,
  { gates, address }: { gates: FeatureGates; address: () => string },
): void {
  const handle = async (exchange: Exchange): Promise<void> => {
    const path = exchange.path.replace(/\/$/, "");
    const [, root, group = "", version] = path.split("/");
    const legacy = root === "api";
    const known = discovery.served.some((one) => one.group === (legacy ? "" : group));
    // Other groups have no handler at all, so that not even the method is looked at.
    if (!legacy && group !== "" && !known) return respondText(exchange, 404, "404 page not found\n");
    // /apis and its groups are not the router's and take any method.
    if (exchange.method !== "GET" && (legacy || version !== undefined)) throw methodNotAllowed();
    const { accept } = exchange.request.headers;
    if (!acceptsAny(accept, mediaTypes)) throw noAcceptableRoute(mediaTypes);
    if (group === "") {
      const form = aggregatedForm(accept, gates);
      if (form) return respondAggregated(exchange, discovery.served, legacy, form);
      return respondDocument(exchange, legacy ? legacyVersions(address()) : groupList(discovery.served));
    }
    const found = legacy
      ? discovery.served.find((one) => one.group === "" && one.version === group)
      : discovery.served.find((one) => one.group === group && one.version === version);
    const document = found ? resourceList(found) : version === undefined && groupOf(discovery.served, group);
    const isCustom = discovery.served.some((one) => one.group === group && one.custom);
    if (!document && isCustom) return respondText(exchange, 404, "404 page not found\n");
    if (!document) throw pathNotFound();
    return respondDocument(exchange, document);
  };
  for (const path of ["/api", "/apis"]) {
    routes.add(path, handle);
    routes.addPrefix(`${path}/`, handle);
  }
}

async function respondDocument(exchange: Exchange, document: object): Promise<void> {
  const { accept } = exchange.request.headers;
  const pretty = isPretty(exchange.query, exchange.userAgent);
  const form = negotiateOutput(accept, pretty, { mediaTypes, transforms: [] });
  const encoder = await encoderOf(form);
  const json = document as JsonObject;
  const struct = loadTables().kind("", "v1", String(json["kind"]));
  return respond(exchange, 200, { contentType: encoder.contentType, content: encoder.encode(json, struct) });
}

async function respondAggregated(
  exchange: Exchange,
  served: readonly ServedGroupVersion[],
  legacy: boolean,
  form: NonNullable<ReturnType<typeof aggregatedForm>>,
): Promise<void> {
  const { document, etag } = aggregatedDiscovery(served, { legacy, version: form.version });
  const quoted = `"${etag}"`;
  exchange.headers["ETag"] = quoted;
  exchange.headers["Vary"] = "Accept";
  exchange.headers["Cache-Control"] = "public";
  if (exchange.request.headers["if-none-match"] === quoted) {
    writeHead(exchange, 304, {});
    finish(exchange);
    return;
  }
  const encoder = await encoderOf({ mediaType: form.mediaType, pretty: false });
  const content = encoder.encode(document as unknown as JsonObject, undefined);
  return respond(exchange, 200, { contentType: form.contentType, content });
}
