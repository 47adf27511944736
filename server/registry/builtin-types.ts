import type { FeatureGates } from "../../api/feature-gates.ts";
import { apiVersionOf } from "../../api/object.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import { BuiltinCodec } from "./builtin-codec.ts";
import type { ResourceType, VersionCodec } from "./resource-type.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** Resources without a file of their own behave as the tables say. */
function plainDefinition(group: string, resource: string): ResourceDefinition {
  return { group, resource, strategy: {} };
}

/** Where etcd has what upstream does not keep under the resource's plural name. Source: pkg/controlplane and etcd's layout. */
const upstreamPaths: Readonly<Record<string, string>> = {
  nodes: "minions",
  replicationcontrollers: "controllers",
  services: "services/specs",
  endpoints: "services/endpoints",
  "ingresses.networking.k8s.io": "ingress",
  "apiservices.apiregistration.k8s.io": "apiregistration.k8s.io/apiservices",
  "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/customresourcedefinitions",
};

function upstreamPath(group: string, resource: string): string {
  return upstreamPaths[group === "" ? resource : `${resource}.${group}`] ?? resource;
}

/**
 * The built-in resources of the enabled versions: tables for what they are, definitions for what is special about them.
 */
export function builtinTypes(
  infos: readonly ResourceInfo[],
  definitions: ReadonlyMap<string, ResourceDefinition>,
  gates: FeatureGates,
): ResourceType[] {
  const byResource = Map.groupBy(infos, ({ group, resource }) => `${resource}.${group}`);
  return [...byResource.values()].map((versions) => builtinType(versions, definitions, gates));
}

function builtinType(
  versions: readonly ResourceInfo[],
  definitions: ReadonlyMap<string, ResourceDefinition>,
  gates: FeatureGates,
): ResourceType {
  const { group, resource, kind, namespaced, storageVersion } = versions[0]!;
  const definition = definitions.get(`${resource}.${group}`) ?? plainDefinition(group, resource);
  const hubGroup = definition.storedAs?.group ?? group;
  const hubVersion = definition.storedAs?.version ?? storageVersion;
  const hubApiVersion = apiVersionOf(hubGroup, hubVersion);
  const context = { hubApiVersion, definition, gates, versions: new Map() };
  const codecs = new Map<string, VersionCodec>(
    versions.map((info) => [info.version, new BuiltinCodec(info, context)]),
  );
  return {
    group,
    resource,
    kind,
    namespaced,
    hubApiVersion,
    hubKind: kind,
    hubStruct: loadTables().kind(hubGroup, hubVersion, kind),
    keyPrefix: `/registry/${hubGroup || "core"}/${resource}/`,
    upstreamPath: upstreamPath(hubGroup, resource),
    definition,
    versions: codecs,
  };
}
