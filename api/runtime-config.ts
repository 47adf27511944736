/** Which built-in resources a server has: --runtime-config, and feature gates that take resources with them. */
import type { FeatureGates } from "./feature-gates.ts";
import { goBoolError, parseGoBool } from "./go-bool.ts";
import { goQuote } from "./go-format.ts";
import { registeredGroupVersions } from "./group-versions.ts";
import type { ResourceInfo } from "./schema/types.ts";

export interface RuntimeConfig {
  enabled(group: string, version: string, resource: string): boolean;
}

/** "api/…" keys, in the order in which they are applied; the rest of the keys win over them. */
const STABILITIES: readonly [key: string, matches: RegExp][] = [
  ["api/all", /^/],
  ["api/ga", /^v\d+$/],
  ["api/beta", /^v\d+beta\d+$/],
  ["api/alpha", /^v\d+alpha\d+$/],
];

/** Stable versions are on, beta and alpha ones off. Source: kubernetes pkg/controlplane/instance.go. */
export function defaultRuntimeConfig(): RuntimeConfig {
  return parseRuntimeConfig([]);
}

/**
 * The flag --runtime-config ("api/beta=true,apps/v1/deployments=false"; it may be repeated). Throws an Error with
 * upstream's text. Sources: k8s.io/apiserver/pkg/server/options/api_enablement.go and
 * pkg/server/resourceconfig/helpers.go, kubernetes pkg/controlplane/apiserver/options/{options,validation}.go;
 * k8s.io/kube-aggregator/pkg/apiserver/apiserver.go.
 */
export function parseRuntimeConfig(flags: string | readonly string[]): RuntimeConfig {
  const settings = readSettings(typeof flags === "string" ? [flags] : flags);
  const errors = [...priorityAndFairnessErrors(settings), ...settingErrors(settings)];
  const [first] = errors;
  if (first !== undefined) throw new Error(errors.length === 1 ? first : `[${errors.join(", ")}]`);
  const versions = defaultVersions();
  applyStabilities(versions, settings);
  const resources = applySettings(versions, settings);
  const enabled: RuntimeConfig["enabled"] = (group, version, resource) =>
    resources.get(`${group}/${version}/${resource}`) ?? versions.get(`${group}/${version}`) ?? false;
  if (!enabled("apiregistration.k8s.io", "v1", "apiservices"))
    throw new Error("API group/version apiregistration.k8s.io/v1 must be enabled");
  return { enabled };
}

function readSettings(flags: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const pair of flags.flatMap((flag) => flag.split(",")).filter((one) => one !== "")) {
    const equals = pair.indexOf("=");
    const key = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    const value = equals < 0 ? "" : pair.slice(equals + 1).trim();
    // The core group has several names; api/legacy is known but does nothing.
    if (/^(api\/)?v1(\/|$)/.test(key)) settings.set("/v1", value);
    else if (key !== "api/legacy") settings.set(key, value);
  }
  return settings;
}

/** Priority and fairness, which is on, keeps its configuration in the API. */
function priorityAndFairnessErrors(settings: ReadonlyMap<string, string>): string[] {
  const text = [...settings].map(([key, value]) => `${key}=${value}`).join(",");
  for (const key of ["flowcontrol.apiserver.k8s.io/v1", "api/ga", "api/all"]) {
    if (text.includes(`${key}=true`) && !text.includes(`${key}=false`)) return [];
    if (!text.includes(`${key}=false`)) continue;
    return [`--runtime-config=${key}=false conflicts with --enable-priority-and-fairness=true`];
  }
  return [];
}

