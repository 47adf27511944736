import type { IncomingMessage } from "node:http";
import { requestEntityTooLarge, StatusError } from "../../api/status.ts";

/**
 * The whole body. Throws 413 beyond limit bytes; rejects when the client goes before it has sent everything.
 * Source: limitedReadBody in k8s.io/apiserver.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limit) return Promise.reject(tooLarge(limit));
  // Without a body there are no events either: see optimizeEmptyRequests in server.ts.
  if (request.readableEnded) return Promise.resolve(new Uint8Array());
  // The client went before anybody looked: there will be no more events.
  if (request.destroyed) return Promise.reject(unexpectedEnd());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        request.pause();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on("error", () => reject(unexpectedEnd()));
  });
}

function unexpectedEnd(): StatusError {
  return new StatusError(400, "BadRequest", "unexpected EOF");
}

function tooLarge(limit: number): StatusError {
  return requestEntityTooLarge(`limit is ${limit}`);
}
