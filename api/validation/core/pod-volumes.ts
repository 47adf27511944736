/** A pod's volumes. Source: ValidateVolumes in k8s.io/kubernetes/pkg/apis/core/validation/validation.go. */
import type { Volume } from "../../core-types.ts";
import { goQuote } from "../../go-format.ts";
import { duplicate, type FieldError, type FieldPath, forbidden, invalid, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import type { KnownVolumes } from "./container-mounts.ts";
import { validateDns1123Label } from "./names.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validateIscsiNameLength, volumeSourceRules } from "./pod-volume-sources.ts";

/** podName is "" where it isn't known: in a template. Good volumes are put into known. */
export function validateVolumes(
  volumes: readonly Volume[],
  podName: string,
  known: Map<string, Volume>,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const createdClaims = new Set<string>();
  for (const { ephemeral, name } of volumes) {
    if (podName && ephemeral) createdClaims.add(`${podName}-${name}`);
  }
  volumes.forEach((volume, index) => {
    const at = path.index(index);
    const own = validateVolumeSource(volume, podName, at, options);
    own.push(...validateName(volume.name ?? "", known, at));
    if (own.length === 0) known.set(volume.name, volume);
    else errors.push(...own);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && createdClaims.has(claim)) {
      const detail = "must not reference a PVC that gets created for an ephemeral volume";
      errors.push(invalid(at.child("persistentVolumeClaim", "claimName"), claim, detail));
    }
  });
  return errors;
}

function validateName(name: string, known: KnownVolumes, path: FieldPath): FieldError[] {
  const at = path.child("name");
  const errors = name ? validateDns1123Label(name, at) : [required(at)];
  if (known.has(name)) errors.push(duplicate(at, name));
  return errors;
}

/** validateVolumeSource: exactly one source. */
function validateVolumeSource(
  volume: Volume,
  podName: string,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  let found = false;
  for (const rule of rulesOf(volume)) {
    const { name, check, path: field = name, extra = name } = rule;
    if (found) {
      errors.push(forbidden(path.child(extra), "may not specify more than 1 volume type"));
    } else {
      errors.push(...check(volume[name]!, path.child(field), options));
      if (name === "ephemeral") errors.push(...validateClaimName(volume.name, podName, path));
    }
    if (name === "iscsi") errors.push(...validateIscsiNameLength(volume, path));
    found = true;
  }
  if (!found) errors.push(required(path, "must specify a volume type"));
  return errors;
}

const ruleNumbers = new Map<string, number>(volumeSourceRules.map(({ name }, number) => [name, number]));

/** The rules of the sources that the volume has, in their order: nearly always one. */
function rulesOf(volume: Volume): (typeof volumeSourceRules)[number][] {
  const numbers: number[] = [];
  for (const key in volume) {
    const number = ruleNumbers.get(key);
    if (number !== undefined && volume[key as keyof Volume]) numbers.push(number);
  }
  if (numbers.length > 1) numbers.sort((a, b) => a - b);
  return numbers.map((number) => volumeSourceRules[number]!);
}

/** The claim of an ephemeral volume is named after its pod and the volume. */
function validateClaimName(volumeName: string, podName: string, path: FieldPath): FieldError[] {
  if (!podName || !volumeName) return [];
  const claim = `${podName}-${volumeName}`;
  return nameIsDnsSubdomain(claim, false).map((problem) =>
    invalid(path.child("name"), volumeName, `PVC name ${goQuote(claim)}: ${problem}`),
  );
}
