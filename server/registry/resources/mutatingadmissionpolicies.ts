import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateMutatingAdmissionPolicy,
  validateMutatingAdmissionPolicyUpdate,
} from "../../../api/validation/admissionregistration/mutating-admission-policy.ts";
import {
  staticSuffixWarnings,
  validateStaticSuffix,
} from "../../../api/validation/admissionregistration/static-suffix.ts";
import type { Access } from "../access.ts";
import { countSpecChange } from "../generation.ts";
import type { LateCel } from "../late-cel.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validatePolicyAccess } from "./admission-policy-access.ts";

type Policy = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy">;

/** Source: pkg/registry/admissionregistration/mutatingadmissionpolicy. */
export const mutatingAdmissionPolicies = (
  access: Access | undefined,
  cel: LateCel,
): ResourceDefinition<Policy> =>
  defineResource<Policy>({
    group: "admissionregistration.k8s.io",
    resource: "mutatingadmissionpolicies",
    strategy: {
      hooks: cel.hooks,
      allowUnconditionalUpdate: false,
      prepareForCreate(policy) {
        policy.metadata.generation = 1;
      },
      validate: (policy, { gates }) => [
        ...validateMutatingAdmissionPolicy(policy, cel.admission),
        ...(gates.enabled("ManifestBasedAdmissionControlConfig") ? validateStaticSuffix(policy) : []),
      ],
      warningsOnCreate: (policy, { gates }) =>
        gates.enabled("ManifestBasedAdmissionControlConfig") ? [] : staticSuffixWarnings(policy),
      prepareForUpdate: countSpecChange,
      validateUpdate: (policy, old) => validateMutatingAdmissionPolicyUpdate(policy, old, cel.admission),
      validateAccess: (policy, old, context) => validatePolicyAccess(access, policy, old, context),
      warningsOnUpdate: staticSuffixWarnings,
    },
  });
