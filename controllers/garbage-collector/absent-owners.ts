import { LruMap } from "../../api/lru-map.ts";
import { type Identity, identityText } from "./graph-node.ts";

/** Owners that the server does not have, so that their dependents need not ask for each again. Source: uid_cache.go. */
export class AbsentOwners {
  readonly #known = new LruMap<string, true>(500);

  add(owner: Identity): void {
    this.#known.set(identityText(owner), true);
  }

  has(owner: Identity): boolean {
    return this.#known.get(identityText(owner)) ?? false;
  }
}
