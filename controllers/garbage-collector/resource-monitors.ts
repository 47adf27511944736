import { apiVersionOf, type KubeObject } from "../../api/object.ts";
import type { Client, ServedResource } from "../../client/client.ts";
import { type StreamFollower, type StreamOptions, streamObjects } from "../../client/stream-objects.ts";
import type { DependencyGraph, ObjectType } from "./dependency-graph.ts";

const slice = 8;

/** Tells the graph of all objects of the resources that there are. Source: syncMonitors of graph_builder.go. */
export class ResourceMonitors {
  readonly #options: StreamOptions & { client: Client };
  readonly #graph: DependencyGraph;
  readonly #running = new Map<string, AbortController>();

  constructor(options: StreamOptions & { client: Client }, graph: DependencyGraph) {
    this.#options = options;
    this.#graph = graph;
    const { signal } = options;
    const end = () => {
      for (const ending of this.#running.values()) ending.abort();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  /** Follows these resources from now on, and no others; resolves when the new ones have been told in full. */
  async sync(resources: readonly ServedResource[]): Promise<void> {
    const wanted = new Map(resources.map((resource) => [keyOf(resource), resource]));
    for (const [key, ending] of this.#running) {
      if (wanted.has(key)) continue;
      this.#running.delete(key);
      ending.abort();
    }
    const started: Promise<void>[] = [];
    for (const [key, resource] of wanted) {
      if (this.#running.has(key)) continue;
      if (this.#options.signal.aborted) return;
      started.push(this.#start(key, resource));
      // Dozens of watches are opened at the beginning: others get their turn.
      if (started.length % slice === 0) await new Promise(setImmediate);
    }
    await Promise.all(started);
  }

  #start(key: string, { group, version, resource, kind }: ServedResource): Promise<void> {
    const { client, clock, onError } = this.#options;
    const ending = new AbortController();
    this.#running.set(key, ending);
    return new Promise((resolve) => {
      const type = { apiVersion: apiVersionOf(group, version), kind };
      const monitor = new Monitor(this.#graph, type, resolve);
      const options = { clock, signal: ending.signal, onError, metadataOnly: true };
      void streamObjects(client, { group, version, resource }, monitor, options).finally(() => {
        if (this.#running.get(key) === ending) this.#running.delete(key);
        resolve();
      });
    });
  }
}

const keyOf = ({ group, version, resource, kind }: ServedResource): string =>
  `${group}/${version}/${resource}/${kind}`;

class Monitor implements StreamFollower {
  readonly #graph: DependencyGraph;
  readonly #type: ObjectType;
  readonly #onComplete: () => void;
  /** The uids told since the beginning, until all are. */
  #told: Set<string> | undefined;

  constructor(graph: DependencyGraph, type: ObjectType, onComplete: () => void) {
    this.#graph = graph;
    this.#type = type;
    this.#onComplete = onComplete;
  }

  begin(): void {
    this.#told = new Set();
  }

  complete(): void {
    this.#graph.keepOnly(this.#type, this.#told ?? new Set());
    this.#told = undefined;
    this.#onComplete();
  }

  set({ metadata }: KubeObject): void {
    this.#told?.add(metadata.uid!);
    this.#graph.observe(this.#type, metadata);
  }

  delete({ metadata }: KubeObject): void {
    this.#graph.remove(this.#type, metadata);
  }
}
