/**
 * What is to be done about the APIService of a group version, so that there is one while a definition serves it.
 * Source: checkAPIService of k8s.io/kube-aggregator/pkg/controllers/autoregister.
 */
import {
  type ApiServiceObject,
  autoManagedLabel,
  customResourcePriority,
  localApiServiceObject,
} from "../../api/api-services.ts";
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";

export type RegistrationStep =
  | { action: "none" | "delete" }
  | { action: "create" | "update"; object: ApiServiceObject };

export function registrationStep(
  existing: ApiServiceObject | undefined,
  wanted: ApiServiceObject | undefined,
): RegistrationStep {
  if (!existing) return wanted ? { action: "create", object: wanted } : { action: "none" };
  // Others are kept at the start, or by somebody else.
  if (existing.metadata.labels?.[autoManagedLabel] !== "true") return { action: "none" };
  if (!wanted) return { action: "delete" };
  if (semanticEqual(existing.spec, wanted.spec)) return { action: "none" };
  return { action: "update", object: { ...existing, spec: wanted.spec } };
}

/** Names of the APIServices that a definition may have. */
export function apiServiceNames({ spec }: CustomResourceDefinition): string[] {
  return spec.versions.map(({ name }) => `${name}.${spec.group}`);
}

/** The APIService that definitions want by this name. */
export function wantedApiService(
  name: string,
  definitions: Iterable<CustomResourceDefinition>,
): ApiServiceObject | undefined {
  for (const { spec } of definitions) {
    const version = spec.versions.find((one) => one.served && `${one.name}.${spec.group}` === name);
    if (version) return localApiServiceObject(spec.group, version.name, customResourcePriority, "true");
  }
  return undefined;
}
