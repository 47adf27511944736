import type { JsonObject, JsonValue } from "../../../api/object.ts";
import {
  aggregateMessage,
  duplicate,
  type FieldError,
  FieldPath,
  invalid,
} from "../../../api/validation/field.ts";
import { checkDns1123Label, checkDns1123Subdomain } from "../../../api/validation/names.ts";
import {
  type Level,
  type LevelVersion,
  levelProblem,
  type Mode,
  type Policy,
  parseLevel,
  parseMinor,
  versionProblem,
} from "./policy.ts";

/** The plug-in's configuration, defaults filled in. */
export interface PodSecurityConfiguration {
  defaults: Policy;
  exemptions: {
    usernames: readonly string[];
    namespaces: readonly string[];
    runtimeClasses: readonly string[];
  };
}

const privileged: LevelVersion = { level: "privileged", minor: Infinity };

export const defaultPodSecurity: PodSecurityConfiguration = {
  defaults: { enforce: privileged, audit: privileged, warn: privileged },
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};

const group = "pod-security.admission.config.k8s.io";
const versions: readonly string[] = ["v1", "v1beta1", "v1alpha1"];

type NameCheck = (name: string) => readonly string[];

/**
 * Reads a PodSecurityConfiguration; the error of one that cannot be meant says why.
 * Sources: admission/api of k8s.io/pod-security-admission, its v1/defaults.go and validation/validation.go.
 */
export function readPodSecurityConfiguration(value: JsonObject): PodSecurityConfiguration {
  const { apiVersion, kind, defaults = {}, exemptions = {} } = value;
  const isKnown = versions.some((version) => apiVersion === `${group}/${version}`);
  if (!isKnown || kind !== "PodSecurityConfiguration") {
    throw new Error(`no kind ${JSON.stringify(kind)} is known for version ${JSON.stringify(apiVersion)}`);
  }
  const errors: FieldError[] = [];
  const policy = readPolicy(defaults as JsonObject, errors);
  const names = (field: string, check: NameCheck) =>
    readNames(exemptions as JsonObject, field, check, errors);
  const exempt = {
    namespaces: names("namespaces", checkDns1123Label),
    runtimeClasses: names("runtimeClasses", checkDns1123Subdomain),
    usernames: names("usernames", (name) => (name === "" ? ["username must not be empty"] : [])),
  };
  if (errors.length > 0) throw new Error(aggregateMessage(errors));
  return { defaults: policy, exemptions: exempt };
}

function readPolicy(defaults: JsonObject, errors: FieldError[]): Policy {
  const read = <T>(
    field: string,
    fallback: string,
    parse: (text: string) => T | undefined,
    problem: string,
  ) => {
    const text = String(defaults[field] || fallback);
    const parsed = parse(text);
    if (parsed === undefined) errors.push(invalid(FieldPath.of("defaults", field), text, problem));
    return parsed;
  };
  const readMode = (mode: Mode): LevelVersion => ({
    level: read<Level>(mode, "privileged", parseLevel, levelProblem) ?? "restricted",
    minor: read(`${mode}-version`, "latest", parseMinor, versionProblem) ?? Infinity,
  });
  return { enforce: readMode("enforce"), warn: readMode("warn"), audit: readMode("audit") };
}

function readNames(exemptions: JsonObject, field: string, check: NameCheck, errors: FieldError[]): string[] {
  const names = (exemptions[field] ?? []) as JsonValue[] as string[];
  for (const [i, name] of names.entries()) {
    const path = FieldPath.of("exemptions", field).index(i);
    const problems = check(name);
    if (problems.length > 0) errors.push(invalid(path, name, problems.join(", ")));
    else if (names.indexOf(name) < i) errors.push(duplicate(path, name));
  }
  return names;
}
