import type { ObjectOf } from "../../../api/object-of.ts";
import { Quantity } from "../../../api/quantity.ts";
import {
  validateResourceQuota,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from "../../../api/validation/core/resource-quota.ts";
import { defineResource } from "../strategy.ts";

type Quota = ObjectOf<"io.k8s.api.core.v1.ResourceQuota">;

/** Source: pkg/registry/core/resourcequota. */
export const resourceQuotas = defineResource<Quota>({
  group: "",
  resource: "resourcequotas",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(quota) {
      quota.status = {};
    },
    validate: validateResourceQuota,
    warningsOnCreate: warnings,
    prepareForUpdate(quota, old) {
      quota.status = old.status;
    },
    validateUpdate: validateResourceQuotaUpdate,
    resetFields: { v1: ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(quota, old) {
        quota.spec = old.spec;
      },
      validateUpdate: validateResourceQuotaStatusUpdate,
      resetFields: { v1: ["spec"] },
    },
  },
});

/** Requests above limits can never be used up. */
function warnings({ spec }: Quota): string[] {
  const hard = spec.hard ?? {};
  return ["cpu", "memory", "storage", "ephemeral-storage"].flatMap((resource) => {
    const bare = resource === "cpu" || resource === "memory" ? [resource] : [];
    const request = [`requests.${resource}`, ...bare].find((name) => hard[name] !== undefined);
    const limit = `limits.${resource}`;
    if (request === undefined || hard[limit] === undefined) return [];
    if (Quantity.parse(hard[request]!).compare(Quantity.parse(hard[limit])) <= 0) return [];
    return [`ResourceQuota ${request} (${hard[request]}) should be less than ${limit} (${hard[limit]})`];
  });
}
