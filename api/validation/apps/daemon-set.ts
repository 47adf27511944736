/** Source: pkg/apis/apps/validation/validation.go (DaemonSet). */
import { templateGeneration } from "../../conversion/apps.ts";
import { goMetaValue, goNullable, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { validatePodTemplateSpec } from "../core/pod-spec.ts";
import { type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { validateLabelSelector } from "../labels.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { isEmptySelector, usableSelector } from "../usable-selector.ts";
import {
  intOrPercentValue,
  validateImmutableSelector,
  validateNonnegative,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../values.ts";
import {
  validateCollisionCount,
  validateCounts,
  validateEndlessTemplate,
  validateTemplateLabels,
} from "./pod-template.ts";

type DaemonSet = ObjectOf<"io.k8s.api.apps.v1.DaemonSet">;
type UpdateStrategy = Schemas["io.k8s.api.apps.v1.DaemonSetUpdateStrategy"];
type RollingUpdate = Schemas["io.k8s.api.apps.v1.RollingUpdateDaemonSet"];

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");
/** A field of upstream's internal type only: here it is an annotation. */
const generationPath = specPath.child("templateGeneration");

const goUpdateStrategy = {
  Type: goString("type"),
  RollingUpdate: goPointer("rollingUpdate", {
    MaxUnavailable: goNullable("maxUnavailable"),
    MaxSurge: goNullable("maxSurge"),
  }),
};

/** ValidateDaemonSet. */
export function validateDaemonSet(daemonSet: DaemonSet, options: PodValidationOptions): FieldError[] {
  return [
    ...validateObjectMeta(daemonSet.metadata, true, nameIsDnsSubdomain),
    ...validateSpec(daemonSet, options),
  ];
}

/** ValidateDaemonSetUpdate. */
export function validateDaemonSetUpdate(
  daemonSet: DaemonSet,
  old: DaemonSet,
  options: PodValidationOptions,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(daemonSet.metadata, old.metadata),
    ...validateGeneration(daemonSet, old),
    ...validateImmutableSelector(daemonSet.spec.selector, old.spec.selector, specPath.child("selector")),
    ...validateSpec(daemonSet, options),
  ];
}

/** It counts the changes of the template. */
function validateGeneration(daemonSet: DaemonSet, old: DaemonSet): FieldError[] {
  const generation = templateGeneration(daemonSet);
  const before = templateGeneration(old);
  const wrong = (detail: string) => invalid(generationPath, generation, detail);
  const errors = generation < before ? [wrong("must not be decremented")] : [];
  const changed = !semanticEqual(daemonSet.spec.template, old.spec.template);
  if (generation === before && changed) errors.push(wrong("must be incremented upon template update"));
  if (generation > before && !changed) errors.push(wrong("must not be incremented without template update"));
  return errors;
}

function validateSpec(daemonSet: DaemonSet, options: PodValidationOptions): FieldError[] {
  const { spec } = daemonSet;
  const { selector: wanted, template } = spec;
  const selectorPath = specPath.child("selector");
  const templatePath = specPath.child("template");
  const { allowInvalidLabelValueInSelector: allowInvalidLabelValue } = options;
  const errors = validateLabelSelector(wanted, { allowInvalidLabelValue }, selectorPath);
  const selector = usableSelector(wanted);
  if (selector) errors.push(...validateTemplateLabels(template, selector, templatePath));
  if (wanted && isEmptySelector(wanted)) {
    errors.push(
      invalid(selectorPath, goMetaValue("LabelSelector", wanted), "empty selector is invalid for daemonset"),
    );
  }
  errors.push(
    ...validatePodTemplateSpec(template, templatePath, options),
    ...validateEndlessTemplate(template, "DaemonSet", templatePath),
    ...validateCounts(spec, ["minReadySeconds"], specPath),
    ...validateNonnegative(templateGeneration(daemonSet), generationPath),
    ...validateUpdateStrategy(spec.updateStrategy, specPath.child("updateStrategy")),
    ...validateCounts(spec, ["revisionHistoryLimit"], specPath),
  );
  return errors;
}

function validateUpdateStrategy(strategy: UpdateStrategy, path: FieldPath): FieldError[] {
  const { type = "", rollingUpdate } = strategy;
  const updatePath = path.child("rollingUpdate");
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") {
    return [notSupported(path, goValue(goUpdateStrategy, strategy), ["RollingUpdate", "OnDelete"])];
  }
  return rollingUpdate ? validateRollingUpdate(rollingUpdate, updatePath) : [required(updatePath)];
}

function validateRollingUpdate(update: RollingUpdate, path: FieldPath): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = update;
  const unavailablePath = path.child("maxUnavailable");
  const surgePath = path.child("maxSurge");
  const errors = [
    ...validatePositiveIntOrPercent(maxUnavailable, unavailablePath),
    ...validatePositiveIntOrPercent(maxSurge, surgePath),
    ...validateNotMoreThan100Percent(maxUnavailable, unavailablePath),
    ...validateNotMoreThan100Percent(maxSurge, surgePath),
  ];
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0;
  const hasSurge = intOrPercentValue(maxSurge) !== 0;
  if (hasUnavailable && hasSurge) {
    errors.push(invalid(surgePath, maxSurge, "may not be set when maxUnavailable is non-zero"));
  } else if (!hasUnavailable && !hasSurge) {
    errors.push(required(unavailablePath, "cannot be 0 when maxSurge is 0"));
  }
  return errors;
}

/** ValidateDaemonSetStatusUpdate. */
export function validateDaemonSetStatusUpdate(daemonSet: DaemonSet, old: DaemonSet): FieldError[] {
  const { status } = daemonSet;
  const counts = [
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
  ] as const;
  return [
    ...validateObjectMetaUpdate(daemonSet.metadata, old.metadata),
    ...validateCounts(status, counts, statusPath),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount, statusPath),
  ];
}
