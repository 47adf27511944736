import type { KubeObject } from "../api/object.ts";
import type { Client, ResourceReference } from "./client.ts";
import { objectKey } from "./known-objects.ts";
import { type StreamFollower, type StreamOptions, streamObjects } from "./stream-objects.ts";

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

export type FollowOptions = Omit<StreamOptions, "metadataOnly">;

/** Follows a resource by streamObjects, until the signal aborts; resolves when all there is has been told once. */
export function follow(
  client: Client,
  resource: ResourceReference,
  follower: Follower,
  options: FollowOptions,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Who waits for what there is need not wait for what will not be told any more.
  void streamObjects(client, resource, gathering(follower, resolve), options).then(resolve);
  return promise;
}

/** Hands on all at once what is told one by one. */
function gathering(follower: Follower, onComplete: () => void): StreamFollower {
  let gathered: Map<string, KubeObject> | undefined;
  return {
    begin() {
      gathered = new Map();
    },
    complete() {
      follower.replace([...(gathered?.values() ?? [])]);
      gathered = undefined;
      onComplete();
    },
    // Changes may come before all is told.
    set(object) {
      if (gathered) gathered.set(objectKey(object), object);
      else follower.set(object);
    },
    delete(object) {
      if (gathered) gathered.delete(objectKey(object));
      else follower.delete(object);
    },
  };
}
