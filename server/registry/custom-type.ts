import type { CustomResourceDefinition, DefinitionVersion } from "../../api/custom/definition.ts";
import { hasCondition, schemaOf, storageVersionOf } from "../../api/custom/definition.ts";
import { withKnownFormats } from "../../api/custom/formats.ts";
import { apiVersionOf } from "../../api/object.ts";
import { CustomCodec, type CustomCodecContext } from "./custom-codec.ts";
import { customStrategies } from "./custom-strategy.ts";
import type { ResourceType } from "./resource-type.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** A version of a custom resource that is served, or in which objects are kept, or both. */
export interface CustomVersionType {
  served: boolean;
  storage: boolean;
  type: ResourceType;
}

/**
 * The versions of a custom resource, each a type of its own: a version validates by its own schema. They share their
 * keys. Served versions come after one that is not, the storage version last of them.
 */
export function customTypes(definition: CustomResourceDefinition): CustomVersionType[] {
  const { spec } = definition;
  const storageVersion = storageVersionOf(definition);
  const strategies = new Map<string, ResourceDefinition>();
  const context: CustomCodecContext = {
    definition,
    versions: new Map(),
    hubApiVersion: apiVersionOf(spec.group, storageVersion),
    strategies: (version) => strategies.get(version)!,
  };
  const used = spec.versions
    .filter(({ served, storage }) => served || storage)
    .sort((a, b) => Number(a.served) - Number(b.served) || Number(a.storage) - Number(b.storage));
  for (const version of used) strategies.set(version.name, resourceDefinition(definition, version, context));
  const types = used.map((version) => customType(definition, version, context));
  return used.map(({ served, storage }, index) => ({ served, storage, type: types[index]! }));
}

function resourceDefinition(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  { versions }: CustomCodecContext,
): ResourceDefinition {
  const { spec, status } = definition;
  const { group, scope } = spec;
  const { plural, kind } = status.acceptedNames;
  const apiVersion = apiVersionOf(group, version.name);
  const schema = schemaOf(version);
  return {
    group,
    resource: plural,
    ...customStrategies({
      apiVersion,
      resource: { group, resource: plural },
      kind,
      namespaced: scope === "Namespaced",
      schema: schema && withKnownFormats(schema),
      hasStatus: version.subresources?.status !== undefined,
      scale: version.subresources?.scale,
      selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
      terminating: hasCondition(definition, "Terminating"),
      read: (stored) => versions.get(apiVersion)?.fromHub(stored) ?? stored,
      pruneForStorage: (object) => versions.get(apiVersion)?.pruneForStorage(object),
    }),
  };
}

function customType(
  { spec, status }: CustomResourceDefinition,
  version: DefinitionVersion,
  context: CustomCodecContext,
): ResourceType {
  const { group, scope } = spec;
  const { plural, kind } = status.acceptedNames;
  const codec = new CustomCodec(version, context);
  return {
    group,
    resource: plural,
    kind,
    namespaced: scope === "Namespaced",
    hubApiVersion: context.hubApiVersion,
    hubKind: kind,
    hubStruct: undefined,
    keyPrefix: `/registry/${group}/${plural}/`,
    upstreamPath: `${group}/${plural}`,
    definition: context.strategies(version.name),
    versions: new Map([[version.name, codec]]),
  };
}
