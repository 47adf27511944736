import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateServiceAccount,
  validateServiceAccountUpdate,
} from "../../../api/validation/core/service-account.ts";
import { defineResource } from "../strategy.ts";

type ServiceAccount = ObjectOf<"io.k8s.api.core.v1.ServiceAccount">;

const enforceMountable = "kubernetes.io/enforce-mountable-secrets";

/** Source: pkg/registry/core/serviceaccount. */
export const serviceAccounts = defineResource<ServiceAccount>({
  group: "",
  resource: "serviceaccounts",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate: keepSecretNames,
    validate: validateServiceAccount,
    warningsOnCreate: (account) => warnings(account, undefined),
    prepareForUpdate: keepSecretNames,
    validateUpdate: validateServiceAccountUpdate,
    warningsOnUpdate: warnings,
  },
});

/** References to secrets are names, whatever else the type allows. */
function keepSecretNames(account: ServiceAccount): void {
  account.secrets = account.secrets?.map(({ name }) => (name === undefined ? {} : { name }));
  if (account.secrets === undefined) delete account.secrets;
}

/** Said once: when the annotation comes. */
function warnings({ metadata }: ServiceAccount, old: ServiceAccount | undefined): string[] {
  if (old?.metadata.annotations?.[enforceMountable] !== undefined) return [];
  if (metadata.annotations?.[enforceMountable] === undefined) return [];
  return [
    `metadata.annotations[${enforceMountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ];
}
