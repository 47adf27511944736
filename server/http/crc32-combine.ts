/** x^32 + … + 1, the polynomial of CRC-32, bit-reversed. */
const polynomial = 0xedb88320;

/** a × b modulo the polynomial; both as reversed bits, in which the highest is x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  let power = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= power;
    power = power & 1 ? (power >>> 1) ^ polynomial : power >>> 1;
  }
  return product;
}

/** x^(2^n) for n from 0 on. */
const squares: readonly number[] = Array.from({ length: 63 }).reduce<number[]>(
  (all) => {
    const last = all.at(-1) ?? 0;
    all.push(multiply(last, last));
    return all;
  },
  [0x40000000],
);

/** The CRC-32 of two texts put together, of which the second has so many bytes. Source: crc32_combine of zlib. */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  let shift = 0x80000000;
  // A byte is eight bits: x^(8·length).
  for (let left = secondLength, n = 3; left > 0; left = Math.floor(left / 2), n++) {
    if (left % 2 === 1) shift = multiply(squares[n] ?? 0, shift);
  }
  return (multiply(shift, first) ^ second) >>> 0;
}
