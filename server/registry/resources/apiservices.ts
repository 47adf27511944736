import { timestamp } from "../../../api/clock.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateApiService,
  validateApiServiceStatusUpdate,
  validateApiServiceUpdate,
} from "../../../api/validation/apiregistration/api-service.ts";
import { defineResource } from "../strategy.ts";

type ApiService = ObjectOf<"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService">;

const keptFields = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

/** Source: k8s.io/kube-aggregator/pkg/registry/apiservice. */
export const apiServices = defineResource<ApiService>({
  group: "apiregistration.k8s.io",
  resource: "apiservices",
  strategy: {
    allowUnconditionalUpdate: false,
    resetFields: { "apiregistration.k8s.io/v1": ["status"] },
    prepareForCreate(service, { clock }) {
      service.status = {};
      if (service.spec?.service) return;
      const condition = {
        type: "Available",
        status: "True",
        lastTransitionTime: timestamp(clock),
        reason: "Local",
        message: "Local APIServices are always available",
      };
      service.status = { conditions: [condition] };
    },
    validate: validateApiService,
    prepareForUpdate(service, old) {
      service.status = old.status;
    },
    validateUpdate: validateApiServiceUpdate,
  },
  subresources: {
    status: {
      resetFields: { "apiregistration.k8s.io/v1": ["spec", "metadata"] },
      prepareForUpdate(service, old) {
        service.spec = old.spec;
        for (const field of keptFields) {
          delete service.metadata[field];
          if (old.metadata[field]) Object.assign(service.metadata, { [field]: old.metadata[field] });
        }
      },
      validateUpdate: validateApiServiceStatusUpdate,
    },
  },
});
