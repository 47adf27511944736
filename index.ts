/** The library's public door: a Kubernetes cluster in this process. */

export type { Clock, Random } from "./api/clock.ts";
export type { KubeObject, ObjectMeta } from "./api/object.ts";
export { StatusError } from "./api/status.ts";
export { type Cluster, createCluster } from "./cli/cluster.ts";
export { type ClusterOptions, UsageError } from "./cli/cluster-options.ts";
export { type ConnectOptions, connect } from "./cli/connect.ts";
export type {
  Client,
  DeleteOptions,
  KubeList,
  ListOptions,
  PatchOptions,
  ReadOptions,
  ResourceReference,
  ServedResource,
  WatchedEvent,
  WatchOptions,
  WriteOptions,
} from "./client/client.ts";
