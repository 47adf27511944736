import { baselineChecks } from "./baseline-checks.ts";
import type { Check, CheckedPod, CheckPod, Violation } from "./check.ts";
import type { LevelVersion } from "./policy.ts";
import { restrictedChecks } from "./restricted-checks.ts";

/** The version in which a check last changed; later ones are the same. */
const newestMinor = Math.max(
  ...[...baselineChecks, ...restrictedChecks].flatMap(({ versions }) => versions.map(([minor]) => minor)),
);

const minors = Array.from({ length: newestMinor + 1 }, (_, minor) => minor);
const baseline = minors.map((minor) => checksOf(baselineChecks, minor));
const restricted = minors.map((minor) => {
  const own = restrictedChecks.filter((check) => versionOf(check, minor));
  const overridden = new Set(own.map(({ overrides }) => overrides));
  const inherited = baselineChecks.filter(({ id }) => !overridden.has(id));
  return checksOf([...inherited, ...own], minor);
});

function checksOf(checks: readonly Check[], minor: number): CheckPod[] {
  return checks.flatMap((check) => versionOf(check, minor) ?? []);
}

function versionOf({ versions }: Check, minor: number): CheckPod | undefined {
  return versions.findLast(([from]) => from <= minor)?.[1];
}

/** How a pod violates a level. */
export function violations({ level, minor }: LevelVersion, pod: CheckedPod): Violation[] {
  if (level === "privileged") return [];
  const checks = (level === "baseline" ? baseline : restricted)[Math.min(minor, newestMinor)]!;
  return checks.flatMap((check) => check(pod) ?? []);
}

/** "privileged, hostPort" */
export const reasonsText = (all: readonly Violation[]): string => all.map(({ reason }) => reason).join(", ");

/** "hostPort (container "a" uses hostPort 80), …" */
export const detailsText = (all: readonly Violation[]): string =>
  all.map(({ reason, detail }) => `${reason} (${detail})`).join(", ");
