import type { Exchange } from "./request-context.ts";
import { drained } from "./responder.ts";

interface Chunk {
  frames: readonly Uint8Array[];
  bytes: Uint8Array;
}

/** Different watches and versions are written in turns; more than a few do not come between two writes of one batch. */
const rememberedChunks = 8;

const lineEnd = Buffer.from("\r\n");

/**
 * Frames of one batch joined to one chunk as HTTP/1.1 has it, made once for all watchers that get the same frames one
 * after the other.
 */
export class ChunkCache {
  #recent: Chunk[] = [];

  of(frames: readonly Uint8Array[]): Uint8Array {
    const known = this.#recent.find((chunk) => sameFrames(chunk.frames, frames));
    if (known) return known.bytes;
    let length = 0;
    for (const frame of frames) length += frame.length;
    const head = Buffer.from(`${length.toString(16)}\r\n`);
    const bytes = Buffer.concat([head, ...frames, lineEnd], head.length + length + lineEnd.length);
    this.#recent = [{ frames, bytes }, ...this.#recent.slice(0, rememberedChunks - 1)];
    return bytes;
  }
}

function sameFrames(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((frame, i) => frame === other[i]);
}

/** Writes the frames of one watch. */
export interface FrameWriter {
  /** Resolves when the client has read enough to be sent more; undefined: it may be sent more at once. */
  write(frames: readonly Uint8Array[]): Promise<void> | undefined;
  end(): void;
}

/** More than this is not kept back for the end of the turn. */
const longestWait = 256 * 1024;

/**
 * Writes the frames of one watch behind the head of its answer, those of one turn at once. Where the answer is chunked,
 * its chunks go to the socket as they are: the response would frame and copy them anew for every watcher.
 */
export class WatchWriter implements FrameWriter {
  readonly #exchange: Exchange;
  readonly #chunks: ChunkCache;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(exchange: Exchange, chunks: ChunkCache) {
    this.#exchange = exchange;
    this.#chunks = chunks;
  }

  write(frames: readonly Uint8Array[]): Promise<void> | undefined {
    if (frames.length === 0) return undefined;
    const { endOfTurn, response } = this.#exchange;
    if (this.#waiting.length === 0) endOfTurn.addEvents(() => this.flush());
    for (const frame of frames) {
      this.#waiting.push(frame);
      this.#waitingBytes += frame.length;
    }
    if (this.#waitingBytes > longestWait) this.flush();
    const stream = response.socket ?? response;
    return stream.writableNeedDrain ? drained(stream) : undefined;
  }

  end(): void {
    this.flush();
    this.#exchange.response.end();
  }

  /** Writes what has been kept back. */
  flush(): void {
    const frames = this.#waiting;
    if (frames.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const { request, response } = this.#exchange;
    const { socket } = response;
    // Without a socket, the answer waits for an earlier one on the same connection.
    if (request.httpVersion === "1.1" && socket !== null) socket.write(this.#chunks.of(frames));
    else response.write(Buffer.concat(frames));
  }
}
