import { apiVersionOf, type KubeObject } from "../../api/object.ts";
import type { PreferredResources, ServedResource } from "../../client/client.ts";
import type { StreamFollower } from "../../client/stream-objects.ts";
import type { WantedStream } from "../../client/stream-set.ts";
import type { DependencyGraph, ObjectType } from "./dependency-graph.ts";

/** What is collected now; of groups that cannot be looked up, what was before. Source: Sync of garbagecollector.go. */
export function resourcesToFollow(
  { resources, failed }: PreferredResources,
  before: readonly ServedResource[],
): readonly ServedResource[] {
  const isUnknown = ({ group, version }: ServedResource) => failed.includes(apiVersionOf(group, version));
  return [...resources.filter(isCollectable), ...before.filter(isUnknown)];
}

/** Events are not looked at: there are many, and they go by themselves. */
const isCollectable = ({ resource, group, verbs }: ServedResource): boolean =>
  ["delete", "list", "watch"].every((verb) => verbs.includes(verb)) &&
  !(resource === "events" && (group === "" || group === "events.k8s.io"));

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
