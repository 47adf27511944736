import { apiVersionOf, type JsonValue } from "../../api/object.ts";
import type { PreferredResources, ServedResource } from "../client.ts";
import type { Transport } from "./transport.ts";

/** apidiscovery.k8s.io/v2, as much of it as is read. */
interface GroupDiscoveryList {
  items?: {
    metadata: { name?: string };
    versions?: {
      version: string;
      freshness?: string;
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
  readonly #known = new Map<string, { etag: string; told: PreferredResources }>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** In every version, the preferred ones of each group first. */
  async served(): Promise<readonly ServedResource[]> {
    return (await this.#read()).flatMap(({ resources }) => resources);
  }

  async preferred(): Promise<PreferredResources> {
    const told = await this.#read();
    const preferred = new Map<string, ServedResource>();
    for (const one of told.flatMap(({ resources }) => resources)) {
      const key = `${one.group}/${one.resource}`;
      if (!preferred.has(key)) preferred.set(key, one);
    }
    return { resources: [...preferred.values()], failed: told.flatMap(({ failed }) => failed) };
  }

  #read(): Promise<PreferredResources[]> {
    return Promise.all(["/api", "/apis"].map((path) => this.#readOne(path)));
  }

  async #readOne(path: string): Promise<PreferredResources> {
    const known = this.#known.get(path);
    const headers = { accept, ...(known ? { "if-none-match": known.etag } : {}) };
    const answer = await this.#transport.conditionalJson({ method: "GET", path, headers });
    if (!answer) return known!.told;
    const told = readDocument(path, answer.value);
    if (answer.etag !== "") this.#known.set(path, { etag: answer.etag, told });
    return told;
  }
}

/** What is stale is not believed. Source: SplitGroupsAndResources of client-go. */
function readDocument(path: string, value: JsonValue): PreferredResources {
  const { items } = value as unknown as GroupDiscoveryList;
  if (!Array.isArray(items)) throw new TypeError(`${path} is no aggregated discovery, as of Kubernetes 1.30`);
  const all = items.flatMap(({ metadata: { name: group = "" }, versions = [] }) =>
    versions.map((one) => ({ group, ...one })),
  );
  const isStale = ({ freshness }: { freshness?: string }) => freshness === "Stale";
  return {
    failed: all.filter(isStale).map(({ group, version }) => apiVersionOf(group, version)),
    resources: all
      .filter((one) => !isStale(one))
      .flatMap(({ group, version, resources = [] }) =>
        resources.map(({ resource, responseKind, scope, verbs = [] }) => ({
          ...{ group, version, resource, verbs },
          kind: responseKind?.kind ?? "",
          namespaced: scope === "Namespaced",
        })),
      ),
  };
}
