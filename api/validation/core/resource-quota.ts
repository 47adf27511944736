/** Source: pkg/apis/core/validation/validation.go. */
import { goNullable, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { isStandardQuotaScope, quotaScopeFitsResource } from "../../quota-scopes.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";
import {
  isStandardQuotaResource,
  validateResourceName,
  validateResourceQuantity,
} from "./resource-quantities.ts";

type Quota = ObjectOf<"io.k8s.api.core.v1.ResourceQuota">;
type Spec = NonNullable<Quota["spec"]>;

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

/** ValidateResourceQuota. */
export const validateResourceQuota = (quota: Quota): FieldError[] => [
  ...validateObjectMeta(quota.metadata, true, nameIsDnsSubdomain),
  ...validateSpec(quota.spec ?? {}),
  ...validateStatus(quota),
];

/** ValidateResourceQuotaUpdate. */
export function validateResourceQuotaUpdate(quota: Quota, old: Quota): FieldError[] {
  const errors = validateObjectMetaUpdate(quota.metadata, old.metadata);
  errors.push(...validateSpec(quota.spec ?? {}));
  const before = old.spec?.scopes ?? [];
  const after = quota.spec?.scopes ?? [];
  if (!before.every((scope) => after.includes(scope)) || !after.every((scope) => before.includes(scope))) {
    errors.push(invalid(specPath.child("scopes"), quota.spec?.scopes, immutableError));
  }
  return errors;
}

/** ValidateResourceQuotaStatusUpdate. */
export function validateResourceQuotaStatusUpdate(quota: Quota, old: Quota): FieldError[] {
  const errors = validateObjectMetaUpdate(quota.metadata, old.metadata);
  if (!quota.metadata.resourceVersion) errors.push(required(FieldPath.of("resourceVersion")));
  return [...errors, ...validateStatus(quota)];
}

function validateStatus({ status }: Quota): FieldError[] {
  return [
    ...validateAmounts(status?.hard, statusPath.child("hard")),
    ...validateAmounts(status?.used, statusPath.child("used")),
  ];
}

function validateAmounts(amounts: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  return Object.entries(amounts).flatMap(([resource, quantity]) => [
    ...validateQuotaResourceName(resource, path.key(resource)),
    ...validateResourceQuantity(resource, quantity, path.key(resource)),
  ]);
}

/** ValidateResourceQuotaResourceName. */
function validateQuotaResourceName(resource: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(resource, path);
  if (resource.includes("/") || isStandardQuotaResource(resource)) return errors;
  return [...errors, invalid(path, resource, "must be a standard resource for quota")];
}

function validateSpec(spec: Spec): FieldError[] {
  return [
    ...validateAmounts(spec.hard, specPath.child("hard")),
    ...validateScopes(spec),
    ...validateScopeSelector(spec),
  ];
}

/** The standard resources that a scope cannot limit, in order. */
function unfit(scope: string, { hard = {} }: Spec): string[] {
  return Object.keys(hard)
    .sort()
    .filter((resource) => isStandardQuotaResource(resource) && !quotaScopeFitsResource(scope, resource));
}

const unknownScope = "unsupported scope";
const unfitScope = "unsupported scope applied to resource";

function validateScopes(spec: Spec): FieldError[] {
  const { scopes = [] } = spec;
  const wrong = (detail: string): FieldError => invalid(specPath.child("scopes"), scopes, detail);
  const errors = scopes.flatMap((scope) => [
    ...(isStandardQuotaScope(scope) ? [] : [wrong(unknownScope)]),
    ...unfit(scope, spec).map(() => wrong(unfitScope)),
  ]);
  return [...errors, ...conflicts(scopes).map(wrong)];
}

function conflicts(scopes: readonly string[]): string[] {
  return [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
  ]
    .filter((pair) => pair.every((scope) => scopes.includes(scope)))
    .map(() => "conflicting scopes");
}

const goScopeSelector = {
  MatchExpressions: goPointer("matchExpressions", {
    ScopeName: goString("scopeName"),
    Operator: goString("operator"),
    Values: goNullable("values"),
  }),
};

const podScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];
const existsOnly =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function validateScopeSelector(spec: Spec): FieldError[] {
  const { scopeSelector } = spec;
  if (!scopeSelector) return [];
  const path = specPath.child("scopeSelector", "matchExpressions");
  const requirements = scopeSelector.matchExpressions ?? [];
  const errors = requirements.flatMap(({ scopeName = "", operator = "", values = [] }) => [
    ...(isStandardQuotaScope(scopeName) ? [] : [invalid(path.child("scopeName"), scopeName, unknownScope)]),
    ...unfit(scopeName, spec).map(() => invalid(path, goValue(goScopeSelector, scopeSelector), unfitScope)),
    ...(podScopes.includes(scopeName) && operator !== "Exists"
      ? [invalid(path.child("operator"), operator, existsOnly)]
      : []),
    ...validateOperator(operator, values, path),
  ]);
  const names = requirements.map(({ scopeName }) => scopeName);
  // Upstream shows the scopes of the other field.
  return [...errors, ...conflicts(names).map((detail) => invalid(path, spec.scopes, detail))];
}

function validateOperator(operator: string, values: readonly string[], path: FieldPath): FieldError[] {
  const at = path.child("values");
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length > 0) return [];
      return [
        required(at, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
      ];
    case "Exists":
    case "DoesNotExist":
      if (values.length === 0) return [];
      return [
        invalid(
          at,
          values,
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        ),
      ];
    default:
      return [invalid(path.child("operator"), operator, "not a valid selector operator")];
  }
}
