import { type Clock, type Random, timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import { follow } from "../../client/follow.ts";
import { KnownObjects } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { type DanglingCondition, type FlowSchema, missingDangling } from "./dangling.ts";
import { WriteLimit } from "./write-limit.ts";

const group = { group: "flowcontrol.apiserver.k8s.io", version: "v1" } as const;
const levelsResource: ResourceReference = { ...group, resource: "prioritylevelconfigurations" };
const schemasResource: ResourceReference = { ...group, resource: "flowschemas" };

const fieldManager = "api-priority-and-fairness-config-consumer-v1";
/** The only key: a change of any object concerns all. */
const everything = "";
const firstRetry = 200;
const longestRetry = 8 * 60 * 60 * 1000;

export interface FlowSchemaControllerOptions {
  client: Client;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

/**
 * Says in the status of every FlowSchema whether its priority level exists, and insists on it: whatever else is written
 * there is overwritten. All are looked at whenever a level or a schema changes.
 * Source: k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go.
 */
export class FlowSchemaController {
  readonly #options: FlowSchemaControllerOptions;
  readonly #queue: WorkQueue;
  readonly #levels = new KnownObjects(() => this.#queue.add(everything));
  readonly #schemas = new KnownObjects<KubeObject & FlowSchema>((now) => {
    if (now) this.#queue.add(everything);
  });
  readonly #limit = new WriteLimit();
  readonly #followed = Promise.withResolvers<void>();
  readonly #looked = Promise.withResolvers<void>();

  constructor(options: FlowSchemaControllerOptions) {
    this.#options = options;
    const { clock, signal, onError } = options;
    const ready = this.#followed.promise;
    const work = () => this.#sync().finally(this.#looked.resolve);
    this.#queue = new WorkQueue({ clock, signal, onError, ready, firstRetry, longestRetry, work });
  }

  /** Follows the objects until the signal aborts; resolves when the present ones were looked at. */
  async start(): Promise<void> {
    const { client, ...following } = this.#options;
    const { signal } = following;
    signal.addEventListener("abort", () => this.#looked.resolve(), { once: true });
    await follow(client, levelsResource, this.#levels, following);
    await follow(client, schemasResource, this.#schemas, following);
    this.#followed.resolve();
    this.#queue.add(everything);
    await this.#looked.promise;
  }

  /** @throws AggregateError of all writes that failed. */
  async #sync(): Promise<void> {
    const { clock, random, signal } = this.#options;
    const now = clock.now();
    const writes: Promise<void>[] = [];
    let isDelayed = false;
    for (const schema of this.#schemas.values()) {
      const name = schema.metadata.name ?? "";
      const condition = missingDangling(schema, this.#levels);
      if (!condition) continue;
      if (this.#limit.allows(name, now)) {
        this.#limit.note(name, now);
        writes.push(this.#write(name, condition));
      } else isDelayed = true;
    }
    const failed = (await Promise.allSettled(writes)).filter((result) => result.status === "rejected");
    if (failed.length > 0) throw new AggregateError(failed.map(({ reason }) => reason));
    if (isDelayed && !signal.aborted)
      this.#queue.addAfter(everything, (30 + Math.floor(random.next() * 45)) * 1000);
  }

  async #write(name: string, condition: DanglingCondition): Promise<void> {
    const { client, clock } = this.#options;
    const patch = {
      kind: "FlowSchema",
      apiVersion: `${group.group}/${group.version}`,
      metadata: { name },
      status: { conditions: [{ ...condition, lastTransitionTime: timestamp(clock) }] },
    };
    try {
      const options = { type: "apply", force: true, fieldManager, subresource: "status" } as const;
      const written = await client.patch(schemasResource, name, patch, options);
      // Our own writes are known before the watch brings them.
      if (this.#schemas.has(name)) this.#schemas.remember(written);
    } catch (error) {
      // It is gone: the watch will say so.
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    }
  }
}
