/** Standard base64 as Go's encoding/base64 decodes it: line breaks are skipped, anything else must be right. */

const alphabet = /[A-Za-z0-9+/]/;

/** The bytes, or the place of the first byte that is wrong, as in "illegal base64 data at input byte 4". */
export function decodeBase64(text: string): Buffer | number {
  const bytes = Buffer.from(text);
  const problem = findProblem(bytes);
  return problem === undefined ? Buffer.from(text.replace(/[\r\n]/g, ""), "base64") : problem;
}

const isBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;
const padding = 0x3d;

function findProblem(bytes: Uint8Array): number | undefined {
  let place = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (isBreak(byte)) continue;
    if (byte === padding) return findPaddingProblem(bytes, at, place);
    if (!alphabet.test(String.fromCharCode(byte))) return at;
    place = (place + 1) % 4;
  }
  return place === 0 ? undefined : bytes.length - place;
}

/** @param place of the padding in its group of four */
function findPaddingProblem(bytes: Uint8Array, first: number, place: number): number | undefined {
  if (place < 2) return first;
  let at = first + 1;
  if (place === 2) {
    while (isBreak(bytes[at])) at++;
    if (at === bytes.length) return bytes.length;
    if (bytes[at] !== padding) return at - 1;
    at++;
  }
  while (isBreak(bytes[at])) at++;
  return at < bytes.length ? at : undefined;
}
