/** PEM blocks as Go's encoding/pem finds them: whatever is not a block is skipped. */

export interface PemBlock {
  type: string;
  headers: ReadonlyMap<string, string>;
  bytes: Buffer;
}

const begin = "-----BEGIN ";
const end = "-----END ";
const dashes = "-----";

/** All blocks of a text, in order. */
export function decodePem(text: string): PemBlock[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const closes = nextLines(lines, end);
  const opens = nextLines(lines, begin);
  const blocks: PemBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const type = marked(lines[at]!, begin);
    if (type === undefined) continue;
    const close = closes[at]!;
    if (close === lines.length) break;
    // A block that is closed by another name, or after another one has begun, is none.
    if (marked(lines[close]!, end) !== type || opens[at]! < close) continue;
    const block = decodeBody(type, lines.slice(at + 1, close));
    if (!block) continue;
    blocks.push(block);
    at = close;
  }
  return blocks;
}

/** For each line the next one after it that starts so. */
function nextLines(lines: readonly string[], start: string): number[] {
  const found = new Array<number>(lines.length);
  let next = lines.length;
  for (let at = lines.length - 1; at >= 0; at--) {
    found[at] = next;
    if (lines[at]!.startsWith(start)) next = at;
  }
  return found;
}

function marked(line: string, start: string): string | undefined {
  if (!line.startsWith(start) || !line.endsWith(dashes)) return undefined;
  return line.length < start.length + dashes.length ? undefined : line.slice(start.length, -dashes.length);
}

function decodeBody(type: string, lines: readonly string[]): PemBlock | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    const colon = lines[at]!.indexOf(":");
    if (colon < 0) break;
    headers.set(lines[at]!.slice(0, colon).trim(), lines[at]!.slice(colon + 1).trim());
  }
  const base64 = lines.slice(at).join("").replace(/\s/g, "");
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  return { type, headers, bytes: Buffer.from(base64, "base64") };
}
