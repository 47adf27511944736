/** A server under comparison and how to speak to it: no client library, so that nothing is smoothed over. */

import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { gunzipSync } from "node:zlib";

export interface Target {
  readonly name: string;
  readonly url: string;
  /** PEM; only for https. */
  readonly ca?: string;
  readonly token: string;
}

export interface WireRequest {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
}

const ANSWER_TIMEOUT_MS = 70_000;

export class Connection {
  readonly target: Target;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #open: (
    path: string,
    options: object,
    onAnswer: (answer: IncomingMessage) => void,
  ) => ClientRequest;

  constructor(target: Target) {
    this.target = target;
    const url = new URL(target.url);
    const secure = url.protocol === "https:";
    // Watches hold their socket, so there is no limit.
    this.#agent = secure
      ? new HttpsAgent({ keepAlive: true, ca: target.ca })
      : new HttpAgent({ keepAlive: true });
    const base = { host: url.hostname, port: url.port, agent: this.#agent, setHost: true };
    this.#open = (path, options, onAnswer) =>
      (secure ? httpsRequest : httpRequest)({ ...base, path, ...options }, onAnswer);
  }

  /** Sends a request; resolves with the answer's head, its body still to be read. */
  head(request: WireRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | string[]> = {};
      for (const [name, value] of Object.entries(request.headers)) {
        headers[name] = typeof value === "string" ? value : [...value];
      }
      if (request.body !== undefined && !("content-length" in headers) && !("transfer-encoding" in headers)) {
        headers["content-length"] = String(request.body.length);
      }
      const sent = this.#open(request.path, { method: request.method, headers }, resolve);
      sent.setTimeout(ANSWER_TIMEOUT_MS, () => sent.destroy(new Error("no answer in time")));
      sent.on("error", reject);
      sent.end(request.body);
    });
  }

  async send(request: WireRequest): Promise<WireAnswer> {
    const answer = await this.head(request);
    const body = await readAll(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headersDistinct as WireAnswer["headers"], body };
  }

  close(): void {
    this.#agent.destroy();
  }
}

export async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return answer.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}
