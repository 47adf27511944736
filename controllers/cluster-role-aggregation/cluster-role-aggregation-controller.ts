import type { Clock } from "../../api/clock.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import type { Client } from "../../client/client.ts";
import { follow } from "../../client/follow.ts";
import { KnownObjects } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { aggregatedRules, type ClusterRole } from "./aggregated-rules.ts";

const group = { group: "rbac.authorization.k8s.io", version: "v1" } as const;
const clusterRoles = { ...group, resource: "clusterroles" };
const fieldManager = "clusterrole-aggregation-controller";

export interface ClusterRoleAggregationOptions {
  client: Client;
  clock: Clock;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

/**
 * Writes into every ClusterRole with an aggregationRule the rules of the roles that it selects. Nobody knows which roles
 * lead to which, so that all are looked at whenever one changes. Source: pkg/controller/clusterroleaggregation.
 */
export class ClusterRoleAggregationController {
  readonly #options: ClusterRoleAggregationOptions;
  readonly #roles = new KnownObjects<ClusterRole>(() => this.#enqueue());
  readonly #queue: WorkQueue;

  constructor(options: ClusterRoleAggregationOptions) {
    const { clock, signal, onError } = options;
    this.#options = options;
    this.#queue = new WorkQueue({ clock, signal, onError, workers: 5, work: (name) => this.#sync(name) });
  }

  /** Follows the roles until the signal aborts; resolves when the present ones are known. */
  async start(): Promise<void> {
    const { client, signal, onError } = this.#options;
    await follow(client, clusterRoles, this.#roles, { signal, onError });
  }

  #enqueue(): void {
    for (const { metadata, aggregationRule } of this.#roles.values())
      if (aggregationRule) this.#queue.add(metadata.name ?? "");
  }

  async #sync(name: string): Promise<void> {
    const role = this.#roles.get(name);
    if (!role?.aggregationRule) return;
    const rules = aggregatedRules(role, this.#roles.values());
    if (semanticEqual(rules, role.rules ?? [])) return;
    const patch = {
      kind: "ClusterRole",
      apiVersion: `${group.group}/${group.version}`,
      metadata: { name },
      ...(rules.length === 0 ? {} : { rules }),
    };
    await this.#options.client.patch(clusterRoles, name, patch, { type: "apply", force: true, fieldManager });
  }
}
