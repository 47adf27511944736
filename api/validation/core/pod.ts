/**
 * Pods on create and update.
 * Source: ValidatePodCreate, ValidatePodUpdate and ValidatePodEphemeralContainersUpdate in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container, NodeAffinity, NodeSelectorTerm, Pod, PodSpec } from "../../core-types.ts";
import { goDiff } from "../../go-diff.ts";
import { goQuote } from "../../go-format.ts";
import { goValue } from "../../go-value.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "../field.ts";
import { inclusiveRangeError, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import {
  mirrorPodAnnotation,
  validatePodAnnotations,
  validatePodAnnotationUpdate,
} from "./pod-annotations.ts";
import { validateImageSpace } from "./pod-containers.ts";
import { coreLayout, goPodSpec } from "./pod-go-layout.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validatePodSpec } from "./pod-spec.ts";
import { validateProfileAnnotations } from "./profile-annotations.ts";
import { alignQuantities } from "./resource-alignment.ts";
import { validateOnlyAddedTolerations } from "./tolerations.ts";

const annotationsPath = FieldPath.of("metadata", "annotations");
const specPath = FieldPath.of("spec");

const noSpec: PodSpec = Object.freeze({ containers: [] });

/** ValidatePodCreate. */
export function validatePodCreate(pod: Pod, options: PodValidationOptions): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod, options);
  const spec = pod.spec ?? noSpec;
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(specPath.child("ephemeralContainers"), "cannot be set on create"));
  }
  if (spec.nodeName && spec.schedulingGates?.length) {
    const detail = "cannot be set until all schedulingGates have been cleared";
    errors.push(forbidden(specPath.child("nodeName"), detail));
  }
  errors.push(...validateProfileAnnotations(pod.metadata.annotations, spec, specPath));
  return errors;
}

/** validatePodMetadataAndSpec: what holds for a pod at any time. */
export function validatePodMetadataAndSpec(pod: Pod, options: PodValidationOptions): FieldError[] {
  const spec = pod.spec ?? noSpec;
  const errors = validateObjectMeta(pod.metadata, true, nameIsDnsSubdomain);
  errors.push(...validatePodAnnotations(pod.metadata.annotations, spec, annotationsPath, options));
  errors.push(...validatePodSpec(spec, pod.metadata, specPath, options));
  if (!spec.serviceAccountName) errors.push(...refuseServiceAccountTokens(spec));
  for (const field of ["containers", "initContainers"] as const) {
    spec[field]?.forEach((container, index) => {
      errors.push(...validateImageSpace(container, specPath.child(field).index(index)));
    });
  }
  return errors;
}

function refuseServiceAccountTokens({ volumes }: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  volumes?.forEach(({ projected }, index) => {
    projected?.sources?.forEach(({ serviceAccountToken }, sourceIndex) => {
      if (!serviceAccountToken) return;
      const source = specPath.child("volumes").index(index).child("projected", "sources").index(sourceIndex);
      const detail = "must not be specified when serviceAccountName is not set";
      errors.push(forbidden(source.child("serviceAccountToken"), detail));
    });
  });
  return errors;
}

