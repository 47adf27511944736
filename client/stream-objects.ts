import type { Clock } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import { type Status, StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "./client.ts";
import { pause } from "./pause.ts";

/** Told of the objects of a resource one by one, and so never given all of them. */
export interface StreamFollower {
  /** What there is will be told anew, at the beginning and when changes were missed. */
  begin(): void;
  /** Everything there is has been told since begin. */
  complete(): void;
  set(object: KubeObject): void;
  delete(object: KubeObject): void;
}

export interface StreamOptions {
  clock: Clock;
  signal: AbortSignal;
  metadataOnly?: boolean;
  /** Hears of failures; the stream is opened again, later each time. */
  onError: (error: unknown) => void;
}

const firstRetry = 800;
const longestRetry = 30_000;
/** So many objects are told at once, then others get their turn. */
const slice = 100;

/**
 * Follows a resource by one streaming list and the watches that resume it, until the signal aborts or the resource is
 * not served any more; resolves then. Source: the reflector of client-go; KEP-3157.
 */
export async function streamObjects(
  client: Client,
  resource: ResourceReference,
  follower: StreamFollower,
  options: StreamOptions,
): Promise<void> {
  const { clock, signal, onError } = options;
  const stream = new Stream(client, resource, follower, options);
  for (let failures = 0; !signal.aborted; ) {
    try {
      await stream.run();
      failures = 0;
    } catch (error) {
      if (signal.aborted || (error instanceof StatusError && error.code === 404)) return;
      onError(error);
      await pause(clock, Math.min(firstRetry * 2 ** failures++, longestRetry), signal);
    }
  }
}

class Stream {
  readonly #client: Client;
  readonly #resource: ResourceReference;
  readonly #follower: StreamFollower;
  readonly #options: Pick<StreamOptions, "signal" | "metadataOnly">;
  /** Up to where all is known; undefined: nothing is. */
  #seen: string | undefined;

  constructor(
    client: Client,
    resource: ResourceReference,
    follower: StreamFollower,
    { signal, metadataOnly = false }: StreamOptions,
  ) {
    this.#client = client;
    this.#resource = resource;
    this.#follower = follower;
    this.#options = { signal, metadataOnly };
  }

  /** One watch, until it ends. */
  async run(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 410) throw error;
      this.#seen = undefined;
    }
  }

  async #read(): Promise<void> {
    const follower = this.#follower;
    const position =
      this.#seen === undefined
        ? ({ sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" } as const)
        : { resourceVersion: this.#seen };
    let initial = this.#seen === undefined;
    if (initial) follower.begin();
    const options = { ...position, allowWatchBookmarks: true, ...this.#options };
    let count = 0;
    for await (const { type, object } of this.#client.watch(this.#resource, options)) {
      if (type === "ERROR") {
        const { code, message } = object as unknown as Status;
        this.#seen = undefined;
        if (code === 410) return;
        throw new Error(`watch of ${this.#resource.resource}: ${message}`);
      }
      if (type === "DELETED") follower.delete(object);
      else if (type !== "BOOKMARK") follower.set(object);
      else if (initial && object.metadata.annotations?.["k8s.io/initial-events-end"]) {
        initial = false;
        follower.complete();
      }
      // Before its end an initial state cannot be resumed.
      if (!initial) this.#seen = object.metadata.resourceVersion;
      else if (++count % slice === 0) await new Promise(setImmediate);
    }
  }
}
