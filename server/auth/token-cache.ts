import type { Clock } from "../../api/clock.ts";
import {
  type Authenticated,
  type AuthenticationResult,
  type Authenticator,
  authenticatedAs,
  type Credentials,
} from "./authenticator.ts";

/** Sources: authentication/token/cache; the default of TokenSuccessCacheTTL. */
const lifetimeMilliseconds = 10_000;
const maxTokens = 4096;

interface Known {
  result: Authenticated;
  until: number;
}

/** A token that was found good is believed for ten seconds without looking again. */
export function cachedTokens(authenticator: Authenticator, clock: Clock): Authenticator {
  // Apart, so that no token can look like a key with audiences; to make a key of every request's token would take longer.
  const forServer = new Map<string, Known>();
  const forAudiences = new Map<string, Known>();
  async function look(
    known: Map<string, Known>,
    key: string,
    credentials: Credentials,
    now: number,
  ): Promise<AuthenticationResult> {
    known.delete(key);
    const found = await authenticator.authenticate(credentials);
    if (!found || !("user" in found)) return found;
    const result = authenticatedAs(found);
    known.set(key, { result, until: now + lifetimeMilliseconds });
    // The oldest comes first.
    if (known.size > maxTokens) known.delete(known.keys().next().value!);
    return result;
  }
  return {
    authenticate(credentials) {
      const { bearerToken, audiences } = credentials;
      if (bearerToken === undefined) return undefined;
      const known = audiences ? forAudiences : forServer;
      const key = audiences ? JSON.stringify([bearerToken, audiences]) : bearerToken;
      const now = clock.monotonic();
      const entry = known.get(key);
      return entry && now < entry.until ? entry.result : look(known, key, credentials, now);
    },
  };
}
