/**
 * CRC-32C, eight bytes a step (about 1 GB/s): LevelDB's checksum, which Node has not got. Table k holds what a byte
 * does to the sum k bytes later.
 */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  t0[byte] = crc;
}
for (let byte = 0; byte < 256; byte++) {
  let crc = t0[byte] as number;
  for (const table of tables.slice(1)) {
    crc = (t0[crc & 0xff] as number) ^ (crc >>> 8);
    table[byte] = crc;
  }
}

/** Written out, without helpers, because it also has to be fast before it has been compiled. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc =
      (t7[(crc ^ (bytes[at] as number)) & 0xff] as number) ^
      (t6[((crc >>> 8) ^ (bytes[at + 1] as number)) & 0xff] as number) ^
      (t5[((crc >>> 16) ^ (bytes[at + 2] as number)) & 0xff] as number) ^
      (t4[((crc >>> 24) ^ (bytes[at + 3] as number)) & 0xff] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** As LevelDB stores it: turned and shifted, so that sums of data that hold sums stay good. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
