/** Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go. */
import type { CustomResourceDefinition } from "../custom/definition.ts";
import type { DefaultsTable } from "./table.ts";

function setDefinitionDefaults(definition: CustomResourceDefinition): void {
  const { spec, status } = definition;
  const { names } = spec;
  names.singular ||= names.kind.toLowerCase();
  if (!names.listKind && names.kind !== "") names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: "None" };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
  if (!status.storedVersions?.length) {
    const stored = spec.versions?.find(({ storage }) => storage);
    if (stored) status.storedVersions = [stored.name];
  }
}

export const apiextensionsDefaults: DefaultsTable = {
  "apiextensions.k8s.io/v1": { CustomResourceDefinition: setDefinitionDefaults },
};
