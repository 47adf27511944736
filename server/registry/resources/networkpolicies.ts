import type { ObjectOf } from "../../../api/object-of.ts";
import { warningsForCidr } from "../../../api/validation/ip.ts";
import {
  networkPolicyBlocks,
  validateNetworkPolicy,
  validateNetworkPolicyUpdate,
} from "../../../api/validation/networking/network-policy.ts";
import { countExactChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type NetworkPolicy = ObjectOf<"io.k8s.api.networking.v1.NetworkPolicy">;

/** Source: pkg/registry/networking/networkpolicy. */
export const networkPolicies = defineResource<NetworkPolicy>({
  group: "networking.k8s.io",
  resource: "networkpolicies",
  strategy: {
    prepareForCreate({ metadata }) {
      metadata.generation = 1;
    },
    validate: (policy, { gates }) => validateNetworkPolicy(policy, gates),
    warningsOnCreate: warnings,
    prepareForUpdate: (policy, old) => countExactChange("spec", policy, old),
    validateUpdate: (policy, old, { gates }) => validateNetworkPolicyUpdate(policy, old, gates),
    warningsOnUpdate: warnings,
  },
});

function warnings(policy: NetworkPolicy): string[] {
  return networkPolicyBlocks(policy).flatMap(({ block: { cidr, except = [] }, path }) => [
    ...warningsForCidr(path.child("cidr"), cidr),
    ...except.flatMap((text, index) => warningsForCidr(path.child("except").index(index), text)),
  ]);
}
