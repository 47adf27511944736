/** Affinity of pods. Source: validateAffinity in k8s.io/kubernetes/pkg/apis/core/validation/validation.go. */
import type { Affinity, NodeAffinity, PodAffinityTerm } from "../../core-types.ts";
import { type FieldError, type FieldPath, invalid, required } from "../field.ts";
import { type LabelSelectorOptions, validateLabelName, validateLabelSelector } from "../labels.ts";
import { nameIsDnsLabel } from "../names.ts";
import { validateNodeSelector, validateNodeSelectorTerm } from "./node-selectors.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validateLabelKeys } from "./topology-spread.ts";

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(
  { nodeAffinity, podAffinity, podAntiAffinity }: Affinity,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (nodeAffinity) errors.push(...validateNodeAffinity(nodeAffinity, path.child("nodeAffinity"), options));
  if (podAffinity) errors.push(...validatePodTerms(podAffinity, path.child("podAffinity"), options));
  if (podAntiAffinity) {
    errors.push(...validatePodTerms(podAntiAffinity, path.child("podAntiAffinity"), options));
  }
  return errors;
}

function validateWeight(errors: FieldError[], weight: number | undefined, path: FieldPath): void {
  const value = weight ?? 0;
  if (value <= 0 || value > 100) {
    errors.push(invalid(path.child("weight"), value, "must be in the range 1-100"));
  }
}

function validateNodeAffinity(
  affinity: NodeAffinity,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const needed = affinity[requiredTerms];
  if (needed) {
    const allowInvalid = options.allowInvalidLabelValueInNodeAffinity;
    errors.push(...validateNodeSelector(needed, allowInvalid, path.child(requiredTerms)));
  }
  affinity[preferredTerms]?.forEach(({ weight, preference }, index) => {
    const at = path.child(preferredTerms).index(index);
    validateWeight(errors, weight, at);
    errors.push(...validateNodeSelectorTerm(preference ?? {}, true, at.child("preference")));
  });
  return errors;
}

type PodTerms = NonNullable<Affinity["podAffinity"]>;

function validatePodTerms(affinity: PodTerms, path: FieldPath, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = [];
  const selectorOptions = { allowInvalidLabelValue: options.allowInvalidLabelValueInSelector };
  affinity[requiredTerms]?.forEach((term, index) => {
    errors.push(...validateTerm(term, selectorOptions, path.child(requiredTerms).index(index)));
  });
  affinity[preferredTerms]?.forEach(({ weight, podAffinityTerm }, index) => {
    const at = path.child(preferredTerms).index(index);
    validateWeight(errors, weight, at);
    errors.push(...validateTerm(podAffinityTerm, selectorOptions, at.child("podAffinityTerm")));
  });
  return errors;
}

function validateTerm(term: PodAffinityTerm, options: LabelSelectorOptions, path: FieldPath): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces, topologyKey = "" } = term;
  const errors = [
    ...validateLabelSelector(labelSelector, options, path.child("labelSelector")),
    ...validateLabelSelector(namespaceSelector, options, path.child("namespaceSelector")),
  ];
  for (const name of namespaces ?? []) {
    for (const problem of nameIsDnsLabel(name, false)) {
      errors.push(invalid(path.child("namespace"), name, problem));
    }
  }
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  errors.push(...validateLabelKeys(path, matchLabelKeys, mismatchLabelKeys, labelSelector));
  if (!topologyKey) errors.push(required(path.child("topologyKey"), "can not be empty"));
  errors.push(...validateLabelName(topologyKey, path.child("topologyKey")));
  return errors;
}
