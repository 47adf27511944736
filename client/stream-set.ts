import type { Client, ResourceReference } from "./client.ts";
import { type StreamFollower, type StreamOptions, streamObjects } from "./stream-objects.ts";

/** A stream that is wanted. */
export interface WantedStream {
  resource: ResourceReference;
  metadataOnly: boolean;
  follow(): StreamFollower;
}

export type StreamSetOptions = Omit<StreamOptions, "metadataOnly"> & { client: Client };

/** So many streams are opened at once, then others get their turn. */
const slice = 8;

/** Streams of several resources, which come and go. */
export class StreamSet {
  readonly #options: StreamSetOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: StreamSetOptions) {
    this.#options = options;
    const end = () => {
      for (const ending of this.#running.values()) ending.abort();
    };
    options.signal.addEventListener("abort", end, { once: true });
  }

  /** Follows what is wanted from now on, and nothing else; resolves when the new ones have told all there is. */
  async sync(wanted: ReadonlyMap<string, WantedStream>): Promise<void> {
    for (const [key, ending] of this.#running) {
      if (wanted.has(key)) continue;
      this.#running.delete(key);
      ending.abort();
    }
    const started: Promise<void>[] = [];
    for (const [key, stream] of wanted) {
      if (this.#running.has(key)) continue;
      if (this.#options.signal.aborted) return;
      started.push(this.#start(key, stream));
      if (started.length % slice === 0) await new Promise(setImmediate);
    }
    await Promise.all(started);
  }

  #start(key: string, { resource, metadataOnly, follow }: WantedStream): Promise<void> {
    const { client, clock, random, onError } = this.#options;
    const ending = new AbortController();
    this.#running.set(key, ending);
    const { promise, resolve } = Promise.withResolvers<void>();
    const options = { clock, random, signal: ending.signal, onError, metadataOnly };
    void streamObjects(client, resource, tellingCompletion(follow(), resolve), options).finally(() => {
      if (this.#running.get(key) === ending) this.#running.delete(key);
      resolve();
    });
    return promise;
  }
}

const tellingCompletion = (follower: StreamFollower, onComplete: () => void): StreamFollower => ({
  begin: () => follower.begin(),
  complete() {
    follower.complete();
    onComplete();
  },
  set: (object) => follower.set(object),
  delete: (object) => follower.delete(object),
});
