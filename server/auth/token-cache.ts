import type { Clock } from "../../api/clock.ts";
import {
  type Authenticated,
  type AuthenticationResult,
  type Authenticator,
  authenticatedAs,
  type Credentials,
} from "./authenticator.ts";
import { ExpiringMap } from "./expiring-map.ts";

/** Sources: authentication/token/cache; the default of TokenSuccessCacheTTL. */
const lifetimeMilliseconds = 10_000;
const maxTokens = 4096;

/** A token that was found good is believed for ten seconds without looking again. */
export function cachedTokens(authenticator: Authenticator, clock: Clock): Authenticator {
  // Apart, so that no token can look like a key with audiences; to make a key of every request's token would take longer.
  const forServer = new ExpiringMap<Authenticated>(maxTokens, clock);
  const forAudiences = new ExpiringMap<Authenticated>(maxTokens, clock);
  async function look(
    known: ExpiringMap<Authenticated>,
    key: string,
    credentials: Credentials,
  ): Promise<AuthenticationResult> {
    const found = await authenticator.authenticate(credentials);
    if (!found || !("user" in found)) return found;
    const result = authenticatedAs(found);
    known.set(key, result, lifetimeMilliseconds);
    return result;
  }
  return {
    authenticate(credentials) {
      const { bearerToken, audiences } = credentials;
      if (bearerToken === undefined) return undefined;
      const known = audiences ? forAudiences : forServer;
      const key = audiences ? JSON.stringify([bearerToken, audiences]) : bearerToken;
      return known.get(key) ?? look(known, key, credentials);
    },
  };
}
