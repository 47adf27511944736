import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import type { StatusError } from "../../api/status.ts";
import { AccessError } from "../auth/forbidden.ts";
import type { Body } from "./representation.ts";
import type { Exchange } from "./request-context.ts";
import { warningHeaders } from "./warning-headers.ts";

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
  if (warnings.size > 0) exchange.headers["Warning"] = warningHeaders(warnings);
  // All at once: headers that are set one by one are each checked and kept twice.
  response.writeHead(code, Object.assign(exchange.headers, headers));
}

/** A promise where there is something to compress or to send piece by piece. */
export function respond(exchange: Exchange, code: number, body: Body): Promise<void> | undefined {
  const { content, contentType } = body;
  if (!(content instanceof Uint8Array)) return respondInPieces(exchange, code, body, content);
  if (content.length > gzipThreshold && acceptsGzip(exchange)) {
    return respondPacked(exchange, code, contentType, content);
  }
  writeHead(exchange, code, { "Content-Type": contentType, "Content-Length": content.length });
  finish(exchange, content);
  return undefined;
}

async function respondPacked(
  exchange: Exchange,
  code: number,
  contentType: string,
  content: Uint8Array,
): Promise<void> {
  const packed = await gzipWhole(content, { level: gzipLevel });
  writeHead(exchange, code, {
    "Content-Type": contentType,
    "Content-Encoding": "gzip",
    Vary: "Accept-Encoding",
    "Content-Length": packed.length,
  });
  finish(exchange, packed);
}

/** 204: nothing to say. */
export function respondEmpty(exchange: Exchange): void {
  writeHead(exchange, 204, {});
  finish(exchange);
}

/** Ends an answer whose head is there, with its whole content; of HEAD's nothing is sent. */
export function finish({ method, response, endOfTurn }: Exchange, content?: Uint8Array): void {
  endOfTurn.add(() => response.end(method === "HEAD" ? undefined : content));
}

/** A long answer: its length, or else its beginning, decides whether it is long enough to be compressed. */
async function respondInPieces(
  exchange: Exchange,
  code: number,
  { contentType, length, gzip: packed, recycle }: Body,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { method } = exchange;
  const takesGzip = acceptsGzip(exchange);
  if (length !== undefined && (length <= gzipThreshold || !takesGzip)) {
    writeHead(exchange, code, { "Content-Type": contentType, "Content-Length": length });
    return method === "HEAD" ? finish(exchange) : sendPieces(exchange, pieces, recycle);
  }
  const begun = await beginning(pieces);
  if (begun.whole) return respond(exchange, code, { contentType, content: begun.whole });
  const headers: Record<string, string> = { "Content-Type": contentType };
  if (takesGzip) Object.assign(headers, { "Content-Encoding": "gzip", Vary: "Accept-Encoding" });
  writeHead(exchange, code, headers);
  if (method === "HEAD") finish(exchange);
  else if (!takesGzip) await sendPieces(exchange, begun.all, recycle);
  else await sendPieces(exchange, packed ? packed() : compressed(begun.all));
}

/** Reads as far as the gzip threshold: the whole where it ends before that, otherwise all pieces again. */
async function beginning(
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ whole?: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const start: Uint8Array[] = [];
  let length = 0;
  let next = await iterator.next();
  while (!next.done && length <= gzipThreshold) {
    start.push(next.value);
    length += next.value.length;
    next = await iterator.next();
  }
  const all = rejoin(start, next, iterator);
  return next.done && length <= gzipThreshold ? { whole: Buffer.concat(start), all } : { all };
}

async function* rejoin(
  start: readonly Uint8Array[],
  next: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* start;
  for (let item = next; !item.done; item = await rest.next()) yield item.value;
}

function compressed(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return Readable.from(pieces, { objectMode: false }).pipe(createGzip({ level: gzipLevel }));
}

/** Sends as fast as the client reads. One that goes in the middle of an answer is nobody's error. */
async function sendPieces(
  { response }: Exchange,
  pieces: AsyncIterable<Uint8Array>,
  recycle?: (piece: Uint8Array) => void,
): Promise<void> {
  for await (const piece of pieces) {
    // What failed to be written may still be on its way.
    const sent = (error?: Error | null) => {
      if (!error) recycle?.(piece);
    };
    if (!response.write(piece, sent)) await drained(response);
    if (response.destroyed) return;
  }
  response.end();
}

/** Resolves when the client has read what was written to it, or is gone. */
export function drained(stream: ServerResponse | Socket): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
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
  finish(exchange, content);
}

/** Headers of an error beyond its Status. */
export function errorHeaders(error: StatusError, { headers }: Exchange): void {
  if (error.retryAfterSeconds !== undefined) headers["Retry-After"] = String(error.retryAfterSeconds);
  if (error instanceof AccessError) headers["X-Content-Type-Options"] = "nosniff";
}
