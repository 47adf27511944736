/** What kinds that run pods have in common. Source: pkg/apis/apps/validation/validation.go. */

import type { PodTemplateSpec } from "../../core-types.ts";
import { goMetaValue } from "../../go-value.ts";
import type { LabelSelector } from "../../selectors.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { validatePodTemplateSpec } from "../core/pod-spec.ts";
import { type FieldError, type FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { type LabelSelector as SelectorObject, validateLabelSelector } from "../labels.ts";
import { isEmptySelector, usableSelector } from "../usable-selector.ts";
import { validateNonnegative } from "../values.ts";

/** A selector that must select something: neither absent nor empty. */
export function validateRequiredSelector(
  selector: SelectorObject | null | undefined,
  owner: string,
  path: FieldPath,
): FieldError[] {
  if (!selector) return [required(path)];
  const errors = validateLabelSelector(selector, {}, path);
  if (isEmptySelector(selector))
    errors.push(
      invalid(path, goMetaValue("LabelSelector", selector), `empty selector is invalid for ${owner}`),
    );
  return errors;
}

/** Pods of the template would not be found again. */
export function validateTemplateLabels(
  template: PodTemplateSpec,
  selector: LabelSelector,
  path: FieldPath,
): FieldError[] {
  const labels = template.metadata.labels;
  if (selector.matches(labels ?? {})) return [];
  const detail = "`selector` does not match template `labels`";
  return [invalid(path.child("metadata", "labels"), labels ?? null, detail)];
}

/** ValidatePodTemplateSpecForReplicaSet, or what is wrong with the selector. */
export function validateSelectedTemplate(
  spec: { selector?: SelectorObject | null; template: PodTemplateSpec },
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const { selector: wanted, template } = spec;
  const selector = usableSelector(wanted);
  if (!selector)
    return [invalid(path.child("selector"), goMetaValue("LabelSelector", wanted), "invalid label selector")];
  const templatePath = path.child("template");
  return [
    ...validateTemplateLabels(template, selector, templatePath),
    ...validatePodTemplateSpec(template, templatePath, options),
    ...validateEndlessTemplate(template, "ReplicaSet", templatePath),
  ];
}

/** Pods that are to run for ever. */
export function validateEndlessTemplate(
  { spec }: PodTemplateSpec,
  owner: string,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const { restartPolicy = "", activeDeadlineSeconds } = spec;
  if (restartPolicy !== "Always") {
    errors.push(notSupported(path.child("spec", "restartPolicy"), restartPolicy, ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${owner} is not Supported`;
    errors.push(forbidden(path.child("spec", "activeDeadlineSeconds"), detail));
  }
  return errors;
}

/** None of these counts is negative. */
export function validateCounts<T extends object>(
  object: T,
  keys: readonly (keyof T & string)[],
  path: FieldPath,
): FieldError[] {
  return keys.flatMap((key) =>
    validateNonnegative((object[key] as number | undefined) ?? 0, path.child(key)),
  );
}

/** None of these counts exceeds another one of the same status. */
export function validateAtMost<T extends object>(
  status: T,
  keys: readonly (keyof T & string)[],
  limit: keyof T & string,
  detail: string,
  path: FieldPath,
): FieldError[] {
  const count = (key: keyof T) => (status[key] as number | undefined) ?? 0;
  return keys
    .filter((key) => count(key) > count(limit))
    .map((key) => invalid(path.child(key), count(key), detail));
}

/** A collisionCount never goes back. */
export function validateCollisionCount(
  count: number | undefined,
  old: number | undefined,
  path: FieldPath,
): FieldError[] {
  if (old === undefined || (count !== undefined && count >= old)) return [];
  return [invalid(path.child("collisionCount"), count ?? 0, "cannot be decremented")];
}
