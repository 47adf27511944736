import { type Clock, type Random, timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import { follow } from "../../client/follow.ts";
import { KnownObjects } from "../../client/known-objects.ts";
import { type DanglingCondition, type FlowSchema, missingDangling } from "./dangling.ts";
import { WriteLimit } from "./write-limit.ts";

const group = { group: "flowcontrol.apiserver.k8s.io", version: "v1" } as const;
const levelsResource: ResourceReference = { ...group, resource: "prioritylevelconfigurations" };
const schemasResource: ResourceReference = { ...group, resource: "flowschemas" };

const fieldManager = "api-priority-and-fairness-config-consumer-v1";
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
  readonly #levels = new KnownObjects(() => this.#enqueue());
  readonly #schemas = new KnownObjects<KubeObject & FlowSchema>((now) => {
    if (now) this.#enqueue();
  });
  readonly #limit = new WriteLimit();
  #running: Promise<void> | undefined;
  #changed = false;
  #failures = 0;
  #cancelRetry = (): void => {};

  constructor(options: FlowSchemaControllerOptions) {
    this.#options = options;
  }

  /** Follows the objects until the signal aborts; resolves when the present ones were looked at. */
  async start(): Promise<void> {
    const { client, ...following } = this.#options;
    const { signal } = following;
    signal.addEventListener("abort", () => this.#cancelRetry(), { once: true });
    await follow(client, levelsResource, this.#levels, following);
    await follow(client, schemasResource, this.#schemas, following);
    await this.#running;
  }

  #enqueue(): void {
    this.#changed = true;
    this.#running ??= this.#work();
  }

  async #work(): Promise<void> {
    while (this.#changed && !this.#options.signal.aborted) {
      this.#changed = false;
      await this.#sync();
    }
    this.#running = undefined;
  }

  async #sync(): Promise<void> {
    const { clock, random, signal, onError } = this.#options;
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
    this.#cancelRetry();
    if (signal.aborted) return;
    for (const { reason } of failed) onError(reason);
    if (failed.length > 0) this.#retryIn(Math.min(firstRetry * 2 ** this.#failures++, longestRetry));
    else {
      this.#failures = 0;
      if (isDelayed) this.#retryIn((30 + Math.floor(random.next() * 45)) * 1000);
    }
  }

  #retryIn(delay: number): void {
    this.#cancelRetry = this.#options.clock.setTimer(delay, () => this.#enqueue());
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
