/**
 * Source: pkg/apis/scheduling/validation/validation.go and the declarative rules of pkg/apis/scheduling/v1alpha2, which
 * Workload enforces.
 */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import {
  checkObject,
  each,
  immutable,
  maxItems,
  requiredValue,
  struct,
  text,
  unique,
} from "../declarative.ts";
import type { FieldError } from "../field.ts";
import { checkPathSegmentName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import {
  disruptionMode,
  longName,
  priority,
  priorityClassName,
  resourceClaims,
  schedulingConstraints,
  schedulingPolicy,
  shortName,
} from "./pod-group.ts";

type Workload = ObjectOf<"io.k8s.api.scheduling.v1alpha2.Workload">;
type Spec = Schemas["io.k8s.api.scheduling.v1alpha2.WorkloadSpec"];
type Template = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupTemplate"];
type Reference = Schemas["io.k8s.api.scheduling.v1alpha2.TypedLocalObjectReference"];

const pathSegment = text(checkPathSegmentName);

const template = struct<Template>({
  name: { first: [requiredValue], checks: [shortName] },
  schedulingPolicy: { checks: [schedulingPolicy] },
  schedulingConstraints: schedulingConstraints([]),
  resourceClaims,
  disruptionMode: disruptionMode([]),
  priorityClassName: priorityClassName([]),
  priority: priority([]),
});

const controllerReference = struct<Reference>({
  apiGroup: { optional: "value", checks: [longName] },
  kind: { first: [requiredValue], checks: [pathSegment] },
  name: { first: [requiredValue], checks: [pathSegment] },
});

const nameOf = ({ name }: Template): string => name ?? "";

const spec = struct<Spec>({
  controllerRef: { first: [immutable], optional: "pointer", checks: [controllerReference] },
  podGroupTemplates: {
    first: [immutable, maxItems(8), requiredValue],
    checks: [unique(nameOf), each(template, nameOf)],
  },
});

const rules = { spec: { checks: [spec] } } as const;

/** ValidateWorkload. */
export function validateWorkload(workload: Workload, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMeta(workload.metadata, true, nameIsDnsSubdomain),
    ...checkObject<Workload>(rules, workload, undefined, gates),
  ];
}

/** ValidateWorkloadUpdate. */
export function validateWorkloadUpdate(workload: Workload, old: Workload, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMetaUpdate(workload.metadata, old.metadata),
    ...checkObject<Workload>(rules, workload, old, gates),
  ];
}
