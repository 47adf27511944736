/**
 * Discovery documents: which groups, versions and resources there are. Plain functions from what is enabled to the
 * documents, in the order and with the fields of upstream's, so that even the ETag of the aggregated form agrees.
 * Sources: k8s.io/apiserver/pkg/endpoints/{discovery,installer.go}, k8s.io/kube-aggregator/pkg/apiserver,
 * k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_discovery_controller.go.
 */
import { createHash } from "node:crypto";
import { customResourcePriority } from "../../api/api-services.ts";
import { compareKubeVersions } from "../../api/group-versions.ts";
import { apiVersionOf } from "../../api/object.ts";
import type { ResourceInfo, SubresourceInfo } from "../../api/schema/types.ts";
import { localApiService } from "../registry/bootstrap/api-services.ts";

/** A group version that is served. */
export interface ServedGroupVersion {
  group: string;
  version: string;
  groupPriority: number;
  versionPriority: number;
  /** Of custom resources: they are written a little differently. */
  custom: boolean;
  resources: readonly ResourceInfo[];
}

/** The aggregator's own group comes first. Source: APIRegistrationGroupPriority. */
const AGGREGATOR_PRIORITY = 20001;

/** Groups enabled resources, built-in and custom ones, by group version. */
export function servedGroupVersions(
  builtIn: readonly ResourceInfo[],
  custom: readonly ResourceInfo[] = [],
): ServedGroupVersion[] {
  const served = new Map<string, ServedGroupVersion & { resources: ResourceInfo[] }>();
  const add = (resource: ResourceInfo, isCustom: boolean): void => {
    const { group, version } = resource;
    const key = `${group}/${version}`;
    const known = served.get(key);
    if (known) known.resources.push(resource);
    else {
      const priorities = isCustom ? customResourcePriority : priorityOf(group, version);
      const { groupPriorityMinimum: groupPriority, versionPriority } = priorities;
      served.set(key, {
        group,
        version,
        groupPriority,
        versionPriority,
        custom: isCustom,
        resources: [resource],
      });
    }
  };
  for (const resource of builtIn) add(resource, false);
  for (const resource of custom) add(resource, true);
  return [...served.values()];
}

function priorityOf(
  group: string,
  version: string,
): { groupPriorityMinimum: number; versionPriority: number } {
  const own = { groupPriorityMinimum: AGGREGATOR_PRIORITY, versionPriority: 1 };
  return localApiService(group, version)?.spec ?? own;
}

/** Every resource in the first of the versions that its group prefers. Source: ServerPreferredResources of client-go. */
export function preferredResources(served: readonly ServedGroupVersion[]): ResourceInfo[] {
  const preferred = new Map<string, ResourceInfo>();
  for (const { resources } of served.toSorted(byVersion)) {
    for (const resource of resources) {
      const key = `${resource.group}/${resource.resource}`;
      if (!preferred.has(key)) preferred.set(key, resource);
    }
  }
  return [...preferred.values()];
}

/** GET /api. The address is where clients reach the server, "host:port". */
export function legacyVersions(address: string): object {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

/** GET /apis. */
export function groupList(served: readonly ServedGroupVersion[]): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: legacyGroups(served).map(groupDocument) };
}

/** GET /apis/GROUP; undefined: there is no such group. */
export function groupOf(served: readonly ServedGroupVersion[], group: string): object | undefined {
  const versions = legacyGroups(served).find(([first]) => first?.group === group);
  return versions && { kind: "APIGroup", apiVersion: "v1", ...groupDocument(versions) };
}

/** By priority, then by the name of the APIService; versions by priority, then by what they are called. */
function legacyGroups(served: readonly ServedGroupVersion[]): ServedGroupVersion[][] {
  const serviceName = ({ group, version }: ServedGroupVersion) => `${version}.${group}`;
  const sorted = served
    .filter(({ group }) => group !== "")
    .sort((a, b) => b.groupPriority - a.groupPriority || compareText(serviceName(a), serviceName(b)));
  return [...Map.groupBy(sorted, ({ group }) => group).values()].map((versions) => versions.sort(byVersion));
}

