/** Source: pkg/registry/admissionregistration/validatingadmissionpolicy. */
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  staticSuffixWarnings,
  validateStaticSuffix,
} from "../../../api/validation/admissionregistration/static-suffix.ts";
import {
  validateValidatingAdmissionPolicy,
  validateValidatingAdmissionPolicyStatus,
  validateValidatingAdmissionPolicyUpdate,
} from "../../../api/validation/admissionregistration/validating-admission-policy.ts";
import type { Access } from "../access.ts";
import { countSpecChange } from "../generation.ts";
import type { LateCel } from "../late-cel.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validatePolicyAccess } from "./admission-policy-access.ts";

type Policy = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy">;

export const validatingAdmissionPolicies = (
  access: Access | undefined,
  cel: LateCel,
): ResourceDefinition<Policy> =>
  defineResource<Policy>({
    group: "admissionregistration.k8s.io",
    resource: "validatingadmissionpolicies",
    strategy: {
      hooks: cel.hooks,
      allowUnconditionalUpdate: false,
      resetFields: { "*": ["status"] },
      prepareForCreate(policy) {
        policy.status = {};
        policy.metadata.generation = 1;
      },
      validate: (policy, { gates }) => [
        ...validateValidatingAdmissionPolicy(policy, cel.admission),
        ...(gates.enabled("ManifestBasedAdmissionControlConfig") ? validateStaticSuffix(policy) : []),
      ],
      warningsOnCreate: (policy, { gates }) =>
        gates.enabled("ManifestBasedAdmissionControlConfig") ? [] : staticSuffixWarnings(policy),
      prepareForUpdate(policy, old) {
        policy.status = old.status;
        countSpecChange(policy, old);
      },
      validateUpdate: (policy, old) => validateValidatingAdmissionPolicyUpdate(policy, old, cel.admission),
      validateAccess: (policy, old, context) => validatePolicyAccess(access, policy, old, context),
      warningsOnUpdate: staticSuffixWarnings,
    },
    subresources: {
      status: {
        createsByApply: true,
        resetFields: { "*": ["spec", "metadata"] },
        prepareForUpdate(policy, old) {
          policy.spec = old.spec;
          keepMetadata(policy, old);
        },
        validateUpdate: validateValidatingAdmissionPolicyStatus,
      },
    },
  });
