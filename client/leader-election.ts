import type { Clock, Random } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import { StatusError } from "../api/status.ts";
import type { Client } from "./client.ts";
import { pause } from "./pause.ts";

export interface LeaderElectionOptions {
  client: Client;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** Hears of what went wrong with the lease; it is tried again. */
  onError: (error: unknown) => void;
  namespace: string;
  name: string;
  /** Unique among those that want to lead. */
  identity: string;
  /** How long others wait for a leader that says nothing, in milliseconds. Default 15 s. */
  leaseDuration?: number;
  /** After how long a leader that cannot renew gives up, in milliseconds. Default 10 s. */
  renewDeadline?: number;
  /** Milliseconds between attempts. Default 2 s. */
  retryPeriod?: number;
  /** Whether another may lead at once when the signal aborts. */
  releaseOnEnd?: boolean;
  onNewLeader?: (identity: string) => void;
  /** Leads until its signal aborts. */
  lead(signal: AbortSignal): Promise<void>;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

interface Lease extends KubeObject {
  spec?: LeaseSpec;
}

const resource = { group: "coordination.k8s.io", version: "v1", resource: "leases" } as const;
const jitter = 1.2;

/**
 * Waits until nobody else leads, leads as long as the lease can be renewed, and resolves when that is over or the
 * signal aborts. Other clocks are not believed: a lease is over when it has not changed for its duration as seen from
 * here. Source: client-go/tools/leaderelection with a LeaseLock.
 */
export async function runAsLeader(options: LeaderElectionOptions): Promise<void> {
  const { clock, random, signal, retryPeriod = 2000, releaseOnEnd = false } = options;
  const election = new Election(options);
  while (!(await election.tryAcquireOrRenew())) {
    await pause(clock, retryPeriod * (1 + jitter * random.next()), signal);
    if (signal.aborted) return;
  }
  const leading = new AbortController();
  const end = () => leading.abort();
  signal.addEventListener("abort", end, { once: true });
  const led = options.lead(leading.signal);
  await renewWhilePossible(election, options);
  leading.abort();
  signal.removeEventListener("abort", end);
  await led;
  if (releaseOnEnd) await election.release();
}

async function renewWhilePossible(
  election: Election,
  { clock, signal, retryPeriod = 2000, renewDeadline = 10_000 }: LeaderElectionOptions,
): Promise<void> {
  for (let renewed = clock.monotonic(); !signal.aborted && clock.monotonic() - renewed < renewDeadline; ) {
    await pause(clock, retryPeriod, signal);
    if (!signal.aborted && (await election.tryAcquireOrRenew())) renewed = clock.monotonic();
  }
}

class Election {
  readonly #options: LeaderElectionOptions;
  #lease: Lease | undefined;
  /** When the lease was seen to change. */
  #observedAt = 0;
  #reported: string | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  get #holder(): string {
    return this.#lease?.spec?.holderIdentity ?? "";
  }

  get #isLeader(): boolean {
    return this.#holder === this.#options.identity;
  }

  get #isValid(): boolean {
    const { clock } = this.#options;
    const duration = (this.#lease?.spec?.leaseDurationSeconds ?? 0) * 1000;
    return this.#observedAt + duration > clock.monotonic();
  }

  async tryAcquireOrRenew(): Promise<boolean> {
    const { onError, onNewLeader } = this.#options;
    let isLeader = false;
    try {
      isLeader = await this.#attempt();
    } catch (error) {
      const isRace = error instanceof StatusError && error.code === 409;
      if (!isRace) onError(error);
    }
    if (this.#lease && this.#holder !== this.#reported) {
      this.#reported = this.#holder;
      onNewLeader?.(this.#holder);
    }
    return isLeader;
  }

  async #attempt(): Promise<boolean> {
    if (this.#isLeader && this.#isValid && (await this.#updateAtOnce())) return true;
    const current = await this.#read();
    if (!current) {
      const { client, namespace, name } = this.#options;
      const lease: Lease = {
        ...{ kind: "Lease", apiVersion: "coordination.k8s.io/v1", metadata: { name, namespace } },
        spec: this.#claim(0),
      };
      this.#observe((await client.create({ ...resource, namespace }, lease)) as Lease);
      return true;
    }
    if (current.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) this.#observe(current);
    if (this.#holder !== "" && !this.#isLeader && this.#isValid) return false;
    await this.#update(current);
    return true;
  }

  /** Without reading it first: nobody else writes a lease that is valid. */
  async #updateAtOnce(): Promise<boolean> {
    try {
      await this.#update(this.#lease!);
      return true;
    } catch {
      return false;
    }
  }

  async #read(): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return (await client.get({ ...resource, namespace }, name)) as Lease;
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      throw error;
    }
  }

  async #update(lease: Lease, spec?: LeaseSpec): Promise<void> {
    const { client, namespace } = this.#options;
    const { acquireTime, leaseTransitions = 0 } = lease.spec ?? {};
    const kept = this.#isLeader && acquireTime ? { acquireTime } : {};
    const claim = { ...this.#claim(leaseTransitions + (this.#isLeader ? 0 : 1)), ...kept };
    const changed: Lease = { ...lease, spec: { ...lease.spec, ...(spec ?? claim) } };
    this.#observe((await client.update({ ...resource, namespace }, changed)) as Lease);
  }

  /** Lets others lead without waiting. */
  async release(): Promise<void> {
    if (!this.#isLeader || !this.#lease) return;
    const { holderIdentity: _, ...claim } = this.#claim(this.#lease.spec?.leaseTransitions ?? 0);
    const released = { ...claim, holderIdentity: "", leaseDurationSeconds: 1 };
    await this.#update(this.#lease, released).catch(this.#options.onError);
  }

  #claim(leaseTransitions: number): LeaseSpec {
    const { clock, identity, leaseDuration = 15_000 } = this.#options;
    const now = new Date(clock.now()).toISOString().replace("Z", "000Z");
    return {
      holderIdentity: identity,
      leaseDurationSeconds: leaseDuration / 1000,
      ...{ acquireTime: now, renewTime: now, leaseTransitions },
    };
  }

  #observe(lease: Lease): void {
    this.#lease = lease;
    this.#observedAt = this.#options.clock.monotonic();
  }
}