function byVersion(a: ServedGroupVersion, b: ServedGroupVersion): number {
  return b.versionPriority - a.versionPriority || compareKubeVersions(a.version, b.version);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function groupDocument(versions: readonly ServedGroupVersion[]): object {
  const list = versions.map(({ group, version }) => ({
    groupVersion: apiVersionOf(group, version),
    version,
  }));
  return { name: versions[0]?.group, versions: list, preferredVersion: list[0] };
}

/** GET /api/v1 and /apis/GROUP/VERSION. */
export function resourceList({ group, version, custom, resources }: ServedGroupVersion): object {
  const entries = resources.flatMap((resource) => [
    resourceEntry(resource),
    ...[...resource.subresources.values()].map((subresource) => subresourceEntry(resource, subresource)),
  ]);
  if (!custom) entries.sort((a, b) => compareText(a.name, b.name));
  return {
    kind: "APIResourceList",
    // Left out since release 1.1, so that its clients still understand the answer.
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: apiVersionOf(group, version),
    resources: entries,
  };
}

function resourceEntry(resource: ResourceInfo): { name: string } {
  return {
    name: resource.resource,
    ...{ singularName: resource.singular, namespaced: resource.namespaced },
    ...{ kind: resource.kind, verbs: resource.verbs },
    ...unlessEmpty("shortNames", resource.shortNames),
    ...unlessEmpty("categories", resource.categories),
    ...(resource.storageVersionHash === "" ? {} : { storageVersionHash: resource.storageVersionHash }),
  };
}

function subresourceEntry(resource: ResourceInfo, { name, kind, verbs }: SubresourceInfo): { name: string } {
  return {
    name: `${resource.resource}/${name}`,
    ...{ singularName: "", namespaced: resource.namespaced },
    ...(isForeign(resource, kind) ? { group: kind.group, version: kind.version } : {}),
    ...{ kind: kind.kind, verbs },
  };
}

/** A subresource names the group version of its kind where it is not its own, e.g. that of Scale. */
function isForeign({ group, version }: ResourceInfo, kind: SubresourceInfo["kind"]): boolean {
  return kind.group !== group || kind.version !== version;
}

function unlessEmpty(name: string, values: readonly string[]): object {
  return values.length === 0 ? {} : { [name]: values };
}

/** An aggregated document and the hash that is its ETag, which does not depend on the form it is written in. */
export interface AggregatedDiscovery {
  document: { kind: "APIGroupDiscoveryList"; apiVersion: string; metadata: object; items: readonly object[] };
  /** Without quotes. */
  etag: string;
}

/** GET /api ("") or /apis for clients that ask for apidiscovery.k8s.io/VERSION. */
export function aggregatedDiscovery(
  served: readonly ServedGroupVersion[],
  { legacy, version }: { legacy: boolean; version: "v2" | "v2beta1" },
): AggregatedDiscovery {
  const items = aggregatedGroups(served.filter(({ group }) => (group === "") === legacy)).map((versions) => ({
    metadata: legacy ? {} : { name: versions[0]?.group },
    versions: versions.map(aggregatedVersion),
  }));
  const content = { metadata: {}, items };
  return {
    document: { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, ...content },
    etag: createHash("sha512").update(JSON.stringify(content)).digest("hex").toUpperCase(),
  };
}

/** By the highest priority of a group's versions, then by name. */
function aggregatedGroups(served: readonly ServedGroupVersion[]): ServedGroupVersion[][] {
  const groups = [...Map.groupBy(served, ({ group }) => group).entries()].map(([group, versions]) => ({
    group,
    priority: Math.max(...versions.map(({ groupPriority }) => groupPriority)),
    versions: versions.sort(byVersion),
  }));
  return groups
    .sort((a, b) => b.priority - a.priority || compareText(a.group, b.group))
    .map(({ versions }) => versions);
}

function aggregatedVersion({ version, custom, resources }: ServedGroupVersion): object {
  const sorted = [...resources].sort((a, b) => compareText(a.resource, b.resource));
  return {
    version,
    resources: sorted.map((resource) => aggregatedResource(resource, custom)),
    freshness: "Current",
  };
}

function aggregatedResource(resource: ResourceInfo, custom: boolean): object {
  const { group, version, kind } = resource;
  const subresources = [...resource.subresources.values()];
  if (!custom) subresources.sort((a, b) => compareText(a.name, b.name));
  return {
    resource: resource.resource,
    responseKind: custom ? { group, version, kind } : { group: "", version: "", kind },
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...unlessEmpty("shortNames", resource.shortNames),
    ...unlessEmpty("categories", resource.categories),
    ...(subresources.length === 0
      ? {}
      : { subresources: subresources.map((one) => aggregatedSubresource(resource, one, custom)) }),
  };
}

function aggregatedSubresource(
  resource: ResourceInfo,
  { name, kind, verbs }: SubresourceInfo,
  custom: boolean,
): object {
  const named = custom || isForeign(resource, kind);
  return {
    subresource: name,
    responseKind: named
      ? { group: kind.group, version: kind.version, kind: kind.kind }
      : { group: "", version: "", kind: kind.kind },
    verbs,
  };
}
