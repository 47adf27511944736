/**
 * Go orders strings by their UTF-8 bytes, JavaScript by UTF-16 units. They differ only where surrogates meet
 * characters from U+E000 up.
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const surrogate = /[\ud800-\udfff]/;
