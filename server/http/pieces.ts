/** Pieces of long answers: each is one write, and no list is ever one string. */
export const pieceSize = 128 * 1024;

/** Room for the item that goes beyond pieceSize. */
const bufferSize = pieceSize + 64 * 1024;
const keptBuffers = 8;

/**
 * The buffers of pieces, used again when they have been sent: fresh memory for every piece would cost a list more than
 * the copying, because the system has to clear it and the processor does not have it at hand.
 */
export class PieceBuffers {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
  }

  /** Takes back the buffer of a piece that nobody reads any more. */
  give({ buffer }: Uint8Array): void {
    if (buffer.byteLength === bufferSize && this.#free.length < keptBuffers)
      this.#free.push(Buffer.from(buffer as ArrayBuffer));
  }
}

const noBuffer = Buffer.alloc(0);

/** Collects parts into pieces. */
export class PieceJoiner {
  readonly #buffers: PieceBuffers;
  #buffer: Buffer = noBuffer;
  #length = 0;

  constructor(buffers: PieceBuffers) {
    this.#buffers = buffers;
  }

  get isFull(): boolean {
    return this.#length >= pieceSize;
  }

  add(part: Uint8Array): void {
    const end = this.#length + part.length;
    if (end > this.#buffer.length) this.#grow(end);
    this.#buffer.set(part, this.#length);
    this.#length = end;
  }

  /** What has been collected. */
  take(): Uint8Array {
    const piece = this.#buffer.subarray(0, this.#length);
    this.#buffer = noBuffer;
    this.#length = 0;
    return piece;
  }

  #grow(length: number): void {
    const larger = length > bufferSize ? Buffer.allocUnsafeSlow(2 * length) : this.#buffers.take();
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffers.give(this.#buffer);
    this.#buffer = larger;
  }
}
