import { type IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Clock, Random } from "../../api/clock.ts";
import { goQuote } from "../../api/go-format.ts";
import { internalError, StatusError, unauthorized } from "../../api/status.ts";
import { type AuthenticationResult, type Authenticator, authenticate } from "../auth/authenticator.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import { AuthorizationFailure, requireAllowed, sanitized } from "../auth/forbidden.ts";
import { Impersonation, mentionsUser, wantedUser } from "../auth/impersonation.ts";
import { resourceAttributes } from "../auth/resource-attributes.ts";
import { anonymousUser, type UserInfo } from "../auth/user.ts";
import { type Authorities, asksForWebSocket, CredentialReader } from "./credentials.ts";
import { EndOfTurn } from "./end-of-turn.ts";
import type { FlowClassifier } from "./flow-control.ts";
import { InFlightLimit, isLongRunning, requestKind } from "./in-flight.ts";
import type { RequestMetrics } from "./metrics.ts";
import type { PathRoutes } from "./path-routes.ts";
import { Pipelining } from "./pipelining.ts";
import { refuse } from "./refusal.ts";
import type { Exchange } from "./request-context.ts";
import { type RequestInfo, requestInfo } from "./request-info.ts";
import { type ResourceHandler, respondError } from "./resource-handler.ts";
import { respondText } from "./responder.ts";

export interface HttpServerOptions {
  tls: { key: string; cert: string };
  authorities: Authorities;
  authenticators: readonly Authenticator[];
  /** Whether requests without credentials for a path are answered. */
  isAnonymous(path: string): boolean;
  authorizer: Authorizer;
  /** Impersonation that asks for no more rights than it needs (KEP-5284). */
  constrainedImpersonation: boolean;
  maxRequestsInFlight: number;
  maxMutatingRequestsInFlight: number;
  resources: ResourceHandler;
  paths: PathRoutes;
  flows: FlowClassifier;
  metrics: RequestMetrics;
  clock: Clock;
  random: Random;
  /** Told of errors that are bugs: what the client sees is a 500. */
  onUnexpectedError(error: unknown): void;
}

/**
 * Upstream keeps idle connections for 90 s, allows 1 MiB of headers, and waits 32 s for a handshake and for headers;
 * Node's defaults break Go clients. For a body upstream waits as long as it is not too large; here it has the minute
 * that upstream gives to requests. Sources: secure_serving.go and config.go of k8s.io/apiserver/pkg/server.
 */
const limits = {
  keepAliveTimeout: 90_000,
  headersTimeout: 32_000,
  handshakeTimeout: 32_000,
  requestTimeout: 60_000,
  // Go's reader has that much to spare.
  maxHeaderSize: (1 << 20) + 4096,
};

/** How often it is looked for connections that take longer than the limits allow. */
const checkingMilliseconds = 1_000;

/**
 * As Go's server prefers them on processors that have AES: OpenSSL would take AES-256 first, which costs the sending of
 * a watch event a tenth more. Source: crypto/tls, cipher_suites.go.
 */
const ciphers = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  ...["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-SHA", "AES256-SHA"].flatMap(
    (cipher) => [`ECDHE-ECDSA-${cipher}`, `ECDHE-RSA-${cipher}`],
  ),
].join(":");

const tooManyRequests = "Too many requests, please try again later.\n";

