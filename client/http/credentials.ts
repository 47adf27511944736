import { readFile } from "node:fs/promises";
import type { Clock } from "../../api/clock.ts";
import type { Credentials, ServerAccess } from "./server-access.ts";

/** Shows who asks, with each request anew. */
export interface CredentialSource {
  get(): Promise<Credentials>;
  /** The server has refused what get said: the next is to be another. */
  refused?(): void;
}

/** How long the content of a token file is believed, in milliseconds. Source: NewCachedFileTokenSource of client-go. */
const fileTime = 60_000;

/** Those of a kubeconfig. */
export async function credentialsOf(access: ServerAccess, clock: Clock): Promise<CredentialSource> {
  const { authorization, cert, key, tokenFile, exec } = access;
  if (exec) return (await import("./exec-credentials.ts")).execCredentials(exec, access, clock);
  const fixed: Credentials = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
  if (tokenFile === undefined) return { get: async () => fixed };
  return fileCredentials(fixed, tokenFile, clock);
}

/** While its file cannot be read, the token is as it was. */
function fileCredentials(fixed: Credentials, path: string, clock: Clock): CredentialSource {
  let known = fixed;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    async get() {
      if (clock.monotonic() - readAt > fileTime) {
        readAt = clock.monotonic();
        const token = (await readFile(path, "utf8").catch(() => "")).trim();
        if (token !== "") known = { ...fixed, authorization: `Bearer ${token}` };
      }
      return known;
    },
  };
}

/** Those that ask tells, until they are too old by the clock or refused; whoever wants them meanwhile waits together. */
export function expiringCredentials(
  clock: Clock,
  ask: () => Promise<{ credentials: Credentials; goodUntil: number }>,
): CredentialSource {
  let asked: Promise<Credentials> | undefined;
  let goodUntil = Number.POSITIVE_INFINITY;
  const forget = () => {
    asked = undefined;
    goodUntil = Number.POSITIVE_INFINITY;
  };
  const askAnew = async (): Promise<Credentials> => {
    const answer = await ask();
    goodUntil = answer.goodUntil;
    return answer.credentials;
  };
  return {
    get() {
      if (clock.now() >= goodUntil) forget();
      if (asked) return asked;
      const asking = askAnew();
      asked = asking;
      asking.catch(forget);
      return asking;
    },
    refused: forget,
  };
}