/** What a running pod lets itself be told, as upstream lists it. */
const updatableFields = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** ValidatePodUpdate. */
export function validatePodUpdate(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const spec = pod.spec ?? noSpec;
  const oldSpec = old.spec ?? noSpec;
  const errors = validateCommonUpdate(pod, old, options);
  for (const field of ["containers", "initContainers"] as const) {
    const path = specPath.child(field);
    if ((spec[field]?.length ?? 0) !== (oldSpec[field]?.length ?? 0)) {
      return [...errors, forbidden(path, "pod updates may not add or remove containers")];
    }
    errors.push(...validateImages(spec[field] ?? [], path));
  }
  const deadline = validateDeadlineUpdate(spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  const tolerationsPath = specPath.child("tolerations");
  errors.push(
    ...validateOnlyAddedTolerations(
      spec.tolerations ?? [],
      oldSpec.tolerations ?? [],
      tolerationsPath,
      options,
    ),
    ...validateOnlyDeletedGates(spec, oldSpec),
    ...validateFixedSpec(spec, oldSpec),
  );
  return errors;
}

/** What every way of changing a pod looks at first. */
export function validateCommonUpdate(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const { annotations } = pod.metadata;
  const spec = pod.spec ?? noSpec;
  return [
    ...validateObjectMetaUpdate(pod.metadata, old.metadata),
    ...validatePodMetadataAndSpec(pod, options),
    ...validatePodAnnotationUpdate(annotations, old.metadata.annotations, spec, annotationsPath, options),
  ];
}

/** ValidateContainerUpdates. */
function validateImages(containers: readonly Container[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  containers.forEach((container, index) => {
    const at = path.index(index);
    if (!container.image) errors.push(required(at.child("image")));
    errors.push(...validateImageSpace(container, at));
  });
  return errors;
}

const longestDeadline = 2147483647;

function validateDeadlineUpdate(
  deadline: number | undefined,
  old: number | undefined,
): { errors: FieldError[]; stop: boolean } {
  const path = specPath.child("activeDeadlineSeconds");
  if (deadline === undefined) {
    if (old === undefined) return { errors: [], stop: false };
    const detail = "must not update from a positive integer to nil value";
    return { errors: [invalid(path, null, detail)], stop: false };
  }
  if (deadline < 0 || deadline > longestDeadline) {
    return { errors: [invalid(path, deadline, inclusiveRangeError(0, longestDeadline))], stop: true };
  }
  if (old === undefined || old >= deadline) return { errors: [], stop: false };
  return { errors: [invalid(path, deadline, "must be less than or equal to previous value")], stop: true };
}

/** validateOnlyDeletedSchedulingGates. */
function validateOnlyDeletedGates(spec: PodSpec, old: PodSpec): FieldError[] {
  const known = new Set(old.schedulingGates?.map(({ name }) => name));
  const added = new Map<string, number>();
  spec.schedulingGates?.forEach(({ name }, index) => {
    if (!known.has(name)) added.set(name, index);
  });
  return [...added].map(([name, index]) =>
    forbidden(
      specPath.child("schedulingGates").index(index).child("name"),
      `only deletion is allowed, but found new scheduling gate '${name}'`,
    ),
  );
}

/** All but the updatable fields must stay as they are; a gated pod may still be narrowed to fewer nodes. */
function validateFixedSpec(spec: PodSpec, old: PodSpec): FieldError[] {
  if (semanticEqual(spec, old)) return [];
  const errors: FieldError[] = [];
  const munged: PodSpec = {
    ...spec,
    containers: withImagesOf(spec.containers, old.containers) ?? [],
    initContainers: withImagesOf(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
  };
  if (old.terminationGracePeriodSeconds! < 0 && spec.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  }
  if (old.schedulingGates?.length) errors.push(...validateNarrowing(munged, old));
  if (semanticEqual(alignQuantities(munged, old), old)) return errors;
  const diff = goDiff(goPodSpec(old), goPodSpec(munged));
  const detail = `pod updates may not change fields other than ${updatableFields}\n${diff}`;
  return [...errors, forbidden(specPath, detail)];
}

function withImagesOf(
  containers: Container[] | undefined,
  old: readonly Container[] | undefined,
): Container[] | undefined {
  return containers?.map((container, index) => ({ ...container, image: old![index]!.image }));
}

/** Checks the node selector and affinity of a gated pod, and takes them for unchanged then. */
function validateNarrowing(munged: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!semanticEqual(munged.nodeSelector, old.nodeSelector)) {
    errors.push(...validateNodeSelectorMutation(munged.nodeSelector, old.nodeSelector));
    munged.nodeSelector = old.nodeSelector;
  }
  const before = old.affinity?.nodeAffinity;
  if (semanticEqual(before, munged.affinity?.nodeAffinity)) return errors;
  errors.push(...validateNodeAffinityMutation(munged.affinity?.nodeAffinity, before));
  const { podAffinity, podAntiAffinity } = munged.affinity ?? {};
  const isBare = !old.affinity && !podAffinity && !podAntiAffinity;
  munged.affinity = isBare ? undefined : { ...munged.affinity, nodeAffinity: before };
  return errors;
}

function validateNodeSelectorMutation(
  selector: Readonly<Record<string, string>> | undefined,
  old: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const kept = Object.entries(old ?? {}).every(
    ([key, value]) => selector && Object.hasOwn(selector, key) && selector[key] === value,
  );
  if (kept) return [];
  const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return [invalid(specPath.child("nodeSelector"), selector ?? null, detail)];
}

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";

function validateNodeAffinityMutation(
  affinity: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
): FieldError[] {
  const oldTerms = old?.[requiredTerms]?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return [];
  const terms = affinity?.[requiredTerms]?.nodeSelectorTerms;
  const path = specPath.child("affinity", "nodeAffinity", requiredTerms, "nodeSelectorTerms");
  const layout = coreLayout("NodeSelectorTerm");
  if (terms?.length !== oldTerms.length) {
    const value = terms?.map((term) => goValue(layout, term));
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalid(path, value, detail)];
  }
  return oldTerms.flatMap((term, index) => {
    if (hasOnlyAdditions(terms[index]!, term)) return [];
    const value = goValue(layout, terms[index]!);
    return [invalid(path.index(index), value, "only additions are allowed (no mutations or deletions)")];
  });
}

/** An empty term matches nothing: anything in it would widen it. */
function hasOnlyAdditions(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  const before = { expressions: old.matchExpressions ?? [], fields: old.matchFields ?? [] };
  if (before.expressions.length + before.fields.length === 0) {
    return matchExpressions.length + matchFields.length === 0;
  }
  return (
    semanticEqual(matchExpressions.slice(0, before.expressions.length), before.expressions) &&
    semanticEqual(matchFields.slice(0, before.fields.length), before.fields)
  );
}

/** ValidatePodEphemeralContainersUpdate: they come, but never go. */
export function validateEphemeralContainersUpdate(
  pod: Pod,
  old: Pod,
  options: PodValidationOptions,
): FieldError[] {
  if (old.metadata.annotations && Object.hasOwn(old.metadata.annotations, mirrorPodAnnotation)) {
    return [forbidden("", "static pods do not support ephemeral containers")];
  }
  const errors = validateCommonUpdate(pod, old, options);
  const path = specPath.child("ephemeralContainers");
  const layout = coreLayout("EphemeralContainer");
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const now = pod.spec?.ephemeralContainers?.findLast(({ name }) => name === before.name);
    const which = `existing ephemeral containers ${goQuote(before.name)}`;
    if (!now) {
      errors.push(forbidden(path, `${which} may not be removed\n`));
    } else if (!semanticEqual(before, now)) {
      const diff = goDiff(goValue(layout, before), goValue(layout, now));
      errors.push(forbidden(path, `${which} may not be changed\n${diff}`));
    }
  }
  return errors;
}
