import { apiVersionOf, type KubeObject } from "../../api/object.ts";
import type { ServedResource } from "../../client/client.ts";
import type { StreamFollower } from "../../client/stream-objects.ts";
import type { WantedStream } from "../../client/stream-set.ts";
import type { DependencyGraph, ObjectType } from "./dependency-graph.ts";

/** What tells the graph of all objects of these resources. Source: syncMonitors of graph_builder.go. */
export function monitorsOf(
  graph: DependencyGraph,
  resources: readonly ServedResource[],
): Map<string, WantedStream> {
  return new Map(
    resources.map(({ group, version, resource, kind }) => {
      const type = { apiVersion: apiVersionOf(group, version), kind };
      const follow = () => new Monitor(graph, type);
      const stream = { resource: { group, version, resource }, metadataOnly: true, follow };
      return [`${type.apiVersion}/${resource}/${kind}`, stream];
    }),
  );
}

class Monitor implements StreamFollower {
  readonly #graph: DependencyGraph;
  readonly #type: ObjectType;
  /** The uids told since the beginning, until all are. */
  #told: Set<string> | undefined;

  constructor(graph: DependencyGraph, type: ObjectType) {
    this.#graph = graph;
    this.#type = type;
  }

  begin(): void {
    this.#told = new Set();
  }

  complete(): void {
    this.#graph.keepOnly(this.#type, this.#told ?? new Set());
    this.#told = undefined;
  }

  set({ metadata }: KubeObject): void {
    this.#told?.add(metadata.uid!);
    this.#graph.observe(this.#type, metadata);
  }

  delete({ metadata }: KubeObject): void {
    this.#graph.remove(this.#type, metadata);
  }
}
