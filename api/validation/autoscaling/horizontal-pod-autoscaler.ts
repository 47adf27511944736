/**
 * Source: pkg/apis/autoscaling/validation/validation.go, and the options of
 * pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go.
 */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import { validateNonnegativeQuantity } from "../core/resource-quantities.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkPathSegmentName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { notPositiveError, validateNonnegative } from "../values.ts";
import { validateMetricSpec } from "./metrics.ts";

type Autoscaler = ObjectOf<"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler">;
type Behavior = Schemas["io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior"];
type ScalingRules = Schemas["io.k8s.api.autoscaling.v2.HPAScalingRules"];
type ScalingPolicy = Schemas["io.k8s.api.autoscaling.v2.HPAScalingPolicy"];
type Reference = Schemas["io.k8s.api.autoscaling.v2.CrossVersionObjectReference"];

export interface ReferenceOptions {
  allowEmptyApiGroup: boolean;
  allowInvalidApiVersion: boolean;
}

interface Options {
  minReplicas: number;
  target: ReferenceOptions;
  objects: ReferenceOptions;
}

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

const maxPeriodSeconds = 1800;
const maxStabilizationSeconds = 3600;
const selectPolicies = ["Disabled", "Max", "Min"];
const policyTypes = ["Percent", "Pods"];

/** ValidateHorizontalPodAutoscaler. */
export function validateHorizontalPodAutoscaler(autoscaler: Autoscaler, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMeta(autoscaler.metadata, true, nameIsDnsSubdomain),
    ...validateSpec(autoscaler.spec, optionsFor(autoscaler, undefined, gates)),
  ];
}

/** ValidateHorizontalPodAutoscalerUpdate. */
export function validateHorizontalPodAutoscalerUpdate(
  autoscaler: Autoscaler,
  old: Autoscaler,
  gates: FeatureGates,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(autoscaler.metadata, old.metadata),
    ...validateSpec(autoscaler.spec, optionsFor(autoscaler, old, gates)),
  ];
}

/** ValidateHorizontalPodAutoscalerStatusUpdate. */
export function validateHorizontalPodAutoscalerStatusUpdate(
  autoscaler: Autoscaler,
  old: Autoscaler,
): FieldError[] {
  const { currentReplicas = 0, desiredReplicas = 0 } = autoscaler.status;
  return [
    ...validateObjectMetaUpdate(autoscaler.metadata, old.metadata),
    ...validateNonnegative(currentReplicas, statusPath.child("currentReplicas")),
    ...validateNonnegative(desiredReplicas, statusPath.child("desiredReplicas")),
  ];
}

function optionsFor({ spec }: Autoscaler, old: Autoscaler | undefined, gates: FeatureGates): Options {
  const target = { allowEmptyApiGroup: false, allowInvalidApiVersion: false };
  const objects = { allowEmptyApiGroup: true, allowInvalidApiVersion: false };
  const { apiVersion = "", kind } = spec.scaleTargetRef;
  const before = old?.spec.scaleTargetRef;
  if (before && (before.apiVersion ?? "") === apiVersion && before.kind === kind) {
    target.allowInvalidApiVersion = true;
  } else if (kind === "ReplicationController") {
    target.allowEmptyApiGroup = true;
  }
  objects.allowInvalidApiVersion = (old?.spec.metrics ?? []).some(
    ({ type, object }) =>
      type === "Object" && object && apiVersionProblem(object.describedObject, objects) !== undefined,
  );
  const toZero = gates.enabled("HPAScaleToZero") || old?.spec.minReplicas === 0;
  return { minReplicas: toZero ? 0 : 1, target, objects };
}

