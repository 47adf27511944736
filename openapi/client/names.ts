/**
 * The client calls a model "V1Pod"; the specification "io.k8s.api.core.v1.Pod". The group is lost in the client
 * and is found again: from the operations that use a model, else from the models that hold it.
 */
import { groupVersionOfPath } from "../../api/openapi/operation.ts";
import { names } from "../../api/openapi/schema.ts";
import type { ClientModel } from "./models.ts";
import type { ClientOperation } from "./operations.ts";

/** The Go package of an API group is its first label, but for these. */
const PACKAGES: Readonly<Record<string, string>> = {
  "": "core",
  "internal.apiserver.k8s.io": "apiserverinternal",
};

export function packageOf(group: string): string {
  return PACKAGES[group] ?? group.replace(/\..*$/, "");
}

const PREFIXES: Readonly<Record<string, string>> = {
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis.apiregistration",
  meta: "io.k8s.apimachinery.pkg.apis.meta",
};

/** "core.v1.Pod" to "io.k8s.api.core.v1.Pod". */
export function definitionName(shortName: string): string {
  const dot = shortName.indexOf(".");
  const goPackage = shortName.slice(0, dot);
  return (PREFIXES[goPackage] ?? `io.k8s.api.${goPackage}`) + shortName.slice(dot);
}

/** Models that several groups share, or that no path of their own group shows. */
const SHARED: Readonly<Record<string, string>> = {
  meta:
    "APIGroup APIGroupList APIResource APIResourceList APIVersions Condition DeleteOptions FieldSelectorRequirement " +
    "GroupResource GroupVersionForDiscovery LabelSelector LabelSelectorRequirement ListMeta ManagedFieldsEntry " +
    "ObjectMeta OwnerReference Preconditions ServerAddressByClientCIDR ShardInfo Status StatusCause StatusDetails WatchEvent",
  autoscaling: "Scale",
  policy: "Eviction",
  authentication: "TokenRequest",
  core:
    "EventSource NodeSelector ObjectReference PersistentVolumeSpec PodTemplateSpec Toleration " +
    "TopologySelectorTerm TypedLocalObjectReference",
};

interface ModelName {
  /** Go package, where the client had to tell two groups apart: "CoreV1Event". */
  goPackage: string | undefined;
  version: string;
  kind: string;
}

function parseModelName(model: string): ModelName | undefined {
  const [, goPackage, version, kind] =
    /^([A-Z][a-z]+)?V(\d+(?:(?:alpha|beta)\d+)?)([A-Z].*)$/.exec(model) ?? [];
  return kind === undefined
    ? undefined
    : { goPackage: goPackage?.toLowerCase(), version: `v${version}`, kind };
}

/** The definition name of every model. Throws when a model's group can't be told. */
export function nameModels(
  models: ReadonlyMap<string, ClientModel>,
  operations: readonly ClientOperation[],
): Map<string, string> {
  const parsed = new Map<string, ModelName>();
  for (const model of models.keys()) {
    const name = parseModelName(model);
    if (name) parsed.set(model, name);
    else if (model !== "VersionInfo") throw new Error(`client model ${model}: name not understood`);
  }
  const packages = new Map([...namedByOperations(parsed, operations), ...namedByFacts(parsed)]);
  nameByParents(packages, parsed, parentsOf(models));
  const result = new Map<string, string>([["VersionInfo", names.versionInfo]]);
  for (const [model, { version, kind }] of parsed) {
    const goPackage = packages.get(model);
    if (goPackage === undefined) throw new Error(`client model ${model}: group unknown`);
    result.set(model, definitionName(`${goPackage}.${version}.${kind}`));
  }
  return result;
}

function namedByFacts(parsed: ReadonlyMap<string, ModelName>): [string, string][] {
  const shared = new Map(
    Object.entries(SHARED).flatMap(([goPackage, kinds]) =>
      kinds.split(" ").map((kind) => [kind, goPackage] as const),
    ),
  );
  return [...parsed].flatMap(([model, { goPackage, version, kind }]) => {
    const known = goPackage ?? (version === "v1" ? shared.get(kind) : undefined);
    return known === undefined ? [] : [[model, known] as [string, string]];
  });
}

function namedByOperations(
  parsed: ReadonlyMap<string, ModelName>,
  operations: readonly ClientOperation[],
): [string, string][] {
  return operations.flatMap((operation) => {
    const place = groupVersionOfPath(operation.path);
    // A subresource may speak a kind of another group, so it proves nothing.
    if (!place || /\{name\}\/./.test(place.rest)) return [];
    return [operation.body?.type, operation.responses.get("200"), operation.responses.get("201")]
      .filter((type) => type !== undefined && parsed.get(type)?.version === place.version)
      .map((type): [string, string] => [type ?? "", packageOf(place.group)]);
  });
}

/** Model names within a client type. */
function modelsIn(type: string): string[] {
  return type.match(/\b[A-Z]\w*/g) ?? [];
}

function parentsOf(models: ReadonlyMap<string, ClientModel>): Map<string, Set<string>> {
  const parents = new Map<string, Set<string>>();
  for (const model of models.values()) {
    for (const child of model.fields.flatMap((field) => modelsIn(field.type))) {
      if (!models.has(child) || child === model.name) continue;
      const known = parents.get(child);
      if (known) known.add(model.name);
      else parents.set(child, new Set([model.name]));
    }
  }
  return parents;
}

/** A model belongs to the package of those that hold it; first where all of them are known, then where some are. */
function nameByParents(
  packages: Map<string, string>,
  parsed: ReadonlyMap<string, ModelName>,
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const allKnown of [true, false]) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [model, name] of parsed) {
        if (packages.has(model)) continue;
        const goPackage = packageByParents(name.version, [...(parents.get(model) ?? [])], {
          packages,
          parsed,
          allKnown,
        });
        if (goPackage === undefined) continue;
        packages.set(model, goPackage);
        moved = true;
      }
    }
  }
}

function packageByParents(
  version: string,
  holders: readonly string[],
  known: { packages: ReadonlyMap<string, string>; parsed: ReadonlyMap<string, ModelName>; allKnown: boolean },
): string | undefined {
  const { packages, parsed, allKnown } = known;
  const named = holders.filter((holder) => packages.has(holder));
  if (named.length === 0 || (allKnown && named.length < holders.length)) return undefined;
  const sameVersion = (holder: string) => parsed.get(holder)?.version === version;
  const candidates = new Set(named.filter(sameVersion).map((holder) => packages.get(holder)));
  candidates.delete("meta");
  const [candidate] = candidates;
  if (candidates.size !== 1 || candidate === undefined) return undefined;
  return named.every((holder) => sameVersion(holder) || packages.get(holder) === candidate)
    ? candidate
    : undefined;
}
