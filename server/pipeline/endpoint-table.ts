import type { Endpoint } from "./endpoint.ts";

interface EndpointAddress {
  group: string;
  version: string;
  resource: string;
  subresource: string;
}

/** Which endpoint answers for which resource: one look-up a request, whatever the number of resources. */
export class EndpointTable {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #builtInGroups = new Set<string>();

  add(endpoint: Endpoint): void {
    const { group, version, resource, struct } = endpoint.info;
    if (struct) this.#builtInGroups.add(group);
    this.#endpoints.set(key(group, version, resource, endpoint.subresource?.name ?? ""), endpoint);
  }

  /** Takes a resource with its subresources out. */
  remove(group: string, version: string, resource: string): void {
    const main = key(group, version, resource, "");
    for (const known of this.#endpoints.keys()) if (known.startsWith(main)) this.#endpoints.delete(known);
  }

  find({ group, version, resource, subresource }: EndpointAddress): Endpoint | undefined {
    return this.#endpoints.get(key(group, version, resource, subresource));
  }

  /** Groups of custom resources do not count: upstream serves them behind the others. */
  hasBuiltInGroup(group: string): boolean {
    return this.#builtInGroups.has(group);
  }

  all(): Iterable<Endpoint> {
    return this.#endpoints.values();
  }
}

function key(group: string, version: string, resource: string, subresource: string): string {
  return `${group}/${version}/${resource}/${subresource}`;
}
