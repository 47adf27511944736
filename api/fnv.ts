/** Hashes of Go's hash/fnv, of 32 bits. https://en.wikipedia.org/wiki/Fowler–Noll–Vo_hash_function */
const offset = 0x811c9dc5;
const prime = 0x01000193;

export function fnv32(bytes: Uint8Array): number {
  let hash = offset;
  for (const byte of bytes) hash = Math.imul(hash, prime) ^ byte;
  return hash >>> 0;
}

export function fnv32a(bytes: Uint8Array): number {
  let hash = offset;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime);
  return hash >>> 0;
}