/** The HTTPS door: who is it, may they, and who answers. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #credentials: CredentialReader;
  /** Connections that Node's server has given up. */
  readonly #upgraded = new Set<Socket>();
  readonly #inFlight: InFlightLimit;
  readonly #endOfTurn: EndOfTurn;
  readonly #pipelining = new Pipelining();
  readonly #impersonation: Impersonation;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#endOfTurn = new EndOfTurn(options.clock, options.onUnexpectedError);
    this.#impersonation = new Impersonation(options.authorizer, options.constrainedImpersonation);
    this.#inFlight = new InFlightLimit(options.maxRequestsInFlight, options.maxMutatingRequestsInFlight);
    const { key, cert } = options.tls;
    const { clients, proxies = "" } = options.authorities;
    this.#credentials = new CredentialReader(options.authorities);
    this.#server = createServer(
      {
        key,
        cert,
        ca: `${clients}\n${proxies}`,
        requestCert: true,
        // Who shows no certificate, or a wrong one, is answered 401 or as anonymous, not cut off.
        rejectUnauthorized: false,
        minVersion: "TLSv1.2",
        ciphers,
        ...limits,
        connectionsCheckingInterval: checkingMilliseconds,
        noDelay: true,
        // Requests without a body have ended before they are seen: saves their stream's events.
        optimizeEmptyRequests: true,
        shouldUpgradeCallback: ({ headers }) => asksForWebSocket(headers),
      },
      // Requests that arrive together go through each step together, while the processor has its code at hand.
      (request, response) =>
        this.#pipelining.serve(request, response, () =>
          this.#endOfTurn.add(() => void this.#serve(request, response)),
        ),
    );
    this.#server.on("upgrade", (request, socket: Socket, head) => this.#serveUpgrade(request, socket, head));
    // Their size is bounded.
    this.#server.maxHeadersCount = 0;
    this.#server.on("clientError", refuse);
  }

  /** Resolves to the port. Rejects with the system's error (EADDRINUSE, EACCES, …). */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, address, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections; ends when the last request has, or drops what is left when signal aborts. */
  close(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const drop = () => {
        this.#server.closeAllConnections();
        for (const socket of this.#upgraded) socket.destroy();
      };
      signal.addEventListener("abort", drop, { once: true });
      this.#server.close(() => {
        signal.removeEventListener("abort", drop);
        resolve();
      });
      this.#server.closeIdleConnections();
      if (signal.aborted) drop();
    });
  }

  /** What may become a WebSocket: until a watch makes it one, it is a request as any other, and its connection's last. */
  #serveUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.unshift(head);
    this.#upgraded.add(socket);
    socket.on("close", () => this.#upgraded.delete(socket));
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on("finish", () => socket.end());
    void this.#serve(request, response);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new HttpExchange(
      request,
      response,
      auditId(request, this.#options.random),
      this.#endOfTurn,
    );
    let end: (() => void) | undefined;
    try {
      if (exchange.path === "") return refuse({}, request.socket);
      const user = this.#authenticate(exchange);
      exchange.user = user instanceof Promise ? await user : user;
      const info = requestInfo(exchange.method, exchange.path, exchange.query);
      if (mentionsUser(request.headers)) exchange.user = await this.#impersonate(exchange, info);
      this.#options.flows.setHeaders(exchange, info);
      end = this.#begin(exchange, info);
      if (end) await this.#dispatch(exchange, info);
      else respondText(exchange, 429, tooManyRequests, { "Retry-After": "1" });
    } catch (error) {
      await this.#fail(exchange, error);
    } finally {
      end?.();
    }
  }

  async #fail(exchange: Exchange, error: unknown): Promise<void> {
    const { response } = exchange;
    if (response.destroyed) return;
    if (response.headersSent) {
      // Too late for a Status: the client sees a broken answer, not a complete one.
      if (!(error instanceof StatusError)) this.#options.onUnexpectedError(error);
      response.destroy();
      return;
    }
    if (error instanceof AuthorizationFailure) {
      const text = `Internal Server Error: ${goQuote(exchange.request.url ?? "")}: ${error.message}`;
      return respondText(exchange, 500, `${sanitized(text)}\n`);
    }
    if (!(error instanceof StatusError)) this.#options.onUnexpectedError(error);
    const known = error instanceof StatusError ? error : internalError(String(error));
    try {
      await respondError(exchange, known);
    } catch (second) {
      this.#options.onUnexpectedError(second);
      response.destroy();
    }
  }

  /** Counts a request that begins; the result counts its end. undefined where there are too many. */
  #begin({ response }: Exchange, info: RequestInfo): (() => void) | undefined {
    const longRunning = isLongRunning(info.verb, info.subresource);
    const leave = longRunning ? () => {} : this.#inFlight.begin(requestKind(info.verb));
    if (!leave) return undefined;
    const observe = this.#options.metrics.begin(info, longRunning);
    return () => {
      leave();
      observe(response.statusCode);
    };
  }

  #dispatch(exchange: Exchange, info: RequestInfo): Promise<void> {
    return info.isResource
      ? this.#options.resources.handle(exchange, info)
      : this.#answerPath(exchange, info);
  }

  async #answerPath(exchange: Exchange, info: RequestInfo): Promise<void> {
    const attributes = { user: exchange.user, verb: info.verb, path: exchange.path };
    requireAllowed(attributes, await this.#options.authorizer.authorize(attributes));
    const handler = this.#options.paths.find(exchange.path);
    if (!handler) return respondText(exchange, 404, "404 page not found\n");
    await handler(exchange);
  }

  #authenticate(exchange: Exchange): UserInfo | Promise<UserInfo> {
    const { request, warnings } = exchange;
    const credentials = this.#credentials.read(request, (message) => warnings.add(message));
    const result = authenticate(this.#options.authenticators, credentials);
    return result instanceof Promise
      ? result.then((known) => this.#userOf(known, exchange))
      : this.#userOf(result, exchange);
  }

  #userOf(result: AuthenticationResult, { warnings, path }: Exchange): UserInfo {
    if (result && "user" in result) {
      for (const warning of result.warnings ?? []) warnings.add(warning);
      return result.user;
    }
    if (result || !this.#options.isAnonymous(path)) throw unauthorized();
    return anonymousUser;
  }

  /** The user whom the request wants to be, if any. */
  async #impersonate({ request, user, path, query }: Exchange, info: RequestInfo): Promise<UserInfo> {
    const wanted = wantedUser(request.headersDistinct);
    if (!wanted) return user;
    const attributes = info.isResource
      ? resourceAttributes(user, info, info.prefixVerb === "" ? query : undefined)
      : { user, verb: info.verb, path };
    return this.#impersonation.userFor(wanted, attributes);
  }
}

