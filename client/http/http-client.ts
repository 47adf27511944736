import { deepFreeze } from "../../api/deep-freeze.ts";
import { parseJson } from "../../api/json.ts";
import { apiVersionOf, type KubeObject } from "../../api/object.ts";
import type {
  Client,
  DeleteOptions,
  KubeList,
  ListOptions,
  PatchOptions,
  PreferredResources,
  ReadOptions,
  ResourceReference,
  ServedResource,
  WatchedEvent,
  WatchOptions,
  WriteOptions,
} from "../client.ts";
import { deleteBody, patchQuery, patchTypes, readQuery, watchQuery, writeQuery } from "../parameters.ts";
import { Discovery } from "./discovery.ts";
import { linesOf } from "./lines.ts";
import { type HttpRequest, Transport, type TransportOptions } from "./transport.ts";

/** How long after its time a watch may end by itself, in milliseconds. */
const watchGrace = 30_000;
const metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

interface Place {
  name?: string;
  subresource?: string | undefined;
  query?: URLSearchParams;
}

/** The client interface over HTTP, to any API server. */
export class HttpClient implements Client {
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#transport = new Transport(options);
    this.#discovery = new Discovery(this.#transport);
  }

  /** Lets go of the connections that wait for another request. */
  close(): void {
    this.#transport.close();
  }

  get(
    resource: ResourceReference,
    name: string,
    options: ReadOptions & { subresource?: string } = {},
  ): Promise<KubeObject> {
    const { subresource } = options;
    return this.#object("GET", resource, { name, subresource, query: readQuery(options) });
  }

  async list(resource: ResourceReference, options: ListOptions = {}): Promise<KubeList> {
    const path = pathOf(resource, { query: readQuery(options) });
    const list = (await this.#transport.json({ method: "GET", path })) as unknown as KubeList;
    const [apiVersion, kind] = [list.apiVersion, list.kind.replace(/List$/, "")];
    // Where there are none, Go may say null; each item's kind goes without saying.
    const items = (list.items ?? []).map((item) => ({ kind, apiVersion, ...item }));
    return { ...list, items: deepFreeze(items) };
  }

  async *watch(resource: ResourceReference, options: WatchOptions = {}): AsyncIterable<WatchedEvent> {
    const { clock } = this.#options;
    const { signal, timeoutSeconds } = options;
    const ending = new AbortController();
    const end = () => ending.abort();
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
    const cancel =
      timeoutSeconds === undefined ? () => {} : clock.setTimer(timeoutSeconds * 1000 + watchGrace, end);
    try {
      const path = pathOf(resource, { query: watchQuery(options) });
      const accept = options.metadataOnly ? `${metadataOnly},application/json` : "application/json";
      const request = { method: "GET", path, headers: { accept }, signal: ending.signal } as const;
      const answer = await this.#transport.stream(request);
      for await (const line of linesOf(answer)) {
        yield deepFreeze(parseJson(line).value as unknown as WatchedEvent);
      }
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      cancel();
      signal?.removeEventListener("abort", end);
      end();
    }
  }

  create(
    resource: ResourceReference,
    object: KubeObject,
    options: WriteOptions & { name?: string } = {},
  ): Promise<KubeObject> {
    const { name = "", subresource } = options;
    return this.#object("POST", resource, { name, subresource, query: writeQuery(options) }, object);
  }

  update(resource: ResourceReference, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const { subresource } = options;
    const { name = "" } = object.metadata;
    return this.#object("PUT", resource, { name, subresource, query: writeQuery(options) }, object);
  }

  patch(
    resource: ResourceReference,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): Promise<KubeObject> {
    const { subresource, type } = options;
    const place = { name, subresource, query: patchQuery(options) };
    return this.#object("PATCH", resource, place, patch, patchTypes[type]);
  }

  delete(resource: ResourceReference, name: string, options: DeleteOptions = {}): Promise<KubeObject> {
    return this.#object("DELETE", resource, { name }, deleteBody(options));
  }

  async deleteCollection(
    resource: ResourceReference,
    options: DeleteOptions & ListOptions = {},
  ): Promise<void> {
    await this.#object("DELETE", resource, { query: readQuery(options) }, deleteBody(options));
  }

  preferredResources(): Promise<PreferredResources> {
    return this.#discovery.preferred();
  }

  servedResources(): Promise<readonly ServedResource[]> {
    return this.#discovery.served();
  }

  async #object(
    method: HttpRequest["method"],
    resource: ResourceReference,
    place: Place,
    body?: unknown,
    type = "application/json",
  ): Promise<KubeObject> {
    const sent = body === undefined ? {} : { body, headers: { "content-type": type } };
    const answer = await this.#transport.json({ method, path: pathOf(resource, place), ...sent });
    return deepFreeze(answer as unknown as KubeObject);
  }
}

function pathOf(
  { group, version, resource, namespace = "" }: ResourceReference,
  { name = "", subresource = "", query }: Place,
): string {
  const parts = [group === "" ? "api" : "apis", apiVersionOf(group, version)];
  if (namespace !== "") parts.push("namespaces", encodeURIComponent(namespace));
  parts.push(resource);
  if (name !== "") parts.push(encodeURIComponent(name));
  if (subresource !== "") parts.push(subresource);
  const text = query?.toString() ?? "";
  return `/${parts.join("/")}${text === "" ? "" : `?${text}`}`;
}
