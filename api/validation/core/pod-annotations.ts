/**
 * Annotations that mean something to pods.
 * Source: ValidatePodSpecificAnnotations and its neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import { allContainers, type PodSpec, type Toleration } from "../../core-types.ts";
import { goQuote } from "../../go-format.ts";
import { JsonError, parseJson } from "../../json.ts";
import type { JsonValue } from "../../object.ts";
import { type FieldError, type FieldPath, forbidden, invalid } from "../field.ts";
import { validateLocalDescendingPath } from "./paths.ts";
import { hasBadDeletionCost, podDeletionCostAnnotation } from "./pod-deletion-cost.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import {
  appArmorAnnotationPrefix,
  seccompAnnotationPrefix,
  seccompPodAnnotation,
} from "./profile-annotations.ts";
import { validateTolerations } from "./tolerations.ts";

type Annotations = Readonly<Record<string, string>>;

/** The pod mirrors one that a node runs from its own files. */
export const mirrorPodAnnotation = "kubernetes.io/config.mirror";
const tolerationsAnnotation = "scheduler.alpha.kubernetes.io/tolerations";

/** ValidatePodSpecificAnnotations. */
export function validatePodAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  if (!annotations) return [];
  const errors: FieldError[] = [];
  if (Object.hasOwn(annotations, mirrorPodAnnotation) && !spec.nodeName) {
    const value = annotations[mirrorPodAnnotation];
    const detail = "must set spec.nodeName if mirror pod annotation is set";
    errors.push(invalid(path.key(mirrorPodAnnotation), value, detail));
  }
  if (Object.hasOwn(annotations, tolerationsAnnotation) && annotations[tolerationsAnnotation] !== "") {
    errors.push(...validateTolerationsText(annotations[tolerationsAnnotation]!, path, options));
  }
  if (!options.allowInvalidDeletionCost && hasBadDeletionCost(annotations)) {
    const value = annotations[podDeletionCostAnnotation];
    errors.push(invalid(path.key(podDeletionCostAnnotation), value, "must be a 32bit integer"));
  }
  errors.push(...validateSeccompAnnotations(annotations, path));
  errors.push(...validateAppArmorAnnotations(annotations, spec, path));
  return errors;
}

function validateTolerationsText(text: string, path: FieldPath, options: PodValidationOptions): FieldError[] {
  let value: JsonValue;
  try {
    value = parseJson(text).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return [invalid(path, tolerationsAnnotation, error.message)];
  }
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every(isTolerationLike)) {
    const detail = "json: cannot unmarshal value into Go value of type []core.Toleration";
    return [invalid(path, tolerationsAnnotation, detail)];
  }
  return validateTolerations(value.map(tolerationOf), path.child(tolerationsAnnotation), options);
}

function isTolerationLike(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((held) => typeof held !== "object" || held === null);
}

/** Go finds the fields of a struct without tags in any case. */
function tolerationOf(value: JsonValue): Toleration {
  const out: Record<string, JsonValue> = {};
  for (const [key, held] of Object.entries(value as Record<string, JsonValue>)) {
    const known = ["key", "operator", "value", "effect"].find((field) => field === key.toLowerCase());
    if (known && typeof held === "string") out[known] = held;
    if (key.toLowerCase() === "tolerationseconds" && typeof held === "number")
      out["tolerationSeconds"] = held;
  }
  return out as Toleration;
}

function validateSeccompAnnotations(annotations: Annotations, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (Object.hasOwn(annotations, seccompPodAnnotation)) {
    const at = path.child(seccompPodAnnotation);
    errors.push(...validateSeccompProfileName(annotations[seccompPodAnnotation]!, at));
  }
  for (const key of Object.keys(annotations)) {
    if (!key.startsWith(seccompAnnotationPrefix)) continue;
    errors.push(...validateSeccompProfileName(annotations[key]!, path.child(key)));
  }
  return errors;
}

/** ValidateSeccompProfile. */
function validateSeccompProfileName(profile: string, path: FieldPath): FieldError[] {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
  if (profile.startsWith("localhost/")) {
    return validateLocalDescendingPath(profile.slice("localhost/".length), path);
  }
  return [invalid(path, profile, "must be a valid seccomp profile")];
}

function validateAppArmorAnnotations(annotations: Annotations, spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of Object.keys(annotations)) {
    if (!key.startsWith(appArmorAnnotationPrefix)) continue;
    const name = key.slice(appArmorAnnotationPrefix.length);
    if (!allContainers(spec).some((container) => container.name === name)) {
      errors.push(invalid(path.key(key), name, "container not found"));
    }
    const profile = annotations[key]!;
    if (["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith("localhost/")) continue;
    errors.push(invalid(path.key(key), profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
  }
  return errors;
}

/** ValidatePodSpecificAnnotationUpdates: some annotations are for good. */
export function validatePodAnnotationUpdate(
  annotations: Annotations | undefined,
  old: Annotations | undefined,
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const now = annotations ?? {};
  const before = old ?? {};
  for (const key of Object.keys(before)) {
    if (Object.hasOwn(now, key) && now[key] === before[key]) continue;
    const what = fixedAnnotation(key);
    if (what) errors.push(forbidden(path.key(key), `may not remove or update ${what}`));
  }
  for (const key of Object.keys(now)) {
    if (Object.hasOwn(before, key)) continue;
    const what = fixedAnnotation(key);
    if (what) errors.push(forbidden(path.key(key), `may not add ${what}`));
  }
  return [...errors, ...validatePodAnnotations(annotations, spec, path, options)];
}

function fixedAnnotation(key: string): string | undefined {
  if (key.startsWith(appArmorAnnotationPrefix)) return "AppArmor annotations";
  return key === mirrorPodAnnotation ? "mirror pod annotation" : undefined;
}
