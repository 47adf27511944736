import { type FieldError, FieldPath, invalid } from "../../../api/validation/field.ts";

export type Level = "privileged" | "baseline" | "restricted";

/** A level as it was in a minor version of Kubernetes 1; Infinity: the newest. */
export interface LevelVersion {
  readonly level: Level;
  readonly minor: number;
}

/** What a namespace demands of its pods. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

export type Mode = keyof Policy;

export const prefix = "pod-security.kubernetes.io/";

const strictness: readonly Level[] = ["privileged", "baseline", "restricted"];

export const levelProblem = `must be one of ${strictness.join(", ")}`;
export const versionProblem = 'must be "latest" or "v1.x"';

/** Negative where a is less strict than b. */
export const compareLevels = (a: Level, b: Level): number => strictness.indexOf(a) - strictness.indexOf(b);

/** "baseline:v1.30", "restricted:latest" */
export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === Infinity ? "latest" : `v1.${minor}`}`;

export const sameLevel = (a: LevelVersion, b: LevelVersion): boolean =>
  a.level === b.level && a.minor === b.minor;

export const isFullyPrivileged = ({ enforce, audit, warn }: Policy): boolean =>
  enforce.level === "privileged" && audit.level === "privileged" && warn.level === "privileged";

/** undefined: it is none. */
export const parseLevel = (text: string): Level | undefined => strictness.find((level) => level === text);

/** undefined: it is none. */
export function parseMinor(text: string): number | undefined {
  if (text === "latest") return Infinity;
  const minor = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

export interface ParsedPolicy {
  policy: Policy;
  errors: FieldError[];
}

const labelsPath = FieldPath.of("metadata", "labels");

/**
 * The policy that a namespace's labels stand for, and what is wrong with them. A wrong enforce label is as the strictest
 * one; wrong audit and warn labels are as none. Source: PolicyToEvaluate of k8s.io/pod-security-admission/api.
 */
export function policyOf(labels: Readonly<Record<string, string>>, defaults: Policy): ParsedPolicy {
  const errors: FieldError[] = [];
  const read = <T>(label: string, parse: (text: string) => T | undefined, problem: string) => {
    const text = labels[prefix + label];
    const value = text === undefined ? undefined : parse(text);
    if (text !== undefined && value === undefined)
      errors.push(invalid(labelsPath.key(prefix + label), text, problem));
    return { isSet: text !== undefined, value };
  };
  const readMode = (mode: Mode, onError: Level) => {
    const level = read(mode, parseLevel, levelProblem);
    const minor = read(`${mode}-version`, parseMinor, versionProblem);
    return {
      hasLevel: level.isSet,
      isValid: level.value !== undefined,
      hasVersion: minor.isSet,
      level: level.value ?? (level.isSet ? onError : defaults[mode].level),
      minor: minor.value ?? (minor.isSet ? Infinity : defaults[mode].minor),
    };
  };
  const enforce = readMode("enforce", "restricted");
  const audit = readMode("audit", "privileged");
  let warn: LevelVersion & { hasLevel: boolean; hasVersion: boolean } = readMode("warn", "privileged");
  // Who is going to be refused is warned as well.
  if (!warn.hasLevel && enforce.isValid && compareLevels(enforce.level, warn.level) > 0) {
    warn = { ...warn, level: enforce.level, minor: warn.hasVersion ? warn.minor : enforce.minor };
  }
  const bare = ({ level, minor }: LevelVersion): LevelVersion => ({ level, minor });
  return { policy: { enforce: bare(enforce), audit: bare(audit), warn: bare(warn) }, errors };
}
