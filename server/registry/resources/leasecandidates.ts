import {
  validateLeaseCandidate,
  validateLeaseCandidateUpdate,
} from "../../../api/validation/coordination/lease-candidate.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/coordination/leasecandidate. */
export const leaseCandidates = defineResource({
  group: "coordination.k8s.io",
  resource: "leasecandidates",
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: validateLeaseCandidate,
    validateUpdate: validateLeaseCandidateUpdate,
  },
});
