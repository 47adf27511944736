import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Clock } from "../../api/clock.ts";
import { parseJson, stringifyJson } from "../../api/json.ts";
import type { JsonValue } from "../../api/object.ts";
import { type Status, StatusError, statusErrorOf } from "../../api/status.ts";
import { unexpectedAnswer } from "../../api/unexpected-answer.ts";
import { pause } from "../pause.ts";
import type { CredentialSource } from "./credentials.ts";
import type { Credentials, ServerAccess } from "./server-access.ts";

export interface TransportOptions {
  access: ServerAccess;
  credentials: CredentialSource;
  clock: Clock;
  userAgent: string;
  /** How long an answer may take, in milliseconds; of a stream: its beginning. */
  timeout: number;
}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's url, with the query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, of the type application/json where headers say nothing. */
  body?: unknown;
  signal?: AbortSignal;
}

/** How often the same is asked again, and after how many seconds where the server does not say. Source: client-go/rest. */
const longestTry = 10;
const retrySeconds = 1;

const never = new AbortController().signal;

/** Requests to one server, over connections that are kept. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #base: URL;
  #agent: { of: Credentials; agent: HttpAgent } | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#base = new URL(options.access.url);
  }

  /** @throws StatusError, or the error of the connection */
  async json(request: HttpRequest): Promise<JsonValue> {
    return (await this.conditionalJson(request))!.value;
  }

  /** undefined: it has not changed. */
  async conditionalJson(request: HttpRequest): Promise<{ value: JsonValue; etag: string } | undefined> {
    const answer = await this.#persistently(request, (one) => this.#whole(one));
    if (answer.status === 304) return undefined;
    return { value: parseJson(answer.body).value, etag: answer.etag };
  }

  /** The answer's body, as it comes. */
  stream(request: HttpRequest): Promise<IncomingMessage> {
    return this.#persistently(request, (one) => this.#begin(one));
  }

  /** Lets go of the connections. */
  close(): void {
    this.#agent?.agent.destroy();
  }

  /** Again where the server asks for it, and reads also where the connection was lost. */
  async #persistently<T>(request: HttpRequest, attempt: (request: HttpRequest) => Promise<T>): Promise<T> {
    const { clock, credentials } = this.#options;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(request);
      } catch (error) {
        const { signal = never, method } = request;
        if (error instanceof StatusError && error.code === 401) credentials.refused?.();
        const seconds = retryAfter(error) ?? (method === "GET" && isLost(error) ? retrySeconds : undefined);
        if (seconds === undefined || tries === longestTry || signal.aborted) throw error;
        await pause(clock, seconds * 1000, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  async #whole(request: HttpRequest): Promise<{ status: number; etag: string; body: Buffer }> {
    const { clock, timeout } = this.#options;
    const late = new AbortController();
    const cancel = clock.setTimer(timeout, () => late.abort());
    const signal = request.signal ? AbortSignal.any([request.signal, late.signal]) : late.signal;
    try {
      const answer = await this.#begin({ ...request, signal });
      const body = await bodyOf(answer);
      return { status: answer.statusCode ?? 0, etag: answer.headers.etag ?? "", body };
    } catch (error) {
      throw late.signal.aborted ? new Error(`${request.method} ${request.path}: no answer in time`) : error;
    } finally {
      cancel();
    }
  }

  /** Resolves at the head of an answer that is none of failure. */
  async #begin(request: HttpRequest): Promise<IncomingMessage> {
    const credentials = await this.#options.credentials.get();
    const answer = await this.#send(request, credentials);
    const status = answer.statusCode ?? 0;
    if ((status >= 200 && status < 300) || status === 304) return answer;
    throw failureOf(request, answer, await bodyOf(answer));
  }

  #send(
    { method, path, headers, body, signal }: HttpRequest,
    credentials: Credentials,
  ): Promise<IncomingMessage> {
    const { authorization } = credentials;
    const { protocol, pathname } = this.#base;
    const text = body === undefined ? undefined : Buffer.from(stringifyJson(body));
    const options = {
      method,
      path: pathname.replace(/\/$/, "") + path,
      headers: {
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        ...(text ? { "content-type": "application/json", "content-length": text.length } : {}),
        ...(authorization === undefined ? {} : { authorization }),
        ...headers,
      },
      agent: this.#agentFor(credentials),
      ...(signal ? { signal } : {}),
    };
    return new Promise((resolve, reject) => {
      const request = protocol === "https:" ? httpsRequest : httpRequest;
      const sent = request(this.#base, options, resolve);
      sent.on("error", reject);
      sent.end(text);
    });
  }

  /** Another certificate needs other connections. */
  #agentFor(credentials: Credentials): HttpAgent {
    const { cert, key } = credentials;
    if (this.#agent && this.#agent.of.cert === cert && this.#agent.of.key === key) return this.#agent.agent;
    this.#agent?.agent.destroy();
    const agent = this.#newAgent(credentials);
    this.#agent = { of: credentials, agent };
    return agent;
  }

  #newAgent({ cert, key }: Credentials): HttpAgent {
    if (this.#base.protocol !== "https:") return new HttpAgent({ keepAlive: true });
    const { ca, serverName, insecure = false } = this.#options.access;
    return new HttpsAgent({
      keepAlive: true,
      rejectUnauthorized: !insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    });
  }
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A Status, or what is known without one. Source: NewGenericServerResponse. */
function failureOf({ method }: HttpRequest, answer: IncomingMessage, body: Buffer): StatusError {
  const code = answer.statusCode ?? 0;
  const retryAfterSeconds = Number(answer.headers["retry-after"]) || 0;
  const status = statusIn(body);
  if (status) {
    const details = retryAfterSeconds > 0 ? { retryAfterSeconds, ...status.details } : status.details;
    return statusErrorOf({ ...status, code: status.code ?? code, ...(details ? { details } : {}) });
  }
  const [reason, message] = unexpectedAnswer(code, method, body.toString("utf8"));
  return new StatusError(code, reason, message, { retryAfterSeconds });
}

function statusIn(body: Buffer): Status | undefined {
  try {
    const value = parseJson(body).value as unknown as Partial<Status> | null;
    if (value?.kind !== "Status") return undefined;
    return { ...value, metadata: value.metadata ?? {} } as Status;
  } catch {
    return undefined;
  }
}

/** In seconds; undefined: the server does not ask to be asked again. Source: checkWait. */
function retryAfter(error: unknown): number | undefined {
  if (!(error instanceof StatusError)) return undefined;
  return error.code === 429 || error.code >= 500 ? error.retryAfterSeconds : undefined;
}

/** The connection was good, and ended. */
function isLost(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "EPIPE";
}
