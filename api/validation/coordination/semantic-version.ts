/** Semantic versions as github.com/blang/semver reads and orders them. */
export interface SemanticVersion {
  /** Major, minor, patch. */
  numbers: readonly bigint[];
  prerelease: readonly string[];
}

const identifier = "[0-9A-Za-z-]+";
const pattern = new RegExp(
  `^(\\d+)\\.(\\d+)\\.(\\d+)(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+(${identifier}(?:\\.${identifier})*))?$`,
);
const maxUint64 = 2n ** 64n - 1n;

const isNumeric = (text: string): boolean => /^\d+$/.test(text);
const hasLeadingZero = (text: string): boolean => text.length > 1 && text.startsWith("0") && isNumeric(text);
const isUint64 = (text: string): boolean => text.length <= 20 && BigInt(text) <= maxUint64;

/** undefined: not a version. */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const numbers = match.slice(1, 4) as string[];
  const prerelease = match[4]?.split(".") ?? [];
  const numeric = [...numbers, ...prerelease.filter(isNumeric)];
  if (numeric.some((part) => hasLeadingZero(part) || !isUint64(part))) return undefined;
  return { numbers: numbers.map(BigInt), prerelease };
}

const zero: SemanticVersion = { numbers: [0n, 0n, 0n], prerelease: [] };

/** Below zero when a is older; no version counts as 0.0.0. */
export function compareSemanticVersions(
  a: SemanticVersion | undefined,
  b: SemanticVersion | undefined,
): number {
  const [left, right] = [a ?? zero, b ?? zero];
  for (let i = 0; i < 3; i++) {
    const difference = order(left.numbers[i]!, right.numbers[i]!);
    if (difference !== 0) return difference;
  }
  // A version with a prerelease is older than the one without.
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return right.prerelease.length - left.prerelease.length;
  }
  for (let i = 0; i < Math.min(left.prerelease.length, right.prerelease.length); i++) {
    const difference = comparePart(left.prerelease[i]!, right.prerelease[i]!);
    if (difference !== 0) return difference;
  }
  return left.prerelease.length - right.prerelease.length;
}

function comparePart(a: string, b: string): number {
  if (isNumeric(a) && isNumeric(b)) return order(BigInt(a), BigInt(b));
  if (isNumeric(a) !== isNumeric(b)) return isNumeric(a) ? -1 : 1;
  return order(a, b);
}

function order<T extends bigint | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
