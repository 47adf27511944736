import type { ObjectOf } from "../../../api/object-of.ts";
import { validateValidatingAdmissionPolicyBinding } from "../../../api/validation/admissionregistration/policy-binding.ts";
import {
  staticSuffixWarnings,
  validateStaticSuffix,
} from "../../../api/validation/admissionregistration/static-suffix.ts";
import type { Access } from "../access.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { validateBindingAccess } from "./admission-policy-access.ts";

type Binding = ObjectOf<"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding">;

/** Source: pkg/registry/admissionregistration/validatingadmissionpolicybinding. */
export const validatingAdmissionPolicyBindings = (access: Access | undefined): ResourceDefinition<Binding> =>
  defineResource<Binding>({
    group: "admissionregistration.k8s.io",
    resource: "validatingadmissionpolicybindings",
    strategy: {
      allowUnconditionalUpdate: false,
      prepareForCreate(binding) {
        binding.metadata.generation = 1;
      },
      validate: (binding, { gates }) => [
        ...validateValidatingAdmissionPolicyBinding(binding),
        ...(gates.enabled("ManifestBasedAdmissionControlConfig") ? validateStaticSuffix(binding) : []),
      ],
      warningsOnCreate: (binding, { gates }) =>
        gates.enabled("ManifestBasedAdmissionControlConfig") ? [] : staticSuffixWarnings(binding),
      prepareForUpdate: countSpecChange,
      validateUpdate: validateValidatingAdmissionPolicyBinding,
      validateAccess: (binding, old, context) =>
        validateBindingAccess(access, "validatingadmissionpolicies", binding, old, context),
      warningsOnUpdate: staticSuffixWarnings,
    },
  });
