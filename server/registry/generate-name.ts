import type { Random } from "../../api/clock.ts";

/** Letters without vowels and look-alikes, as apimachinery/pkg/util/rand has them. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const maxBaseLength = 63 - suffixLength;

/** base and five random characters, 63 at most together. Source: k8s.io/apiserver/pkg/storage/names. */
export function generateName(base: string, random: Random): string {
  return base.slice(0, maxBaseLength) + randomSuffix(random, suffixLength);
}

export function randomSuffix(random: Random, length: number): string {
  let suffix = "";
  for (let i = 0; i < length; i++) suffix += alphabet[Math.floor(random.next() * alphabet.length)];
  return suffix;
}
