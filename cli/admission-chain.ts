import type { Clock, Random } from "../api/clock.ts";
import type { FeatureGates } from "../api/feature-gates.ts";
import { apiVersionOf, type JsonObject } from "../api/object.ts";
import type { GroupResource } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import { AdmissionChain } from "../server/admission/chain.ts";
import { type EventLimit, readEventLimits } from "../server/admission/event-rate-limit/configuration.ts";
import type { AdmissionObjects } from "../server/admission/objects.ts";
import type { KindResource } from "../server/admission/plugins/owner-references-permission-enforcement.ts";
import { noNodeSelectors, readNodeSelectors } from "../server/admission/plugins/pod-node-selector.ts";
import { readClusterTolerations } from "../server/admission/plugins/pod-toleration-restriction.ts";
import { enabledPlugins } from "../server/admission/plugins.ts";
import {
  defaultPodSecurity,
  readPodSecurityConfiguration,
} from "../server/admission/pod-security/configuration.ts";
import { readLimitedResources } from "../server/admission/resource-quota/limited-resources.ts";
import type { Authorizer } from "../server/auth/authorizer.ts";
import type { Endpoint } from "../server/pipeline/endpoint.ts";
import type { EndpointTable } from "../server/pipeline/endpoint-table.ts";
import { generateName } from "../server/registry/generate-name.ts";
import type { Registry, ResourceRegistry } from "../server/registry/registry.ts";
import { pluginChoice } from "./check-options.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";

interface ChainDependencies {
  registry: Registry;
  gates: FeatureGates;
  clock: Clock;
  random: Random;
  /** The server's own, which is made with the chain. */
  client(): Client;
  authorizer: Authorizer;
  endpoints: EndpointTable;
}

type ChainOptions = ClusterOptions &
  Required<Pick<ClusterOptions, "defaultNotReadyTolerationSeconds" | "defaultUnreachableTolerationSeconds">>;

/** The plug-ins that the options ask for. */
export function admissionChain(options: ChainOptions, dependencies: ChainDependencies): AdmissionChain {
  const { registry, gates, clock, random, client, authorizer, endpoints } = dependencies;
  const plugins = enabledPlugins(pluginChoice(options), {
    objects: admissionObjects(registry),
    gates,
    clock,
    random,
    generateName: (base) => generateName(base, random),
    tolerationSeconds: {
      notReady: options.defaultNotReadyTolerationSeconds,
      unreachable: options.defaultUnreachableTolerationSeconds,
    },
    authorizer,
    resourcesOf: (apiVersion, kind) => resourcesOf(endpoints, apiVersion, kind),
    async createNamespace(name) {
      await client().create({ group: "", version: "v1", resource: "namespaces" }, { metadata: { name } });
    },
    podSecurity: configurationOf(options, "PodSecurity", readPodSecurityConfiguration) ?? defaultPodSecurity,
    eventLimits: () => eventLimitsOf(options),
    nodeSelectors: configurationOf(options, "PodNodeSelector", readNodeSelectors) ?? noNodeSelectors,
    clusterTolerations: configurationOf(options, "PodTolerationRestriction", readClusterTolerations) ?? {},
    quota: {
      limitedResources: configurationOf(options, "ResourceQuota", readLimitedResources) ?? [],
      async updateStatus(quota) {
        const { namespace = "" } = quota.metadata;
        const quotas = { group: "", version: "v1", resource: "resourcequotas", namespace };
        await client().update(quotas, quota, { subresource: "status" });
      },
    },
  });
  return new AdmissionChain(plugins);
}

const configurable: readonly string[] = [
  "EventRateLimit",
  "PodNodeSelector",
  "PodSecurity",
  "PodTolerationRestriction",
  "ResourceQuota",
];

/** What the options say of a plug-in; undefined: nothing. */
function configurationOf<T>(
  { admissionConfigurations = {} }: ClusterOptions,
  plugin: string,
  read: (value: JsonObject) => T,
): T | undefined {
  const other = Object.keys(admissionConfigurations).find((name) => !configurable.includes(name));
  if (other !== undefined) throw new UsageError(`admission plug-in ${other} cannot be configured`);
  const own = admissionConfigurations[plugin];
  try {
    return own && read(own);
  } catch (error) {
    throw new UsageError(`configuration of ${plugin}: ${(error as Error).message}`);
  }
}

function eventLimitsOf(options: ClusterOptions): readonly EventLimit[] {
  const limits = configurationOf(options, "EventRateLimit", readEventLimits);
  if (!limits) throw new UsageError("EventRateLimit needs a configuration: --admission-control-config-file");
  return limits;
}

function resourcesOf(endpoints: EndpointTable, apiVersion: string, kind: string): KindResource[] {
  const isIt = ({ info, subresource }: Endpoint): boolean =>
    !subresource && info.kind === kind && apiVersionOf(info.group, info.version) === apiVersion;
  return [...endpoints.all()].filter(isIt).map(({ info }) => info);
}

/** What plug-ins read: straight from storage, past the pipeline that they are part of. */
function admissionObjects(registry: Registry): AdmissionObjects {
  // Plug-ins name the same few built-in resources on every write.
  const known = new WeakMap<GroupResource, ResourceRegistry>();
  const find = (resource: GroupResource): ResourceRegistry | undefined => {
    const before = known.get(resource);
    if (before) return before;
    const found = registry.get(resource.group, resource.resource);
    if (found) known.set(resource, found);
    return found;
  };
  return {
    async get(resource, namespace, name) {
      const found = find(resource);
      const entry = await found?.storage.get(prefixOf(found, namespace) + name);
      return entry && found?.store.objectOf(entry);
    },
    async list(resource, namespace) {
      const found = find(resource);
      if (!found) return [];
      const { entries } = await found.storage.list(prefixOf(found, namespace));
      return entries.map((entry) => found.store.objectOf(entry));
    },
  };
}

/** A name that cannot be one just is not there. */
const prefixOf = ({ type }: ResourceRegistry, namespace: string): string =>
  namespace === "" ? type.keyPrefix : `${type.keyPrefix}${namespace}/`;
