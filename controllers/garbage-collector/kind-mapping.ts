import { apiVersionOf } from "../../api/object.ts";
import type { Client, ResourceReference, ServedResource } from "../../client/client.ts";
import type { Identity } from "./graph-node.ts";

/** No served resource has this kind in this version: yet, or ever. */
export class UnknownKind extends Error {
  constructor({ apiVersion, kind }: Pick<Identity, "apiVersion" | "kind">) {
    super(`unable to get REST mapping for ${apiVersion}/${kind}.`);
  }
}

/** Which resource the objects of a kind are of. Source: the RESTMapper of client-go. */
export class KindMapping {
  readonly #client: Client;
  #resources: ReadonlyMap<string, ServedResource> = new Map();

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws UnknownKind */
  async resourceOf({ apiVersion, kind }: Pick<Identity, "apiVersion" | "kind">): Promise<ServedResource> {
    const key = keyOf(apiVersion, kind);
    if (!this.#resources.has(key)) await this.refresh();
    const resource = this.#resources.get(key);
    if (!resource) throw new UnknownKind({ apiVersion, kind });
    return resource;
  }

  /** Looks at what the server serves now. */
  async refresh(): Promise<void> {
    const resources = new Map<string, ServedResource>();
    for (const resource of await this.#client.servedResources()) {
      const key = keyOf(apiVersionOf(resource.group, resource.version), resource.kind);
      // Reviews and the like share no kind with what can be read.
      if (!resources.has(key)) resources.set(key, resource);
    }
    this.#resources = resources;
  }
}

const keyOf = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

/** Where an object is read and written. */
export function placeOf(
  { group, version, resource, namespaced }: ServedResource,
  namespace: string,
): ResourceReference {
  return { group, version, resource, ...(namespaced && namespace !== "" ? { namespace } : {}) };
}
