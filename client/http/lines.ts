const newline = 10;

/** The lines of a stream that comes in pieces, without their ends; what is not ended is no line. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const last = chunk.subarray(start, end);
      yield pieces.length === 0 ? Buffer.from(last) : Buffer.concat([...pieces, last]);
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
}