/** An id that the client chose is kept. Source: filters/audit_init.go. */
function auditId(request: IncomingMessage, random: Random): string {
  const asked = request.headers["audit-id"];
  return typeof asked === "string" && asked !== "" ? asked : random.uuid();
}

/** A class, because an object literal with a getter costs more than all its other fields together. */
class HttpExchange implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  readonly headers: Exchange["headers"];
  readonly warnings = new Set<string>();
  readonly endOfTurn: EndOfTurn;
  user = anonymousUser;
  #abort: AbortController | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, auditId: string, endOfTurn: EndOfTurn) {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    this.request = request;
    this.response = response;
    // Of a connection that stays open HTTP/1.1 says nothing, nor does Go's server.
    if (response.shouldKeepAlive && request.httpVersionMinor === 1) response.removeHeader("Connection");
    this.endOfTurn = endOfTurn;
    this.method = request.method ?? "GET";
    this.path = decodePath(mark < 0 ? url : url.slice(0, mark));
    this.query = mark < 0 ? noQuery : parseQuery(url.slice(mark + 1));
    this.userAgent = request.headers["user-agent"] ?? "";
    this.headers = { "Audit-Id": auditId, "Cache-Control": "no-cache, private" };
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController();
      this.#abort = abort;
      this.response.once("close", () => abort.abort());
      if (this.response.destroyed) abort.abort();
    }
    return this.#abort.signal;
  }
}

/** Most requests have none, and to make one costs two microseconds; nobody changes a query. */
const noQuery = new URLSearchParams();

/** With more, Go takes none. Source: net/url, defaultMaxParams. */
const maxParameters = 10_000;

/** A parameter that cannot be decoded, or has a semicolon in it, is left out, as Go leaves it out. */
function parseQuery(text: string): URLSearchParams {
  if (text.length > maxParameters && text.split("&").length > maxParameters) return noQuery;
  if (!/%(?![0-9A-Fa-f]{2})|;/.test(text)) return new URLSearchParams(text);
  const fine = text.split("&").filter((pair) => !/%(?![0-9A-Fa-f]{2})|;/.test(pair));
  return new URLSearchParams(fine.join("&"));
}

/** "" for a path that cannot be decoded. */
function decodePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
