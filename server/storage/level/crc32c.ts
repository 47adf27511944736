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

export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  // Within start and end, which the caller has checked, nothing here is undefined.
  const at = (table: Int32Array, index: number) => table[index & 0xff] as number;
  const byte = (index: number) => bytes[index] as number;
  let crc = -1;
  let index = start;
  for (; index + 8 <= end; index += 8) {
    crc =
      at(t7, crc ^ byte(index)) ^
      at(t6, (crc >>> 8) ^ byte(index + 1)) ^
      at(t5, (crc >>> 16) ^ byte(index + 2)) ^
      at(t4, (crc >>> 24) ^ byte(index + 3)) ^
      at(t3, byte(index + 4)) ^
      at(t2, byte(index + 5)) ^
      at(t1, byte(index + 6)) ^
      at(t0, byte(index + 7));
  }
  for (; index < end; index++) crc = (crc >>> 8) ^ at(t0, crc ^ byte(index));
  return ~crc >>> 0;
}

/** As LevelDB stores it: turned and shifted, so that sums of data that hold sums stay good. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
