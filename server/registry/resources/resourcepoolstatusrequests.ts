import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateResourcePoolStatusRequest,
  validateResourcePoolStatusRequestStatusUpdate,
  validateResourcePoolStatusRequestUpdate,
} from "../../../api/validation/resource/resource-pool-status-request.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

type Request = ObjectOf<"io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest">;

/** Source: pkg/registry/resource/resourcepoolstatusrequest. */
export const resourcePoolStatusRequests = defineResource<Request>({
  group: "resource.k8s.io",
  resource: "resourcepoolstatusrequests",
  strategy: {
    returnDeletedObject: true,
    allowUnconditionalUpdate: false,
    resetFields: { "resource.k8s.io/v1alpha3": ["status"] },
    prepareForCreate(request) {
      delete request.status;
    },
    validate: (request, { gates }) => validateResourcePoolStatusRequest(request, gates),
    prepareForUpdate(request, old) {
      if (old.status) request.status = old.status;
      else delete request.status;
    },
    validateUpdate: (request, old, { gates }) => validateResourcePoolStatusRequestUpdate(request, old, gates),
  },
  subresources: {
    status: {
      resetFields: { "resource.k8s.io/v1alpha3": ["metadata", "spec"] },
      prepareForUpdate(request, old) {
        request.spec = old.spec;
        keepMetadata(request, old);
      },
      validateUpdate: (request, old, { gates }) =>
        validateResourcePoolStatusRequestStatusUpdate(request, old, gates),
    },
  },
});
