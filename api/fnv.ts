/** Hashes of Go's hash/fnv, of 32 and 128 bits. https://en.wikipedia.org/wiki/Fowler–Noll–Vo_hash_function */
const offset = 0x811c9dc5;
const prime = 0x01000193;
const offset128 = 0x6c62272e07bb014262b821756295c58dn;
const prime128 = 0x0000000001000000000000000000013bn;

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

/** In hexadecimal digits. */
export function fnv128a(bytes: Uint8Array): string {
  let hash = offset128;
  for (const byte of bytes) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * prime128);
  return hash.toString(16).padStart(32, "0");
}
