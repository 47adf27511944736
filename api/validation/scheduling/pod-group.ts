/**
 * Source: pkg/apis/scheduling/validation/validation.go and the declarative rules of pkg/apis/scheduling/v1alpha2, which
 * PodGroup enforces.
 */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import {
  type Check,
  checkObject,
  each,
  forbiddenField,
  forbiddenPointer,
  immutable,
  maxItems,
  maximum,
  minimum,
  oneOf,
  requiredPointer,
  requiredValue,
  struct,
  text,
  union,
  unique,
  unlessEnabled,
  whenEnabled,
} from "../declarative.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { validateConditions } from "../labels.ts";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkQualifiedName,
  nameIsDnsSubdomain,
} from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type PodGroup = ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">;
type Spec = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupSpec"];
type Status = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupStatus"];
type Policy = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingPolicy"];
type Gang = Schemas["io.k8s.api.scheduling.v1alpha2.GangSchedulingPolicy"];
type Constraints = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingConstraints"];
type Topology = Schemas["io.k8s.api.scheduling.v1alpha2.TopologyConstraint"];
type Claim = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupResourceClaim"];
type ClaimStatus = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupResourceClaimStatus"];
type TemplateReference = Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupTemplateReference"];
type WorkloadReference = Schemas["io.k8s.api.scheduling.v1alpha2.WorkloadPodGroupTemplateReference"];

const topologyGate = "TopologyAwareWorkloadScheduling";
export const preemptionGate = "WorkloadAwarePreemption";

const maxClaims = 4;

export const longName: Check<string> = text(checkDns1123Subdomain);
export const shortName: Check<string> = text(checkDns1123Label);

const gang = struct<Gang>({ minCount: { first: [requiredValue], checks: [minimum(1)] } });

export const schedulingPolicy: Check<Policy> = struct<Policy>(
  { gang: { optional: "pointer", checks: [gang] } },
  union("basic", "gang"),
);

const topology = struct<Topology>({ key: { first: [requiredValue], checks: [text(checkQualifiedName)] } });

const constraints = struct<Constraints>({
  topology: { first: [maxItems(1)], optional: "value", checks: [each(topology)] },
});

const claim = struct<Claim>(
  {
    name: { first: [requiredValue], checks: [shortName] },
    resourceClaimName: { optional: "pointer", checks: [longName] },
    resourceClaimTemplateName: { optional: "pointer", checks: [longName] },
  },
  union("resourceClaimName", "resourceClaimTemplateName"),
);

const nameOf = ({ name }: { name?: string }): string => name ?? "";

/** The fields that a PodGroup and a Workload's template of one have in common; `fixed` ones never change. */
export const schedulingConstraints = (fixed: readonly Check<unknown>[]) =>
  ({
    first: [
      unlessEnabled(topologyGate, forbiddenPointer),
      ...fixed.map((check) => whenEnabled(topologyGate, check)),
    ],
    optional: "pointer",
    checks: [constraints],
  }) as const;

export const resourceClaims = {
  first: [immutable, maxItems(maxClaims)],
  optional: "value",
  checks: [unique(nameOf), each(claim, nameOf)],
} as const;

export const disruptionMode = (fixed: readonly Check<unknown>[]) =>
  ({
    first: [
      unlessEnabled(preemptionGate, forbiddenPointer),
      ...fixed.map((check) => whenEnabled(preemptionGate, check)),
    ],
    optional: "pointer",
    checks: [oneOf("Pod", "PodGroup")],
  }) as const;

export const priorityClassName = (fixed: readonly Check<unknown>[]) =>
  ({
    first: [
      unlessEnabled(preemptionGate, forbiddenField),
      ...fixed.map((check) => whenEnabled(preemptionGate, check)),
    ],
    optional: "value",
    checks: [whenEnabled(preemptionGate, longName)],
  }) as const;

export const priority = (fixed: readonly Check<unknown>[]) =>
  ({
    first: [
      unlessEnabled(preemptionGate, forbiddenPointer),
      ...fixed.map((check) => whenEnabled(preemptionGate, check)),
    ],
    optional: "pointer",
    checks: [
      whenEnabled(preemptionGate, maximum(1_000_000_000)),
      whenEnabled(preemptionGate, minimum(-(2 ** 31))),
    ],
  }) as const;

const workload = struct<WorkloadReference>({
  workloadName: { first: [requiredValue], checks: [longName] },
  podGroupTemplateName: { first: [requiredValue], checks: [shortName] },
});

const templateReference = struct<TemplateReference>(
  { workload: { optional: "pointer", checks: [workload] } },
  union("workload"),
);

const spec = struct<Spec>({
  podGroupTemplateRef: { first: [immutable], optional: "pointer", checks: [templateReference] },
  schedulingPolicy: { first: [immutable], checks: [schedulingPolicy] },
  schedulingConstraints: schedulingConstraints([immutable]),
  resourceClaims,
  disruptionMode: disruptionMode([requiredPointer, immutable]),
  priorityClassName: priorityClassName([immutable]),
  priority: priority([immutable]),
});

const claimStatus = struct<ClaimStatus>({
  resourceClaimName: { optional: "pointer", checks: [longName] },
});

const status = struct<Status>({
  resourceClaimStatuses: {
    first: [maxItems(maxClaims)],
    optional: "value",
    checks: [unique(nameOf), each(claimStatus, nameOf)],
  },
});

const rules = { spec: { checks: [spec] }, status: { checks: [status] } } as const;

/** ValidatePodGroup. */
export function validatePodGroup(group: PodGroup, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMeta(group.metadata, true, nameIsDnsSubdomain),
    ...checkObject<PodGroup>(rules, group, undefined, gates),
  ];
}

/** ValidatePodGroupUpdate. */
export function validatePodGroupUpdate(group: PodGroup, old: PodGroup, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMetaUpdate(group.metadata, old.metadata),
    ...checkObject<PodGroup>(rules, group, old, gates),
  ];
}

/** ValidatePodGroupStatusUpdate. */
export function validatePodGroupStatusUpdate(
  group: PodGroup,
  old: PodGroup,
  gates: FeatureGates,
): FieldError[] {
  const path = FieldPath.of("status");
  const { conditions = [], resourceClaimStatuses = [] } = group.status ?? {};
  const errors = validateObjectMetaUpdate(group.metadata, old.metadata);
  errors.push(...validateConditions(conditions, path.child("conditions")));
  const claims = new Set((group.spec?.resourceClaims ?? []).map(nameOf));
  resourceClaimStatuses.forEach(({ name = "" }, index) => {
    if (claims.has(name)) return;
    const at = path.child("resourceClaimStatuses").index(index).child("name");
    errors.push(invalid(at, name, "must match the name of an entry in `spec.resourceClaims`"));
  });
  return [...errors, ...checkObject<PodGroup>(rules, group, old, gates)];
}
