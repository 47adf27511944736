import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import { type Pod, podsResource } from "../controllees/pod-facts.ts";
import { isTracked, trackingFinalizer } from "./jobs.ts";

/**
 * Removes the finalizers of pods that a Job has counted, and remembers whose until that is seen: what is known of such
 * a pod must not make it count again. Source: uidTrackingExpectations of pkg/controller/job/tracking_utils.go.
 */
export class RemovedFinalizers {
  readonly #client: Client;
  readonly #uids = new Map<string, Set<string>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Uids of pods of the Job with this key, as they are now. */
  of(key: string): ReadonlySet<string> {
    return new Set(this.#uids.get(key));
  }

  observed(key: string, uid: string): void {
    const uids = this.#uids.get(key);
    uids?.delete(uid);
    if (uids?.size === 0) this.#uids.delete(key);
  }

  forget(key: string): void {
    this.#uids.delete(key);
  }

  /** @throws StatusError 404 too */
  async remove(pod: Pod): Promise<void> {
    if (!isTracked(pod)) return;
    const { namespace = "", name = "" } = pod.metadata;
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": [trackingFinalizer] } };
    await this.#client.patch({ ...podsResource, namespace }, name, patch, { type: "strategic" });
  }

  /** Of all of them; the uids of those that have none any more, and the first failure. */
  async removeAll(key: string, pods: readonly Pod[]): Promise<{ removed: Set<string>; error?: unknown }> {
    const removed = new Set<string>();
    if (pods.length === 0) return { removed };
    const expected = this.#uids.get(key) ?? new Set();
    this.#uids.set(key, expected);
    for (const { metadata } of pods) expected.add(metadata.uid ?? "");
    const results = await Promise.allSettled(
      pods.map(async (pod) => {
        const { uid = "" } = pod.metadata;
        try {
          await this.remove(pod);
        } catch (error) {
          this.observed(key, uid);
          if (!(error instanceof StatusError) || error.code !== 404) throw error;
        }
        removed.add(uid);
      }),
    );
    const failed = results.find((result): result is PromiseRejectedResult => result.status === "rejected");
    return failed ? { removed, error: failed.reason } : { removed };
  }
}