function validateSpec(spec: Autoscaler["spec"], options: Options): FieldError[] {
  const errors: FieldError[] = [];
  const { minReplicas, maxReplicas = 0, metrics = [] } = spec;
  const maxPath = specPath.child("maxReplicas");
  if (minReplicas !== undefined && minReplicas < options.minReplicas) {
    const detail = `must be greater than or equal to ${options.minReplicas}`;
    errors.push(invalid(specPath.child("minReplicas"), minReplicas, detail));
  }
  if (maxReplicas === 0) errors.push(required(maxPath, "must be set and greater than 0"));
  else if (maxReplicas < 0) errors.push(invalid(maxPath, maxReplicas, "must be greater than or equal to 1"));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid(maxPath, maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  errors.push(...validateReference(spec.scaleTargetRef, specPath.child("scaleTargetRef"), options.target));
  const metricsPath = specPath.child("metrics");
  metrics.forEach((metric, index) => {
    errors.push(...validateMetricSpec(metric, metricsPath.index(index), options.objects));
  });
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External")) {
    const detail = "must specify at least one Object or External metric to support scaling to zero replicas";
    errors.push(forbidden(metricsPath, detail));
  }
  errors.push(...validateBehavior(spec.behavior, specPath.child("behavior")));
  return errors;
}

/** ValidateCrossVersionObjectReference. */
export function validateReference(
  reference: Reference,
  path: FieldPath,
  options: ReferenceOptions,
): FieldError[] {
  const { kind = "", name = "", apiVersion = "" } = reference;
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries({ kind, name })) {
    const at = path.child(key);
    if (value === "") errors.push(required(at));
    else errors.push(...invalidText(at, value, checkPathSegmentName(value)));
  }
  const problem = apiVersionProblem(reference, options);
  if (problem !== undefined) errors.push(invalid(path.child("apiVersion"), apiVersion, problem));
  return errors;
}

/** ValidateAPIVersion. */
function apiVersionProblem({ apiVersion = "" }: Reference, options: ReferenceOptions): string | undefined {
  if (options.allowInvalidApiVersion) return undefined;
  const parts = apiVersion === "/" ? [""] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? parts[0] : "";
  if (!options.allowEmptyApiGroup && group === "") return "apiVersion must specify API group";
  return undefined;
}

function validateBehavior(behavior: Behavior | undefined, path: FieldPath): FieldError[] {
  if (!behavior) return [];
  return [
    ...validateScalingRules(behavior.scaleUp, path.child("scaleUp")),
    ...validateScalingRules(behavior.scaleDown, path.child("scaleDown")),
  ];
}

function validateScalingRules(rules: ScalingRules | undefined, path: FieldPath): FieldError[] {
  if (!rules) return [];
  const errors: FieldError[] = [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const windowPath = path.child("stabilizationWindowSeconds");
  if (window !== undefined && window < 0) {
    errors.push(invalid(windowPath, window, "must be greater than or equal to zero"));
  }
  if (window !== undefined && window > maxStabilizationSeconds) {
    errors.push(invalid(windowPath, window, `must be less than or equal to ${maxStabilizationSeconds}`));
  }
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) {
    errors.push(notSupported(path.child("selectPolicy"), selectPolicy, selectPolicies));
  }
  const policiesPath = path.child("policies");
  if (policies.length === 0) errors.push(required(policiesPath, "must specify at least one Policy"));
  policies.forEach((policy, index) => {
    errors.push(...validateScalingPolicy(policy, policiesPath.index(index)));
  });
  if (tolerance !== undefined) {
    errors.push(...validateNonnegativeQuantity(tolerance, path.child("tolerance")));
  }
  return errors;
}

function validateScalingPolicy(policy: ScalingPolicy, path: FieldPath): FieldError[] {
  const { type, value, periodSeconds } = policy;
  const errors: FieldError[] = [];
  if (!policyTypes.includes(type)) errors.push(notSupported(path.child("type"), type, policyTypes));
  if (value <= 0) errors.push(invalid(path.child("value"), value, notPositiveError));
  const periodPath = path.child("periodSeconds");
  if (periodSeconds <= 0) errors.push(invalid(periodPath, periodSeconds, notPositiveError));
  if (periodSeconds > maxPeriodSeconds) {
    errors.push(invalid(periodPath, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`));
  }
  return errors;
}
