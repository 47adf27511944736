import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledPodGroupFields } from "../../../api/pod-group-features.ts";
import {
  validatePodGroup,
  validatePodGroupStatusUpdate,
  validatePodGroupUpdate,
} from "../../../api/validation/scheduling/pod-group.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

const version = "scheduling.k8s.io/v1alpha2";

/** Source: pkg/registry/scheduling/podgroup. */
export const podGroups = defineResource<ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">>({
  group: "scheduling.k8s.io",
  resource: "podgroups",
  strategy: {
    // Upstream has reset fields for the status only.
    prepareForCreate(group, { gates }) {
      group.status = {};
      dropDisabledPodGroupFields(group.spec, undefined, gates);
    },
    validate: (group, { gates }) => validatePodGroup(group, gates),
    prepareForUpdate(group, old, { gates }) {
      group.status = old.status;
      dropDisabledPodGroupFields(group.spec, old.spec, gates);
    },
    validateUpdate: (group, old, { gates }) => validatePodGroupUpdate(group, old, gates),
  },
  subresources: {
    status: {
      resetFields: { [version]: ["metadata", "spec"] },
      prepareForUpdate(group, old, { gates }) {
        group.spec = old.spec;
        keepMetadata(group, old);
        if (gates.enabled("DRAWorkloadResourceClaims") || old.spec.resourceClaims?.length) return;
        delete group.status.resourceClaimStatuses;
      },
      validateUpdate: (group, old, { gates }) => validatePodGroupStatusUpdate(group, old, gates),
    },
  },
});
