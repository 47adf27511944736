import type { ObjectOf } from "../../../api/object-of.ts";
import { validateLease, validateLeaseUpdate } from "../../../api/validation/coordination/lease.ts";
import { defineResource } from "../strategy.ts";

type Lease = ObjectOf<"io.k8s.api.coordination.v1.Lease">;

/** Source: pkg/registry/coordination/lease. */
export const leases = defineResource<Lease>({
  group: "coordination.k8s.io",
  resource: "leases",
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    prepareForCreate(lease, { gates }) {
      if (!gates.enabled("CoordinatedLeaderElection")) dropElectionFields(lease, undefined);
    },
    validate: validateLease,
    prepareForUpdate(lease, old, { gates }) {
      if (!gates.enabled("CoordinatedLeaderElection")) dropElectionFields(lease, old);
    },
    validateUpdate: validateLeaseUpdate,
  },
});

function dropElectionFields({ spec }: Lease, old: Lease | undefined): void {
  if (old?.spec.strategy === undefined) delete spec.strategy;
  if (old?.spec.preferredHolder === undefined) delete spec.preferredHolder;
}
