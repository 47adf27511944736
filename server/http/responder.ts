import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import type { StatusError } from "../../api/status.ts";
import type { Body } from "./representation.ts";
import type { Exchange } from "./request-context.ts";

const gzipWhole = promisify(gzip);

/** Source: responsewriters/writers.go: small answers are not worth it, and level 1 compresses nearly as well as more. */
const gzipThreshold = 128 * 1024;
const gzipLevel = 1;

/** Whether the client takes gzip, by upstream's simple reading of the header. */
function acceptsGzip({ request }: Exchange): boolean {
  const header = request.headers["accept-encoding"];
  return typeof header === "string" && header.split(",").some((token) => token.trim() === "gzip");
}

/** Headers that every answer carries, and its warnings. Source: the filters of k8s.io/apiserver's handler chain. */
export function writeHead(exchange: Exchange, code: number, headers: Record<string, string | number>): void {
  const { response, warnings } = exchange;
  if (warnings.size > 0) {
    response.setHeader(
      "Warning",
      [...warnings].map((text) => `299 - ${quoteWarning(text)}`),
    );
  }
  response.writeHead(code, headers);
}

/** A quoted-string; Source: apimachinery/pkg/util/net NewWarningHeader. */
function quoteWarning(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

export async function respond(exchange: Exchange, code: number, body: Body): Promise<void> {
  const { response } = exchange;
  const { content, contentType } = body;
  if (!(content instanceof Uint8Array)) return respondInPieces(exchange, code, contentType, content);
  if (content.length > gzipThreshold && acceptsGzip(exchange)) {
    const packed = await gzipWhole(content, { level: gzipLevel });
    writeHead(exchange, code, {
      "Content-Type": contentType,
      "Content-Encoding": "gzip",
      Vary: "Accept-Encoding",
      "Content-Length": packed.length,
    });
    endWith(exchange, packed);
    return;
  }
  writeHead(exchange, code, { "Content-Type": contentType, "Content-Length": content.length });
  endWith(exchange, content);
  if (!response.writable) response.destroy();
}

function endWith({ method, response }: Exchange, content: Uint8Array): void {
  if (method === "HEAD") response.end();
  else response.end(content);
}

/** A long answer: its beginning decides whether it is long enough to be compressed. */
async function respondInPieces(
  exchange: Exchange,
  code: number,
  contentType: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const start: Uint8Array[] = [];
  let length = 0;
  let next = await iterator.next();
  while (!next.done && length <= gzipThreshold) {
    start.push(next.value);
    length += next.value.length;
    next = await iterator.next();
  }
  if (next.done && length <= gzipThreshold) {
    return respond(exchange, code, { contentType, content: Buffer.concat(start) });
  }
  const all = Readable.from(rejoin(start, next, iterator), { objectMode: false });
  if (exchange.method === "HEAD") {
    writeHead(exchange, code, { "Content-Type": contentType });
    exchange.response.end();
  } else if (acceptsGzip(exchange)) {
    writeHead(exchange, code, {
      "Content-Type": contentType,
      "Content-Encoding": "gzip",
      Vary: "Accept-Encoding",
    });
    await quietly(pipeline(all, createGzip({ level: gzipLevel }), exchange.response));
  } else {
    writeHead(exchange, code, { "Content-Type": contentType });
    await quietly(pipeline(all, exchange.response));
  }
}

async function* rejoin(
  start: readonly Uint8Array[],
  next: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* start;
  for (let item = next; !item.done; item = await rest.next()) yield item.value;
}

/** A client that goes in the middle of an answer is nobody's error. */
async function quietly(sending: Promise<void>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** Plain text, as Go's http.Error writes it. */
export function respondText(
  exchange: Exchange,
  code: number,
  text: string,
  extra: Record<string, string> = {},
): void {
  const content = Buffer.from(text);
  writeHead(exchange, code, {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    ...extra,
    "Content-Length": content.length,
  });
  endWith(exchange, content);
}

/** Headers of an error beyond its Status. */
export function errorHeaders(error: StatusError, response: ServerResponse): void {
  if (error.retryAfterSeconds !== undefined)
    response.setHeader("Retry-After", String(error.retryAfterSeconds));
}
