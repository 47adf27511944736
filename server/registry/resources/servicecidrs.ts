import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateServiceCidr,
  validateServiceCidrStatusUpdate,
  validateServiceCidrUpdate,
} from "../../../api/validation/networking/service-cidr.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/networking/servicecidr. */
export const serviceCidrs = defineResource<ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR">>({
  group: "networking.k8s.io",
  resource: "servicecidrs",
  strategy: {
    prepareForCreate(serviceCidr, { gates }) {
      if (gates.enabled("ServiceCIDRStatusFieldWiping")) serviceCidr.status = {};
    },
    validate: validateServiceCidr,
    prepareForUpdate(serviceCidr, old, { gates }) {
      if (gates.enabled("ServiceCIDRStatusFieldWiping")) serviceCidr.status = old.status;
    },
    validateUpdate: validateServiceCidrUpdate,
    resetFields: { "*": ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(serviceCidr, old) {
        serviceCidr.spec = old.spec;
        keepMetadata(serviceCidr, old);
      },
      validateUpdate: validateServiceCidrStatusUpdate,
      resetFields: { "*": ["metadata", "spec"] },
    },
  },
});
