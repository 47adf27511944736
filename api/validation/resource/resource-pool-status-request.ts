/**
 * Source: pkg/apis/resource/validation/validation_resourcepoolstatusrequest.go and the declarative rules of
 * pkg/apis/resource/v1alpha3, which this kind enforces.
 */
import type { FeatureGates } from "../../feature-gates.ts";
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import {
  checkObject,
  each,
  immutable,
  maxBytes,
  maxItems,
  maximum,
  minimum,
  requiredPointer,
  requiredValue,
  resourcePoolName,
  struct,
  text,
  unique,
} from "../declarative.ts";
import { type FieldError, FieldPath, invalid } from "../field.ts";
import { validateConditions } from "../labels.ts";
import { checkDns1123Subdomain, checkDns1123SubdomainCaseless, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";
import { goPoolStatusRequestStatus } from "./go-layout.ts";

type Request = ObjectOf<"io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest">;
type Spec = Schemas["io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestSpec"];
type Status = Schemas["io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestStatus"];
type Pool = Schemas["io.k8s.api.resource.v1alpha3.PoolStatus"];

const statusPath = FieldPath.of("status");

const spec = struct<Spec>({
  driver: { first: [requiredValue], checks: [text(checkDns1123SubdomainCaseless)] },
  poolName: { optional: "pointer", checks: [resourcePoolName] },
  limit: { first: [requiredPointer], checks: [maximum(1000), minimum(1)] },
});

const count = { optional: "pointer", checks: [minimum(0)] } as const;

const pool = struct<Pool>({
  driver: { first: [requiredValue], checks: [text(checkDns1123SubdomainCaseless)] },
  poolName: { first: [requiredValue], checks: [resourcePoolName] },
  generation: { first: [requiredValue], checks: [minimum(0)] },
  resourceSliceCount: { optional: "pointer", checks: [minimum(1)] },
  totalDevices: count,
  allocatedDevices: count,
  availableDevices: count,
  unavailableDevices: count,
  nodeName: { optional: "pointer", checks: [text(checkDns1123Subdomain)] },
  validationError: { optional: "pointer", checks: [maxBytes(256)] },
});

const status = struct<Status>({
  poolCount: { first: [requiredPointer], checks: [minimum(0)] },
  pools: { first: [maxItems(1000)], optional: "value", checks: [each(pool)] },
  conditions: { first: [maxItems(10)], optional: "value", checks: [unique(({ type }) => type ?? "")] },
});

function declared(request: Request, old: Request | undefined, gates: FeatureGates): FieldError[] {
  const rules = {
    spec: { first: [immutable], checks: [spec] },
    status: { optional: "pointer", checks: [status] },
  } as const;
  return checkObject<Request>(rules, request, old, gates);
}

/** ValidateResourcePoolStatusRequest. */
export function validateResourcePoolStatusRequest(request: Request, gates: FeatureGates): FieldError[] {
  return [
    ...validateObjectMeta(request.metadata, false, nameIsDnsSubdomain),
    ...declared(request, undefined, gates),
  ];
}

/** ValidateResourcePoolStatusRequestUpdate. */
export function validateResourcePoolStatusRequestUpdate(
  request: Request,
  old: Request,
  gates: FeatureGates,
): FieldError[] {
  return [...validateObjectMetaUpdate(request.metadata, old.metadata), ...declared(request, old, gates)];
}

/** ValidateResourcePoolStatusRequestStatusUpdate: once there, a status is final. */
export function validateResourcePoolStatusRequestStatusUpdate(
  request: Request,
  old: Request,
  gates: FeatureGates,
): FieldError[] {
  const errors = validateObjectMetaUpdate(request.metadata, old.metadata);
  if (!old.status) {
    const path = statusPath.child("conditions");
    if (request.status) errors.push(...validateConditions(request.status.conditions ?? [], path));
  } else if (!semanticEqual(request.status, old.status)) {
    const shown = request.status ? goValue(goPoolStatusRequestStatus, request.status) : null;
    errors.push(invalid(statusPath, shown, immutableError));
  }
  return [...errors, ...declared(request, old, gates)];
}
