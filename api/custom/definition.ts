/** What a CustomResourceDefinition says, as the code that serves its resource asks for it. */
import { createHash } from "node:crypto";
import { compareKubeVersions } from "../group-versions.ts";
import type { ResourceInfo, SubresourceInfo } from "../schema/types.ts";
import type { Schemas } from "../types.ts";
import type { JsonSchema } from "./json-schema.ts";
import { usesPatterns } from "./pattern.ts";

export type CustomResourceDefinition =
  Schemas["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition"];
export type DefinitionVersion = CustomResourceDefinition["spec"]["versions"][number];
export type DefinitionNames = CustomResourceDefinition["spec"]["names"];

export function hasCondition({ status }: CustomResourceDefinition, type: string): boolean {
  return (
    status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false
  );
}

export function schemaOf({ schema }: DefinitionVersion): JsonSchema | undefined {
  return schema?.openAPIV3Schema as JsonSchema | undefined;
}

/** Whether what it serves can only be checked once patterns are loaded. */
export function definitionUsesPatterns({ spec }: CustomResourceDefinition): boolean {
  return (spec.versions ?? []).some((version) => {
    const schema = schemaOf(version);
    return schema !== undefined && usesPatterns(schema);
  });
}

export function storageVersionOf({ spec }: CustomResourceDefinition): string {
  return spec.versions?.find(({ storage }) => storage)?.name ?? "";
}

const verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const terminatingVerbs = ["delete", "deletecollection", "get", "list", "watch"];
const subresourceVerbs = ["get", "patch", "update"];

/**
 * A version as discovery shows it. The endpoint itself keeps all verbs while the definition is being deleted.
 * Source: customresource_discovery_controller.go.
 */
export function resourceInfo(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  verbsFor: "discovery" | "endpoint",
): ResourceInfo {
  const { spec, status } = definition;
  const names = status.acceptedNames;
  const isTerminating = verbsFor === "discovery" && hasCondition(definition, "Terminating");
  const storageVersion = storageVersionOf(definition);
  return {
    group: spec.group,
    version: version.name,
    resource: names.plural,
    singular: names.singular ?? "",
    kind: names.kind,
    listKind: names.listKind ?? "",
    namespaced: spec.scope === "Namespaced",
    verbs: isTerminating ? terminatingVerbs : verbs,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    subresources: subresourcesOf(definition, version),
    storageVersion,
    storageVersionHash: storageVersionHash(spec.group, storageVersion, spec.names.kind),
  };
}

function subresourcesOf(
  { spec, status }: CustomResourceDefinition,
  { name: version, subresources }: DefinitionVersion,
): ReadonlyMap<string, SubresourceInfo> {
  const found: SubresourceInfo[] = [];
  const { group } = spec;
  const { kind } = status.acceptedNames;
  if (subresources?.status) {
    found.push({ name: "status", verbs: subresourceVerbs, kind: { group, version, kind } });
  }
  if (subresources?.scale) {
    const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
    found.push({ name: "scale", verbs: subresourceVerbs, kind: scale });
  }
  return new Map(found.map((one) => [one.name, one]));
}

/** Source: discovery.StorageVersionHash. */
function storageVersionHash(group: string, version: string, kind: string): string {
  return createHash("sha256")
    .update(`${group}/${version}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString("base64");
}

/** What clients of a deprecated version are told. Source: defaultDeprecationWarning. */
export function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning }: DefinitionVersion,
): string | undefined {
  if (!deprecated) return undefined;
  if (deprecationWarning !== undefined) return deprecationWarning;
  const { group, names } = spec;
  const [better] = spec.versions
    .filter((one) => one.served && !one.deprecated && compareKubeVersions(one.name, name) < 0)
    .sort((a, b) => compareKubeVersions(a.name, b.name));
  const message = `${group}/${name} ${names.kind} is deprecated`;
  return better ? `${message}; use ${group}/${better.name} ${names.kind}` : message;
}
