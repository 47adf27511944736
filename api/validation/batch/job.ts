/** Source: pkg/apis/batch/validation/validation.go (Job) and validationOptionsForJob of pkg/registry/batch/job. */
import type { PodSpec, PodTemplateSpec } from "../../core-types.ts";
import type { FeatureGates } from "../../feature-gates.ts";
import { goMetaValue, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateTemplateLabels } from "../apps/pod-template.ts";
import { goPodSpec, goPodTemplate } from "../core/pod-go-layout.ts";
import { type PodValidationOptions, templateValidationOptions } from "../core/pod-options.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { selectorHasInvalidLabelValue, validateLabelSelector } from "../labels.ts";
import { checkDns1123Label, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { usableSelector } from "../usable-selector.ts";
import { immutableError, validateImmutable, validateImmutableSelector } from "../values.ts";
import { goPodFailurePolicy, goSuccessPolicy } from "./go-layout.ts";
import { isConditionTrue } from "./job-conditions.ts";
import { validateJobSpec } from "./job-spec.ts";

type Job = ObjectOf<"io.k8s.api.batch.v1.Job">;
type Spec = Job["spec"];

const specPath = FieldPath.of("spec");
const templatePath = specPath.child("template");

/** Labels by which a Job finds its pods: the UID's and the name's, each with and without prefix. */
export const jobLabels = {
  controllerUid: "batch.kubernetes.io/controller-uid",
  jobName: "batch.kubernetes.io/job-name",
  legacyControllerUid: "controller-uid",
  legacyJobName: "job-name",
} as const;

interface Options {
  pod: PodValidationOptions;
  requirePrefixedLabels: boolean;
}

/** ValidateJob, of a new Job. */
export function validateJob(job: Job, gates: FeatureGates): FieldError[] {
  return validate(job, { pod: templateValidationOptions(gates), requirePrefixedLabels: true });
}

function validate(job: Job, options: Options): FieldError[] {
  return [
    ...validateObjectMeta(job.metadata, true, nameIsDnsSubdomain),
    ...validateGeneratedSelector(job, options.requirePrefixedLabels),
    ...validateSpec(job.spec, options.pod),
    ...validatePodHostnames(job),
  ];
}

/** A selector that the server made is as it made it. */
function validateGeneratedSelector({ metadata, spec }: Job, prefixed: boolean): FieldError[] {
  const { name = "", uid = "" } = metadata;
  if (spec.manualSelector || !spec.selector) return [];
  const errors = uid === "" ? [required("metadata.uid")] : [];
  const expected: Record<string, string> = {
    [jobLabels.legacyControllerUid]: uid,
    [jobLabels.legacyJobName]: name,
    ...(prefixed ? { [jobLabels.controllerUid]: uid, [jobLabels.jobName]: name } : {}),
  };
  const labels = spec.template.metadata.labels ?? {};
  for (const [key, value] of Object.entries(expected)) {
    const path = templatePath.child("metadata", "labels").key(key);
    if (!Object.hasOwn(labels, key)) errors.push(required(path, `must be '${value}'`));
    else if (labels[key] !== value) errors.push(invalid(path, labels, `must be '${value}'`));
  }
  const selector = usableSelector(spec.selector);
  if (selector && !selector.matches(expected)) {
    errors.push(
      invalid(
        specPath.child("selector"),
        goMetaValue("LabelSelector", spec.selector),
        "`selector` not auto-generated",
      ),
    );
  }
  return errors;
}

/** ValidateJobSpec. */
function validateSpec(spec: Spec, options: PodValidationOptions): FieldError[] {
  const errors = validateJobSpec(spec, specPath, options);
  const path = specPath.child("selector");
  if (spec.selector) {
    const { allowInvalidLabelValueInSelector: allowInvalidLabelValue } = options;
    errors.push(...validateLabelSelector(spec.selector, { allowInvalidLabelValue }, path));
  } else errors.push(required(path));
  const selector = usableSelector(spec.selector);
  return selector ? [...errors, ...validateTemplateLabels(spec.template, selector, templatePath)] : errors;
}

/** Pods of an indexed Job are called after it, with their index. */
function validatePodHostnames({ metadata, spec }: Job): FieldError[] {
  const { completionMode, completions = 0 } = spec;
  if (completionMode !== "Indexed" || completions <= 0) return [];
  const longest = `${metadata.name ?? ""}-${completions - 1}`;
  if (checkDns1123Label(longest).length === 0) return [];
  const detail = `will not able to create pod with invalid DNS label: ${longest}`;
  return [invalid("metadata.name", metadata.name ?? "", detail)];
}

/** The ValidateUpdate of the strategy: everything is checked once as if it were new, and once more as an update. */
export function validateJobUpdate(job: Job, old: Job, gates: FeatureGates): FieldError[] {
  const oldLabels = old.spec.template.metadata.labels ?? {};
  const pod = templateValidationOptions(gates, old.spec.template);
  const options = {
    pod: {
      ...pod,
      allowInvalidLabelValueInSelector:
        pod.allowInvalidLabelValueInSelector || selectorHasInvalidLabelValue(old.spec.selector),
    },
    requirePrefixedLabels:
      Object.hasOwn(oldLabels, jobLabels.jobName) && Object.hasOwn(oldLabels, jobLabels.controllerUid),
  };
  const { spec } = job;
  const fixed = (key: keyof Spec) => validateImmutable(spec[key], old.spec[key], specPath.child(key));
  return [
    ...validate(job, options),
    ...validateObjectMetaUpdate(job.metadata, old.metadata),
    ...validateSpec(spec, options.pod),
    ...validateCompletions(spec, old.spec),
    ...validateImmutableSelector(spec.selector, old.spec.selector, specPath.child("selector")),
    ...validateTemplateUpdate(spec, old, gates),
    ...fixed("completionMode"),
    ...validateImmutableStruct("podFailurePolicy", goPodFailurePolicy, spec, old.spec),
    ...fixed("backoffLimitPerIndex"),
    ...fixed("managedBy"),
    ...validateImmutableStruct("successPolicy", goSuccessPolicy, spec, old.spec),
  ];
}

function validateImmutableStruct(
  key: "podFailurePolicy" | "successPolicy",
  layout: Parameters<typeof goValue>[0],
  spec: Spec,
  old: Spec,
): FieldError[] {
  const value = spec[key];
  if (semanticEqual(value, old[key])) return [];
  return [invalid(specPath.child(key), value ? goValue(layout, value) : null, immutableError)];
}

/** Indexed Jobs may grow and shrink, but only together with their parallelism. */
function validateCompletions(spec: Spec, old: Spec): FieldError[] {
  const path = specPath.child("completions");
  const { completions, parallelism } = spec;
  if (spec.completionMode !== "Indexed") return validateImmutable(completions, old.completions, path);
  if (completions === undefined || completions === old.completions || completions === parallelism) return [];
  return [invalid(path, completions, "can only be modified in tandem with spec.parallelism")];
}

/** validatePodTemplateUpdate: a suspended Job's template may change where its pods run and what they get. */
function validateTemplateUpdate({ template }: Spec, old: Job, gates: FeatureGates): FieldError[] {
  const suspended = old.spec.suspend ?? false;
  const notStarted = old.status.startTime === undefined;
  const idle =
    suspended && (notStarted || isConditionTrue(old, "Suspended")) && (old.status.active ?? 0) === 0;
  const mutableScheduling = gates.enabled("MutableSchedulingDirectivesForSuspendedJobs")
    ? idle
    : suspended && notStarted;
  const mutableResources = gates.enabled("MutablePodResourcesForSuspendedJobs") && idle;
  const allowed = mutableScheduling
    ? withSchedulingOf(template, old.spec.template)
    : structuredClone(old.spec.template);
  if (!mutableResources) {
    if (semanticEqual(template, allowed)) return [];
    return [invalid(templatePath, goPodTemplate(template), immutableError)];
  }
  takeResources(allowed.spec, template.spec);
  if (semanticEqual(template.spec, allowed.spec)) return [];
  return [invalid(specPath.child("template.spec"), goPodSpec(template.spec), immutableError)];
}

/** The old template with the scheduling directives of the new one. */
function withSchedulingOf(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  const merged = structuredClone(old);
  takeFields(merged.spec, template.spec, ["nodeSelector", "tolerations", "schedulingGates"]);
  takeFields(merged.metadata, template.metadata, ["annotations", "labels"]);
  const { affinity } = template.spec;
  if (affinity || merged.spec.affinity) {
    merged.spec.affinity ??= {};
    takeFields(merged.spec.affinity, affinity ?? {}, ["nodeAffinity"]);
    // An affinity that only said which nodes may go altogether.
    if (!affinity && Object.keys(merged.spec.affinity).length === 0) delete merged.spec.affinity;
  }
  return merged;
}

function takeFields<T extends object>(target: T, source: T, fields: readonly (keyof T)[]): void {
  for (const field of fields) {
    if (source[field] === undefined) delete target[field];
    else target[field] = source[field];
  }
}

/** Gives the old containers the resources of the new ones of the same name. */
function takeResources(old: PodSpec, spec: PodSpec): void {
  for (const key of ["containers", "initContainers"] as const) {
    const containers = spec[key] ?? [];
    const before = old[key] ?? [];
    if (containers.length !== before.length) continue;
    containers.forEach(({ name, resources }, index) => {
      const container = before[index]!;
      if (container.name === name) container.resources = resources;
    });
  }
}
