/** GET of /openapi/v2 and /openapi/v3. Source: k8s.io/kube-openapi/pkg/handler and handler3. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Clock } from "../../api/clock.ts";
import { parseAccept } from "./negotiate.ts";
import type { OpenApi, OpenApiDocument, OpenApiForm } from "./openapi.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { finish, writeHead } from "./responder.ts";

const decompress = promisify(gunzip);

/** Subtypes by which a form is asked for, the older ones of protobuf with an @. The last is what the answer says. */
type Forms = Readonly<Record<OpenApiForm, readonly string[]>>;

const formsOf = (version: "v2" | "v3"): Forms => ({
  json: ["json"],
  protobuf: [
    `com.github.proto-openapi.spec.${version}@v1.0+protobuf`,
    `com.github.proto-openapi.spec.${version}.v1.0+protobuf`,
  ],
});
const FORMS_V2 = formsOf("v2");
const FORMS_V3 = formsOf("v3");

export function addOpenApiPaths(routes: PathRoutes, openApi: OpenApi, { clock }: { clock: Clock }): void {
  routes.add("/openapi/v2", (exchange) => serveV2(exchange, openApi));
  routes.add("/openapi/v3", (exchange) => serveV3Index(exchange, openApi));
  routes.addPrefix("/openapi/v3/", (exchange) => serveV3(exchange, openApi, clock), true);
}

async function serveV2(exchange: Exchange, openApi: OpenApi): Promise<void> {
  const form = acceptedForm(exchange, FORMS_V2);
  if (!form) return respondEmpty(exchange, 406, { Vary: "Accept-Encoding, Accept" });
  return respondDocument(exchange, await openApi.v2(form), contentType(FORMS_V2, form));
}

async function serveV3Index(exchange: Exchange, openApi: OpenApi): Promise<void> {
  const entries = [...(await openApi.v3Index())].map(([key, etag]) => [
    key,
    { serverRelativeURL: urlOf(key, etag) },
  ]);
  const content = Buffer.from(JSON.stringify({ paths: Object.fromEntries(entries) }));
  // The aggregator names no type, and Go guesses that it is text.
  writeHead(exchange, 200, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": content.length });
  finish(exchange, content);
}

async function serveV3(exchange: Exchange, openApi: OpenApi, clock: Clock): Promise<void> {
  const key = exchange.path.slice("/openapi/v3/".length);
  const form = acceptedForm(exchange, FORMS_V3);
  const document = await openApi.v3(key, form ?? "json");
  if (!document) return respondEmpty(exchange, 404, {});
  if (!form) return respondEmpty(exchange, 406, { Vary: "Accept" });
  const hash = exchange.query.get("hash");
  const headers = contentType(FORMS_V3, form);
  if (!hash) return respondDocument(exchange, document, headers);
  if (hash !== document.etag) {
    const location = urlOf(key, document.etag);
    return respondEmpty(exchange, 301, {
      ...headers,
      Vary: "Accept",
      ETag: `"${document.etag}"`,
      Location: location,
    });
  }
  // What has its hash in its address never changes.
  const expires = inOneYear(clock);
  return respondDocument(exchange, document, {
    ...headers,
    "Cache-Control": "public, immutable",
    Expires: expires,
  });
}

function urlOf(key: string, etag: string): string {
  return `/openapi/v3/${encodeURI(key)}?hash=${etag}`;
}

/** Go's RFC1123, which says UTC where HTTP says GMT. */
function inOneYear(clock: Clock): string {
  const date = new Date(clock.now());
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toUTCString().replace("GMT", "UTC");
}

/** The first form that the client's first clause with any of them names. */
function acceptedForm(exchange: Exchange, forms: Forms): OpenApiForm | undefined {
  for (const { type, subtype } of parseAccept(exchange.request.headers.accept || "*/*")) {
    if (type !== "application" && type !== "*") continue;
    const form = (["json", "protobuf"] as const).find(
      (one) => subtype === "*" || forms[one].includes(subtype),
    );
    if (form) return form;
  }
  return undefined;
}

function contentType(forms: Forms, form: OpenApiForm): { "Content-Type": string } {
  return { "Content-Type": `application/${forms[form].at(-1)}` };
}

function respondEmpty(exchange: Exchange, code: number, headers: Record<string, string>): void {
  writeHead(exchange, code, { ...headers, "Content-Length": 0 });
  finish(exchange);
}

async function respondDocument(
  exchange: Exchange,
  { etag, content }: OpenApiDocument,
  headers: Record<string, string>,
): Promise<void> {
  const tag = `"${etag}"`;
  const always = { ...headers, ETag: tag, Vary: "Accept-Encoding, Accept" };
  if (exchange.request.headers["if-none-match"]?.split(/,\s*/).includes(tag)) {
    writeHead(exchange, 304, { ETag: tag, Vary: always.Vary });
    finish(exchange);
    return;
  }
  const packed = /\bgzip\b/.test(exchange.request.headers["accept-encoding"]?.toString() ?? "");
  const bytes = packed ? content : await decompress(content);
  writeHead(exchange, 200, {
    ...always,
    ...(packed ? { "Content-Encoding": "gzip" } : {}),
    "Content-Length": bytes.length,
  });
  finish(exchange, bytes);
}
