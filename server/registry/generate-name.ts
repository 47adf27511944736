import type { Random } from "../../api/clock.ts";
import { safeAlphabet } from "../../api/safe-encode.ts";

const suffixLength = 5;
const maxBaseLength = 63 - suffixLength;

/** base and five random characters, 63 at most together. Source: k8s.io/apiserver/pkg/storage/names. */
export function generateName(base: string, random: Random): string {
  return base.slice(0, maxBaseLength) + randomSuffix(random, suffixLength);
}

export function randomSuffix(random: Random, length: number): string {
  let suffix = "";
  for (let i = 0; i < length; i++) suffix += safeAlphabet[Math.floor(random.next() * safeAlphabet.length)];
  return suffix;
}
