import type { Clock, Random } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import { type Status, StatusError, statusErrorOf } from "../api/status.ts";
import { Backoff } from "./backoff.ts";
import type { Client, ResourceReference, WatchedEvent } from "./client.ts";
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
  random: Random;
  signal: AbortSignal;
  metadataOnly?: boolean;
  /** Hears of failures; the stream is opened again, later each time. */
  onError: (error: unknown) => void;
}

/** Source: defaultBackoffInit and its like. */
const backoff = { first: 800, longest: 30_000, reset: 120_000 };
/** A watch asks to be ended after this many seconds to twice as many, so that none hangs for ever. */
const leastWatchSeconds = 300;
/** A watch that tells nothing for so many milliseconds and ends was in vain. */
const shortestWatch = 1000;
const pageSize = 500;
/** So many objects are told at once, then others get their turn. */
const slice = 100;

/**
 * Follows a resource by one streaming list and the watches that resume it, until the signal aborts. Where the server
 * cannot stream lists, by pages. A resource that is not served has no objects, until it is.
 * Source: the reflector of client-go; KEP-3157.
 */
export async function streamObjects(
  client: Client,
  resource: ResourceReference,
  follower: StreamFollower,
  options: StreamOptions,
): Promise<void> {
  const { clock, random, signal, onError } = options;
  const stream = new Stream(client, resource, follower, options);
  const delays = new Backoff({ clock, random, ...backoff });
  while (!signal.aborted) {
    try {
      if ((await stream.run()) === "goesOn") continue;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
    }
    await pause(clock, delays.next(), signal);
  }
}

class Stream {
  readonly #client: Client;
  readonly #resource: ResourceReference;
  readonly #follower: StreamFollower;
  readonly #options: StreamOptions;
  /** Up to where all is known; undefined: nothing is. */
  #seen: string | undefined;
  /** Everything there is has been told once. */
  #hasTold = false;
  /** The server has refused to stream lists. */
  #listsInPages = false;

  constructor(client: Client, resource: ResourceReference, follower: StreamFollower, options: StreamOptions) {
    this.#client = client;
    this.#resource = resource;
    this.#follower = follower;
    this.#options = options;
  }

  /** One watch, until it ends: whether the next may begin at once. */
  async run(): Promise<"goesOn" | "later"> {
    const { clock } = this.#options;
    const start = clock.monotonic();
    try {
      if (this.#seen === undefined && this.#listsInPages) await this.#list();
      const count = await this.#watch();
      return count === 0 && clock.monotonic() - start < shortestWatch ? "later" : "goesOn";
    } catch (error) {
      return this.#afterFailure(error);
    }
  }

  #afterFailure(error: unknown): "goesOn" | "later" {
    if (!(error instanceof StatusError)) throw error;
    const { code } = error;
    if (code === 404) {
      if (!this.#hasTold) this.#tellNothing();
      return "later";
    }
    if (this.#seen === undefined) {
      if (code !== 422 || this.#listsInPages) throw error;
      this.#listsInPages = true;
      return "goesOn";
    }
    // Too old, or told by a server that knew more.
    if (code === 410 || isFromTheFuture(error)) this.#seen = undefined;
    if (code === 410) return "goesOn";
    throw error;
  }

  #tellNothing(): void {
    this.#follower.begin();
    this.#complete();
  }

  #complete(): void {
    this.#hasTold = true;
    this.#follower.complete();
  }

  async #list(): Promise<void> {
    this.#follower.begin();
    let next: string | undefined;
    do {
      const page = { limit: pageSize, ...(next === undefined ? {} : { continue: next }) };
      const { items, metadata } = await this.#client.list(this.#resource, page);
      for (const item of items) this.#follower.set(item);
      next = metadata.continue || undefined;
      if (next === undefined) this.#seen = metadata.resourceVersion;
    } while (next !== undefined);
    this.#complete();
  }

  /** How many events it brought. */
  async #watch(): Promise<number> {
    let initial = this.#seen === undefined;
    if (initial) this.#follower.begin();
    let count = 0;
    for await (const event of this.#open()) {
      if (event.type === "ERROR") throw this.#failureOf(event.object as unknown as Status);
      if (event.type === "DELETED") this.#follower.delete(event.object);
      else if (event.type !== "BOOKMARK") this.#follower.set(event.object);
      else if (initial && event.object.metadata.annotations?.["k8s.io/initial-events-end"]) {
        initial = false;
        this.#complete();
      }
      count++;
      // Before its end an initial state cannot be resumed.
      if (!initial) this.#seen = event.object.metadata.resourceVersion;
      else if (count % slice === 0) await new Promise(setImmediate);
    }
    return count;
  }

  #open(): AsyncIterable<WatchedEvent> {
    const { random, signal, metadataOnly = false } = this.#options;
    const position =
      this.#seen === undefined
        ? ({ sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" } as const)
        : { resourceVersion: this.#seen };
    const timeoutSeconds = Math.floor(leastWatchSeconds * (1 + random.next()));
    const options = { ...position, allowWatchBookmarks: true, timeoutSeconds, signal, metadataOnly };
    return this.#client.watch(this.#resource, options);
  }

  /** An error in the middle of a watch: only one who asks too often knows that all else is as it was. */
  #failureOf(status: Status): StatusError {
    if (status.code !== 429 && status.code !== 410) this.#seen = undefined;
    return statusErrorOf(status);
  }
}

const isFromTheFuture = ({ details }: StatusError): boolean =>
  details?.causes?.some(({ reason }) => reason === "ResourceVersionTooLarge") ?? false;
