import type { ObjectOf } from "../../../api/object-of.ts";
import { validateMutatingAdmissionPolicyBinding } from "../../../api/validation/admissionregistration/policy-binding.ts";
import {
  staticSuffixWarnings,
  validateStaticSuffix,
} from "../../../api/validation/admissionregistration/static-suffix.ts";
import type { Access } from "../access.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validateBindingAccess } from "./admission-policy-access.ts";

type Binding = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding">;

/** Source: pkg/registry/admissionregistration/mutatingadmissionpolicybinding. */
export const mutatingAdmissionPolicyBindings = (access: Access | undefined): ResourceDefinition<Binding> =>
  defineResource<Binding>({
    group: "admissionregistration.k8s.io",
    resource: "mutatingadmissionpolicybindings",
    strategy: {
      allowUnconditionalUpdate: false,
      prepareForCreate(binding) {
        binding.metadata.generation = 1;
      },
      validate: (binding, { gates }) => [
        ...validateMutatingAdmissionPolicyBinding(binding),
        ...(gates.enabled("ManifestBasedAdmissionControlConfig") ? validateStaticSuffix(binding) : []),
      ],
      warningsOnCreate: (binding, { gates }) =>
        gates.enabled("ManifestBasedAdmissionControlConfig") ? [] : staticSuffixWarnings(binding),
      prepareForUpdate: countSpecChange,
      validateUpdate: validateMutatingAdmissionPolicyBinding,
      validateAccess: (binding, old, context) =>
        validateBindingAccess(access, "mutatingadmissionpolicies", binding, old, context),
      warningsOnUpdate: staticSuffixWarnings,
    },
  });
