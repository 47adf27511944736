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
  const known = new Map<string, Known>();
  async function look(credentials: Credentials, key: string, now: number): Promise<AuthenticationResult> {
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
      const key = JSON.stringify([bearerToken, audiences]);
      const now = clock.monotonic();
      const entry = known.get(key);
      return entry && now < entry.until ? entry.result : look(credentials, key, now);
    },
  };
}
