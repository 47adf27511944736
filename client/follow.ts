import type { KubeObject } from "../api/object.ts";
import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "./client.ts";

/** Told what a resource consists of and how it changes, one call after the other. */
export interface Follower {
  /** All objects there are: at the beginning, and whenever the changes since were missed. */
  replace(objects: readonly KubeObject[]): void;
  set(object: KubeObject): void;
  delete(object: KubeObject): void;
}

/** Several followers, told in their order. */
export function inOrder(followers: readonly Follower[]): Follower {
  const tell = (run: (follower: Follower) => void) => followers.forEach(run);
  return {
    replace: (objects) => tell((follower) => follower.replace(objects)),
    set: (object) => tell((follower) => follower.set(object)),
    delete: (object) => tell((follower) => follower.delete(object)),
  };
}

/**
 * Lists a resource and watches it until the signal aborts, as client-go's reflector does. Resolves after the first
 * list; whatever ends the watch for good goes to onError. Of a resource that the server does not serve, as
 * --runtime-config may have it, there is nothing to know and nothing to watch.
 */
export async function follow(
  client: Client,
  resource: ResourceReference,
  follower: Follower,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<void> {
  const list = async (): Promise<string> => {
    const { items, metadata } = await client.list(resource);
    follower.replace(items);
    return metadata.resourceVersion;
  };
  const run = async (from: string): Promise<void> => {
    let resourceVersion = from;
    while (!signal.aborted) {
      const seen = await watchFrom(client, resource, follower, resourceVersion, signal);
      resourceVersion = seen ?? (await list());
    }
  };
  const first = await list().catch(nothingServed);
  if (first === undefined) return follower.replace([]);
  run(first).catch((error: unknown) => {
    if (!signal.aborted) onError(error);
  });
}

function nothingServed(error: unknown): undefined {
  if (!(error instanceof StatusError) || error.code !== 404) throw error;
}

/** Ends with the version up to which everything was seen; undefined: it is too old, list again. */
async function watchFrom(
  client: Client,
  resource: ResourceReference,
  follower: Follower,
  from: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let seen = from;
  try {
    const events = client.watch(resource, { resourceVersion: from, allowWatchBookmarks: true, signal });
    for await (const { type, object } of events) {
      if (type === "ERROR") return undefined;
      if (type === "DELETED") follower.delete(object);
      else if (type !== "BOOKMARK") follower.set(object);
      seen = object.metadata.resourceVersion ?? seen;
    }
    return seen;
  } catch (error) {
    if (error instanceof StatusError && error.code === 410) return undefined;
    throw error;
  }
}
