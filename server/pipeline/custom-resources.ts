import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import { definitionUsesPatterns, hasCondition, resourceInfo } from "../../api/custom/definition.ts";
import { loadPatterns, patternsAreLoaded } from "../../api/custom/pattern.ts";
import type { ScalePaths } from "../../api/custom/scale.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import { apiVersionOf, type KubeObject } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { Follower } from "../../client/follow.ts";
import { customTypes } from "../registry/custom-type.ts";
import type { Registry, ResourceRegistry } from "../registry/registry.ts";
import type { PipelineContext } from "./call.ts";
import { EndpointTable } from "./endpoint-table.ts";
import { addResourceEndpoints, endpointKey, type SpecialTable, type ViewTable } from "./endpoints.ts";
import { CustomScaleView } from "./special/custom-scale.ts";
import { kindCodec } from "./special-endpoints.ts";

export interface CustomResourcesDependencies {
  registry: Registry;
  endpoints: EndpointTable;
  context: PipelineContext;
  /** What discovery shows from now on. */
  publish(resources: readonly ResourceInfo[]): void;
  /** A resource that is built in is never taken over by a definition. */
  builtIn: readonly ResourceInfo[];
  onError: (error: unknown) => void;
}

const noSpecial: SpecialTable = new Map();

/**
 * Serves the resources of custom resource definitions, and stops when they go. Source: crdHandler and
 * DiscoveryController of k8s.io/apiextensions-apiserver/pkg/apiserver.
 */
export class CustomResources implements Follower {
  readonly #dependencies: CustomResourcesDependencies;
  readonly #served = new Map<string, CustomResourceDefinition>();
  /** Every resource in the version that its objects are kept in, be that served or not. */
  readonly storedEndpoints = new EndpointTable();
  #definitions: readonly CustomResourceDefinition[] = [];
  #loading: Promise<void> | undefined;

  constructor(dependencies: CustomResourcesDependencies) {
    this.#dependencies = dependencies;
  }

  /** All definitions; another array after every change. */
  get definitions(): readonly CustomResourceDefinition[] {
    return this.#definitions;
  }

  /** Resolves when all that was told is served: the first definition with patterns has to wait for them. */
  async ready(): Promise<void> {
    await this.#loading;
  }

  replace(objects: readonly KubeObject[]): void {
    const definitions = objects as readonly CustomResourceDefinition[];
    const names = new Set(definitions.map(({ metadata }) => metadata.name));
    for (const [name, served] of this.#served) if (!names.has(name)) this.#unserve(served);
    this.#definitions = definitions;
    for (const definition of definitions) this.#serve(definition);
    this.#publish();
  }

  set(object: KubeObject): void {
    const definition = object as CustomResourceDefinition;
    const { name } = definition.metadata;
    const others = this.#definitions.filter(({ metadata }) => metadata.name !== name);
    this.#definitions = [...others, definition];
    this.#serve(definition);
    this.#publish();
  }

  delete(object: KubeObject): void {
    const { name } = object.metadata;
    this.#definitions = this.#definitions.filter(({ metadata }) => metadata.name !== name);
    const served = this.#served.get(name ?? "");
    if (served) this.#unserve(served);
    this.#publish();
  }

  #serve(definition: CustomResourceDefinition): void {
    const name = definition.metadata.name ?? "";
    const served = this.#served.get(name);
    if (served && isServedAlike(served, definition)) return;
    if (served) this.#unserve(served);
    const isReady = hasCondition(definition, "NamesAccepted") || hasCondition(definition, "Established");
    if (!isReady || this.#isBuiltIn(definition)) return;
    if (definitionUsesPatterns(definition) && !patternsAreLoaded()) {
      this.#loading ??= this.#serveWithPatterns();
      return;
    }
    try {
      this.#addEndpoints(definition);
      this.#served.set(name, definition);
    } catch (error) {
      // Something is wrong with one definition: the others go on.
      this.#dependencies.onError(error);
    }
  }

  async #serveWithPatterns(): Promise<void> {
    await loadPatterns();
    for (const definition of this.#definitions) this.#serve(definition);
    this.#publish();
  }

  #isBuiltIn({ spec }: CustomResourceDefinition): boolean {
    return this.#dependencies.builtIn.some(
      ({ group, resource }) => group === spec.group && resource === spec.names.plural,
    );
  }

  #addEndpoints(definition: CustomResourceDefinition): void {
    const { registry, endpoints } = this.#dependencies;
    const views = this.#scaleViews(definition);
    for (const { served, storage, type } of customTypes(definition)) {
      const resource = registry.add(type);
      if (served) addResourceEndpoints(endpoints, resource, noSpecial, views);
      if (storage) addResourceEndpoints(this.storedEndpoints, resource, noSpecial, views);
    }
  }

  #scaleViews({ spec, status }: CustomResourceDefinition): ViewTable {
    const { gates } = this.#dependencies.context;
    const paths = new Map<string, ScalePaths>();
    for (const { name, subresources } of spec.versions) {
      if (subresources?.scale) paths.set(apiVersionOf(spec.group, name), subresources.scale);
    }
    const viewOf = (registry: ResourceRegistry, info: ResourceInfo) => {
      const parent = registry.type.versions.get(info.version);
      const codec = kindCodec(info, "autoscaling", "v1", "Scale", gates);
      return parent && new CustomScaleView(codec, parent, paths);
    };
    return new Map([[endpointKey(spec.group, status.acceptedNames.plural, "scale"), viewOf]]);
  }

  #unserve({ metadata, spec, status }: CustomResourceDefinition): void {
    const { registry, endpoints } = this.#dependencies;
    const { plural } = status.acceptedNames;
    for (const { name } of spec.versions) {
      endpoints.remove(spec.group, name, plural);
      this.storedEndpoints.remove(spec.group, name, plural);
    }
    registry.remove(spec.group, plural);
    this.#served.delete(metadata.name ?? "");
  }

  #publish(): void {
    const established = this.#definitions.filter(
      (definition) =>
        hasCondition(definition, "Established") && this.#served.has(definition.metadata.name ?? ""),
    );
    this.#dependencies.publish(
      established.flatMap((definition) =>
        definition.spec.versions
          .filter(({ served }) => served)
          .map((version) => resourceInfo(definition, version, "discovery")),
      ),
    );
  }
}

/** Whether nothing has changed that endpoints are made of. */
function isServedAlike(a: CustomResourceDefinition, b: CustomResourceDefinition): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.metadata.generation === b.metadata.generation &&
    hasCondition(a, "Terminating") === hasCondition(b, "Terminating") &&
    jsonEqual(a.status.acceptedNames, b.status.acceptedNames) &&
    jsonEqual(a.spec, b.spec)
  );
}
