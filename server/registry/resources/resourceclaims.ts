/** Source: pkg/registry/resource/resourceclaim. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  dropDisabledClaimFields,
  dropDisabledClaimStatusFields,
} from "../../../api/resource-claim-features.ts";
import {
  validateResourceClaim,
  validateResourceClaimUpdate,
} from "../../../api/validation/resource/resource-claim.ts";
import {
  deviceKey,
  validateResourceClaimStatusUpdate,
} from "../../../api/validation/resource/resource-claim-status.ts";
import type { Access } from "../access.ts";
import type { LateCel } from "../late-cel.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validateAdminRequest, validateClaimStatusAccess } from "./claim-access.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;

export const resourceClaims = (access: Access | undefined, cel: LateCel): ResourceDefinition<Claim> =>
  defineResource<Claim>({
    group: "resource.k8s.io",
    resource: "resourceclaims",
    strategy: {
      hooks: cel.hooks,
      returnDeletedObject: true,
      resetFields: { "*": ["status"] },
      prepareForCreate(claim, { gates }) {
        claim.status = {};
        dropDisabledClaimFields(claim.spec, undefined, gates);
      },
      validate: (claim, { gates }) => validateResourceClaim(claim, gates, cel.device),
      async validateAccess(claim, old, { namespace }) {
        return old ? [] : validateAdminRequest(access, claim.spec.devices.requests, namespace);
      },
      prepareForUpdate(claim, old, { gates }) {
        claim.status = old.status;
        dropDisabledClaimFields(claim.spec, old.spec, gates);
      },
      validateUpdate: validateResourceClaimUpdate,
    },
    subresources: {
      status: {
        resetFields: { "*": ["metadata", "spec"] },
        prepareForUpdate(claim, old, { gates }) {
          claim.spec = old.spec;
          keepMetadata(claim, old);
          dropDisabledClaimStatusFields(claim, old, gates);
          dropDeallocatedDevices(claim, old, gates);
        },
        validateUpdate: validateResourceClaimStatusUpdate,
        validateAccess: async (claim, old, context) =>
          old ? validateClaimStatusAccess(access, claim, old, context) : [],
      },
    },
  });

/** Devices that are not allocated any more have no status any more. */
function dropDeallocatedDevices({ status }: Claim, old: Claim, gates: FeatureGates): void {
  if (!status.devices) return;
  if (!gates.enabled("DRAResourceClaimDeviceStatus") && !old.status.devices?.length) return;
  const gone = new Set((old.status.allocation?.devices?.results ?? []).map(deviceKey));
  for (const result of status.allocation?.devices?.results ?? []) gone.delete(deviceKey(result));
  const kept = status.devices.filter((device) => !gone.has(deviceKey(device)));
  if (kept.length > 0) status.devices = kept;
  else delete status.devices;
}
