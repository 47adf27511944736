import { request as httpRequest, type RequestOptions } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { Clock, Random } from "../../api/clock.ts";
import { goQuote } from "../../api/go-format.ts";
import { formatDuration } from "../../api/time.ts";
import { unexpectedAnswer } from "../../api/unexpected-answer.ts";

/** Where a webhook is and who asks it, as a kubeconfig says. PEM texts. */
export interface WebhookTarget {
  url: string;
  ca?: string;
  serverName?: string;
  insecure?: boolean;
  cert?: string;
  key?: string;
  /** "Bearer …" or "Basic …" */
  authorization?: string;
  /** Milliseconds that an answer may take; default 30 seconds. */
  timeout?: number;
}

/** A webhook did not answer as it should. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  /** Another attempt may succeed. */
  readonly transient: boolean;

  constructor(message: string, transient: boolean) {
    super(message);
    this.transient = transient;
  }
}

const defaultTimeout = 30_000;
/** Source: DefaultAuthWebhookRetryBackoff. */
const backoff = { attempts: 5, first: 500, factor: 1.5, jitter: 0.2 };
const longestAnswer = 4 << 20;

/** Posts JSON to a webhook, again where that may help. Source: k8s.io/apiserver/pkg/util/webhook. */
export class WebhookClient {
  readonly #target: WebhookTarget;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #agent: Agent | undefined;

  constructor(target: WebhookTarget, clock: Clock, random: Random) {
    const { url, ca, serverName, insecure = false, cert, key } = target;
    this.#target = target;
    this.#clock = clock;
    this.#random = random;
    if (!url.startsWith("https:")) return;
    this.#agent = new Agent({
      keepAlive: true,
      rejectUnauthorized: !insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    });
  }

  /** The answer's JSON. @throws WebhookError */
  async post(body: object): Promise<unknown> {
    let delay = backoff.first;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(`${JSON.stringify(body)}\n`);
      } catch (error) {
        if (!(error instanceof WebhookError) || !error.transient || attempt === backoff.attempts) throw error;
      }
      await this.#sleep(delay * (1 + backoff.jitter * this.#random.next()));
      delay *= backoff.factor;
    }
  }

  #attempt(body: string): Promise<unknown> {
    const { authorization, timeout = defaultTimeout } = this.#target;
    const url = new URL(this.#target.url);
    url.searchParams.set("timeout", formatDuration(BigInt(timeout) * 1_000_000n));
    const options: RequestOptions = {
      method: "POST",
      headers: {
        accept: "application/json, */*",
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(this.#agent ? { agent: this.#agent } : {}),
    };
    return new Promise((resolve, reject) => {
      const fail = (problem: string, transient: boolean) =>
        reject(new WebhookError(`Post ${goQuote(url.href)}: ${problem}`, transient));
      const sent = (this.#agent ? httpsRequest : httpRequest)(url, options, (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > longestAnswer) sent.destroy(new Error("http: response body too large"));
        });
        answer.on("error", (error) => fail(error.message, false));
        answer.on("end", () => {
          try {
            resolve(readAnswer(answer.statusCode ?? 0, Buffer.concat(chunks).toString("utf8")));
          } catch (error) {
            reject(error);
          }
        });
      });
      const late = () => sent.destroy(new Error("context deadline exceeded"));
      const cancel = this.#clock.setTimer(timeout, late);
      sent.on("close", cancel);
      sent.on("error", (error: NodeJS.ErrnoException) => {
        fail(goNetworkText(error, url), error.code === "ECONNRESET");
      });
      sent.end(body);
    });
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimer(milliseconds, resolve));
  }
}

/** What Go's client says of the same. */
export function goNetworkText(
  { code, message }: NodeJS.ErrnoException,
  { hostname, port, protocol }: URL,
): string {
  if (code !== "ECONNREFUSED") return message;
  return `dial tcp ${hostname}:${port || (protocol === "https:" ? 443 : 80)}: connect: connection refused`;
}

function readAnswer(status: number, text: string): unknown {
  if (status < 200 || status > 299) {
    const transient = status === 429 || status === 500 || status === 504;
    throw new WebhookError(unexpectedAnswer(status, "POST", text)[1], transient);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WebhookError((error as Error).message, false);
  }
}
