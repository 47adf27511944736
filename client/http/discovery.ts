import type { JsonValue } from "../../api/object.ts";
import type { ServedResource } from "../client.ts";
import type { Transport } from "./transport.ts";

/** apidiscovery.k8s.io/v2, as much of it as is read. */
interface GroupDiscoveryList {
  items?: {
    metadata: { name?: string };
    versions?: {
      version: string;
      resources?: {
        resource: string;
        responseKind?: { kind?: string };
        scope: "Namespaced" | "Cluster";
        verbs?: string[];
      }[];
    }[];
  }[];
}

const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** What a server serves, asked for whenever it is needed and read anew when it has changed. Source: KEP-3352. */
export class Discovery {
  readonly #transport: Transport;
  readonly #known = new Map<string, { etag: string; resources: readonly ServedResource[] }>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** In every version, the preferred ones of each group first. */
  async served(): Promise<readonly ServedResource[]> {
    const lists = await Promise.all([this.#read("/api"), this.#read("/apis")]);
    return lists.flat();
  }

  async preferred(): Promise<readonly ServedResource[]> {
    const preferred = new Map<string, ServedResource>();
    for (const one of await this.served()) {
      const key = `${one.group}/${one.resource}`;
      if (!preferred.has(key)) preferred.set(key, one);
    }
    return [...preferred.values()];
  }

  async #read(path: string): Promise<readonly ServedResource[]> {
    const known = this.#known.get(path);
    const headers = { accept, ...(known ? { "if-none-match": known.etag } : {}) };
    const answer = await this.#transport.conditionalJson({ method: "GET", path, headers });
    if (!answer) return known!.resources;
    const resources = resourcesIn(path, answer.value);
    if (answer.etag !== "") this.#known.set(path, { etag: answer.etag, resources });
    return resources;
  }
}

function resourcesIn(path: string, value: JsonValue): ServedResource[] {
  const { items } = value as unknown as GroupDiscoveryList;
  if (!Array.isArray(items)) throw new TypeError(`${path} is no aggregated discovery, as of Kubernetes 1.30`);
  return items.flatMap(({ metadata: { name: group = "" }, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource, responseKind, scope, verbs = [] }) => ({
        ...{ group, version, resource, verbs },
        kind: responseKind?.kind ?? "",
        namespaced: scope === "Namespaced",
      })),
    ),
  );
}