function settingErrors(settings: ReadonlyMap<string, string>): string[] {
  if (settings.size === 1 && settings.get("api/all") === "false") {
    return ["invalid runtime-config with only api/all=false"];
  }
  const unknown = new Set<string>();
  for (const key of settings.keys()) {
    if (isStability(key)) continue;
    const parts = key.split("/");
    if (parts.length < 2 || parts.length > 3) return [`runtime-config invalid key ${key}`];
    const [group = "", version = ""] = parts;
    if (!isRegisteredGroup(group)) unknown.add(group === "" ? version : `${group}/${version}`);
  }
  return unknown.size === 0 ? [] : [`unknown api groups ${[...unknown].sort().join(",")}`];
}

function isStability(key: string): boolean {
  return STABILITIES.some(([stability]) => stability === key);
}

function isRegisteredGroup(group: string): boolean {
  return registeredGroupVersions.some((one) => one.startsWith(`${group}/`));
}

/** On or off by "group/version". */
function defaultVersions(): Map<string, boolean> {
  return new Map(registeredGroupVersions.map((one) => [one, /\/v\d+$/.test(one)]));
}

function applyStabilities(versions: Map<string, boolean>, settings: ReadonlyMap<string, string>): void {
  for (const [key, matches] of STABILITIES) {
    const value = settings.get(key);
    if (value === undefined) continue;
    if (value !== "true" && value !== "false") throw new Error(`invalid value ${key}=${value}`);
    for (const one of versions.keys()) {
      if (matches.test(one.slice(one.indexOf("/") + 1))) versions.set(one, value === "true");
    }
  }
}

/** Sets versions, and gives back what is said of single resources, which goes before what is said of versions. */
function applySettings(
  versions: Map<string, boolean>,
  settings: ReadonlyMap<string, string>,
): Map<string, boolean> {
  const resources = new Map<string, boolean>();
  for (const [key, value] of settings) {
    if (isStability(key)) continue;
    const [group = "", version = "", resource] = key.split("/");
    if (!versions.has(`${group}/${version}`)) {
      throw new Error(
        `group version ${group === "" ? version : `${group}/${version}`} that has not been registered`,
      );
    }
    const enabled = value === "" ? true : parseGoBool(value);
    if (enabled === undefined)
      throw new Error(`invalid value of ${key}: ${value}, err: ${goBoolError(value)}`);
    if (resource === undefined) versions.set(`${group}/${version}`, enabled);
    else if (resource !== resource.toLowerCase()) throw new Error(notPlural(key, resource));
    else resources.set(key, enabled);
  }
  return resources;
}

function notPlural(key: string, resource: string): string {
  return `invalid key ${key}: group/version/resource and resource is always lowercase plural, not ${goQuote(resource)}`;
}

/** Resources and subresources that are there only when a gate is on. Source: kubernetes pkg/registry (rest packages). */
const GATES: Readonly<Record<string, string>> = {
  "clustertrustbundles.certificates.k8s.io": "ClusterTrustBundle",
  "podcertificaterequests.certificates.k8s.io": "PodCertificateRequest",
  "podgroups.scheduling.k8s.io": "GenericWorkload",
  "pods/resize.": "InPlacePodVerticalScaling",
  "storageversionmigrations.storagemigration.k8s.io": "StorageVersionMigrator",
  "workloads.scheduling.k8s.io": "GenericWorkload",
};

/** The resources that a server with these settings serves, in the order given. */
export function enabledResources(
  resources: readonly ResourceInfo[],
  { runtimeConfig, gates }: { runtimeConfig: RuntimeConfig; gates: FeatureGates },
): ResourceInfo[] {
  const isOn = (resource: string, group: string): boolean => {
    const gate = GATES[`${resource}.${group}`];
    return gate === undefined || gates.enabled(gate);
  };
  return resources
    .filter(
      ({ group, version, resource }) =>
        runtimeConfig.enabled(group, version, resource) && isOn(resource, group),
    )
    .map((info) => {
      const off = [...info.subresources.keys()].filter(
        (name) => !isOn(`${info.resource}/${name}`, info.group),
      );
      if (off.length === 0) return info;
      const subresources = new Map([...info.subresources].filter(([name]) => !off.includes(name)));
      return { ...info, subresources };
    });
}
