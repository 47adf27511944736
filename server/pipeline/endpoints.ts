import { deprecationWarning } from "../../api/deprecated-kinds.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { ResourceRegistry } from "../registry/registry.ts";
import type { Endpoint, ObjectEndpoint, SpecialEndpoint, SpecialHandlers } from "./endpoint.ts";
import type { EndpointTable } from "./endpoint-table.ts";

/** Special handlers by "resource.group" or "resource.group/subresource"; the core group is empty ("pods./binding"). */
export type SpecialTable = ReadonlyMap<string, (info: ResourceInfo) => SpecialHandlers>;

/** Views of stored objects in another kind, by "resource.group/subresource". */
export type ViewTable = ReadonlyMap<
  string,
  (registry: ResourceRegistry, info: ResourceInfo) => ObjectEndpoint["view"]
>;

export function endpointKey(group: string, resource: string, subresource = ""): string {
  return subresource === "" ? `${resource}.${group}` : `${resource}.${group}/${subresource}`;
}

/** Adds the endpoints of a resource in all its versions: the object itself and its subresources. */
export function addResourceEndpoints(
  table: EndpointTable,
  registry: ResourceRegistry,
  special: SpecialTable,
  views: ViewTable,
): void {
  const { type } = registry;
  for (const codec of type.versions.values()) {
    const { info } = codec;
    const main: ObjectEndpoint = {
      form: "object",
      info,
      subresource: undefined,
      registry,
      codec,
      strategy: type.definition.strategy,
      deprecation: codec.deprecation ?? deprecationWarning(info),
    };
    const own = special.get(endpointKey(type.group, type.resource));
    table.add(own ? specialEndpoint(info, undefined, own) : main);
    for (const subresource of info.subresources.values()) {
      const key = endpointKey(type.group, type.resource, subresource.name);
      table.add(subresourceEndpoint(main, subresource, special.get(key), views.get(key)));
    }
  }
}

function subresourceEndpoint(
  main: ObjectEndpoint,
  subresource: NonNullable<Endpoint["subresource"]>,
  special: ((info: ResourceInfo) => SpecialHandlers) | undefined,
  view: ((registry: ResourceRegistry, info: ResourceInfo) => ObjectEndpoint["view"]) | undefined,
): Endpoint {
  const { info, registry, codec } = main;
  if (special) return specialEndpoint(info, subresource, special);
  const deprecation = codec.deprecation ?? deprecationWarning(subresource.kind ?? info);
  const shown = view?.(registry, info);
  // A view writes the object itself; a subresource without a strategy of its own only shows it.
  if (shown) return { ...main, subresource, deprecation, view: shown };
  const strategy = registry.type.definition.subresources?.[subresource.name] ?? {};
  return { ...main, subresource, deprecation, strategy };
}

function specialEndpoint(
  info: ResourceInfo,
  subresource: Endpoint["subresource"],
  handlers: (info: ResourceInfo) => SpecialHandlers,
): SpecialEndpoint {
  const deprecation = deprecationWarning(subresource?.kind ?? info);
  return { form: "special", info, subresource, handlers: handlers(info), deprecation };
}
