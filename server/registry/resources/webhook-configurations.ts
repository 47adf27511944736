import type { ObjectOf } from "../../../api/object-of.ts";
import {
  staticSuffixWarnings,
  validateStaticSuffix,
} from "../../../api/validation/admissionregistration/static-suffix.ts";
import {
  validateWebhookConfiguration,
  validateWebhookConfigurationUpdate,
} from "../../../api/validation/admissionregistration/webhook-configuration.ts";
import { countExactChange } from "../generation.ts";
import type { LateCel } from "../late-cel.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";

type Configuration =
  ObjectOf<`io.k8s.api.admissionregistration.v1.${"Mutating" | "Validating"}WebhookConfiguration`>;

/**
 * The webhooks that change objects, or those that only look at them.
 * Sources: pkg/registry/admissionregistration/{mutating,validating}webhookconfiguration.
 */
export const webhookConfigurations = (
  resource: "mutatingwebhookconfigurations" | "validatingwebhookconfigurations",
  cel: LateCel,
): ResourceDefinition<Configuration> =>
  defineResource<Configuration>({
    group: "admissionregistration.k8s.io",
    resource,
    strategy: {
      hooks: cel.hooks,
      allowUnconditionalUpdate: false,
      prepareForCreate(configuration) {
        configuration.metadata.generation = 1;
      },
      validate: (configuration, { gates }) => [
        ...validateWebhookConfiguration(configuration, cel.admission),
        ...(gates.enabled("ManifestBasedAdmissionControlConfig") ? validateStaticSuffix(configuration) : []),
      ],
      warningsOnCreate: (configuration, { gates }) =>
        gates.enabled("ManifestBasedAdmissionControlConfig") ? [] : staticSuffixWarnings(configuration),
      prepareForUpdate: (configuration, old) => countExactChange("webhooks", configuration, old),
      validateUpdate: (configuration, old) =>
        validateWebhookConfigurationUpdate(configuration, old, cel.admission),
      warningsOnUpdate: staticSuffixWarnings,
    },
  });
