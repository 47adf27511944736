/** Source: pkg/apis/apps/validation/validation.go (StatefulSet). */
import type { PodTemplateSpec } from "../../core-types.ts";
import { goMetaValue, goNullable, goNumber, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { validateDns1123Label } from "../core/names.ts";
import { claimSpecOptions, validatePersistentVolumeClaimSpec } from "../core/persistent-volume-claim-spec.ts";
import { validatePodAnnotations } from "../core/pod-annotations.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { validatePodTemplateSpec } from "../core/pod-spec.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { validateLabels } from "../labels.ts";
import { nameIsDnsLabel } from "../names.ts";
import { validateAnnotations, validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { usableSelector } from "../usable-selector.ts";
import {
  intOrPercentValue,
  validateNonnegative,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../values.ts";
import {
  validateAtMost,
  validateCollisionCount,
  validateCounts,
  validateEndlessTemplate,
  validateRequiredSelector,
  validateTemplateLabels,
} from "./pod-template.ts";

type StatefulSet = ObjectOf<"io.k8s.api.apps.v1.StatefulSet">;
type Spec = StatefulSet["spec"];
type UpdateStrategy = Schemas["io.k8s.api.apps.v1.StatefulSetUpdateStrategy"];

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

const goRollingUpdate = { Partition: goNumber("partition"), MaxUnavailable: goNullable("maxUnavailable") };
const goUpdateStrategy = {
  Type: goString("type"),
  RollingUpdate: goPointer("rollingUpdate", goRollingUpdate),
};

/** What an existing object may keep, since it cannot be changed any more. */
interface Leniency {
  existing: boolean;
  skipTemplate: boolean;
}

/** ValidateStatefulSet. */
export function validateStatefulSet(
  { metadata, spec }: StatefulSet,
  options: PodValidationOptions,
): FieldError[] {
  const strict = { existing: false, skipTemplate: false };
  return [...validateObjectMeta(metadata, true, nameIsDnsLabel), ...validateSpec(spec, options, strict)];
}

const changeable = [
  "replicas",
  "template",
  "updateStrategy",
  "minReadySeconds",
  "ordinals",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
] as const satisfies readonly (keyof Spec)[];

/** ValidateStatefulSetUpdate. */
export function validateStatefulSetUpdate(
  { metadata, spec }: StatefulSet,
  old: StatefulSet,
  options: PodValidationOptions,
): FieldError[] {
  const errors = validateObjectMetaUpdate(metadata, old.metadata);
  const existing = { existing: true, skipTemplate: false };
  const skipTemplate = validateSpec(old.spec, options, existing).length > 0;
  errors.push(...validateSpec(spec, options, { existing: true, skipTemplate }));
  if (semanticEqual(fixedPart(spec), fixedPart(old.spec))) return errors;
  const detail =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [...errors, forbidden(specPath, detail)];
}

function fixedPart(spec: Spec): Partial<Spec> {
  const fixed: Partial<Spec> = { ...spec };
  for (const key of changeable) delete fixed[key];
  return fixed;
}

function validateSpec(spec: Spec, options: PodValidationOptions, leniency: Leniency): FieldError[] {
  return [
    ...validatePodManagement(spec.podManagementPolicy ?? ""),
    ...validateUpdateStrategy(spec.updateStrategy, specPath.child("updateStrategy")),
    ...validateRetention(spec.persistentVolumeClaimRetentionPolicy),
    ...(leniency.existing ? [] : validateClaimTemplates(spec, options)),
    ...validateCounts(spec, ["replicas", "minReadySeconds"], specPath),
    ...validateNonnegative(spec.ordinals?.start ?? 0, specPath.child("ordinals.start")),
    ...(leniency.existing || !spec.serviceName
      ? []
      : validateDns1123Label(spec.serviceName, specPath.child("serviceName"))),
    ...validateRequiredSelector(spec.selector, "statefulset", specPath.child("selector")),
    ...validateTemplate(spec, options, leniency.skipTemplate),
    ...validateEndlessTemplate(spec.template, "StatefulSet", specPath.child("template")),
  ];
}

function validatePodManagement(policy: string): FieldError[] {
  const path = specPath.child("podManagementPolicy");
  if (policy === "") return [required(path)];
  if (policy === "OrderedReady" || policy === "Parallel") return [];
  return [invalid(path, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateUpdateStrategy(strategy: UpdateStrategy, path: FieldPath): FieldError[] {
  const { type = "", rollingUpdate } = strategy;
  const updatePath = path.child("rollingUpdate");
  switch (type) {
    case "":
      return [required(path)];
    case "OnDelete": {
      if (!rollingUpdate) return [];
      const shown = goValue(goRollingUpdate, rollingUpdate);
      return [invalid(updatePath, shown, "only allowed for updateStrategy 'RollingUpdate'")];
    }
    case "RollingUpdate": {
      if (!rollingUpdate) return [];
      const { maxUnavailable } = rollingUpdate;
      const errors = validateCounts(rollingUpdate, ["partition"], updatePath);
      if (maxUnavailable === undefined) return errors;
      const at = updatePath.child("maxUnavailable");
      errors.push(...validatePositiveIntOrPercent(maxUnavailable, at));
      if (intOrPercentValue(maxUnavailable) === 0) errors.push(invalid(at, maxUnavailable, "cannot be 0"));
      return [...errors, ...validateNotMoreThan100Percent(maxUnavailable, at)];
    }
    default: {
      const shown = goValue(goUpdateStrategy, strategy);
      return [invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")];
    }
  }
}

function validateRetention(policy: Spec["persistentVolumeClaimRetentionPolicy"]): FieldError[] {
  if (!policy) return [];
  const known = ["Retain", "Delete"];
  return (["whenDeleted", "whenScaled"] as const)
    .filter((key) => !known.includes(policy[key] ?? ""))
    .map((key) =>
      notSupported(specPath.child("persistentVolumeClaimRetentionPolicy", key), policy[key] ?? "", known),
    );
}

function validateClaimTemplates(
  { volumeClaimTemplates }: Spec,
  { gates }: PodValidationOptions,
): FieldError[] {
  const path = specPath.child("volumeClaimTemplates");
  const options = claimSpecOptions(undefined, gates);
  return (volumeClaimTemplates ?? []).flatMap(({ spec }, index) =>
    validatePersistentVolumeClaimSpec(spec, path.index(index).child("spec"), options),
  );
}

function validateTemplate(spec: Spec, options: PodValidationOptions, skipTemplate: boolean): FieldError[] {
  const selector = usableSelector(spec.selector);
  if (!selector)
    return [invalid(specPath.child("selector"), goMetaValue("LabelSelector", spec.selector), "")];
  const path = specPath.child("template");
  const template = templateOfPods(spec);
  const { labels, annotations } = template.metadata ?? {};
  const annotationsPath = path.child("annotations");
  return [
    ...validateTemplateLabels(template, selector, path),
    ...(skipTemplate ? [] : validatePodTemplateSpec(template, path, options)),
    ...validateLabels(labels, path.child("labels")),
    ...validateAnnotations(annotations, annotationsPath),
    ...validatePodAnnotations(annotations ?? {}, template.spec, annotationsPath, options),
  ];
}

/** The template with what the controller makes of it: a pod's own name, and volumes for its claims. */
function templateOfPods({ template, volumeClaimTemplates = [] }: Spec): PodTemplateSpec {
  const { subdomain: _subdomain, hostname: _hostname, ...spec } = template.spec;
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ""));
  const claimed = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...template, spec: { ...spec, volumes: [...claimed, ...others] } };
}

/** ValidateStatefulSetStatusUpdate. */
export function validateStatefulSetStatusUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const { status } = set;
  const counts = [
    "replicas",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "availableReplicas",
    "observedGeneration",
    "collisionCount",
  ] as const;
  const parts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const;
  return [
    ...validateCounts(status, counts, statusPath),
    ...validateAtMost(status, parts, "replicas", "cannot be greater than status.replicas", statusPath),
    ...validateAtMost(
      status,
      ["availableReplicas"],
      "readyReplicas",
      "cannot be greater than status.readyReplicas",
      statusPath,
    ),
    ...validateObjectMetaUpdate(set.metadata, old.metadata),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount, statusPath),
  ];
}
