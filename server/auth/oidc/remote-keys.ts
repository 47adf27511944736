/** An issuer's keys, as it publishes them. Source: jwks.go of github.com/coreos/go-oidc. */
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Clock } from "../../../api/clock.ts";
import { isSignedBy, type ParsedJwt } from "../jwt.ts";
import type { HttpsAnswer, HttpsGet } from "./https-get.ts";

interface PublishedKey {
  id: string;
  key: KeyObject;
}

/** So much before they expire, an unknown key is reason to look again. */
const renewalMilliseconds = 30_000;

export class RemoteKeys {
  readonly #url: string;
  readonly #get: HttpsGet;
  readonly #clock: Clock;
  #keys: readonly PublishedKey[] = [];
  #expiry = 0;
  #pending: Promise<readonly PublishedKey[]> | undefined;

  constructor(url: string, get: HttpsGet, clock: Clock) {
    this.#url = url;
    this.#get = get;
    this.#clock = clock;
  }

  /** Why a token's signature is none of the issuer's; looks for new keys where those that are known do not fit. */
  async signatureProblem(token: ParsedJwt): Promise<string | undefined> {
    const failed = "failed to verify id token signature";
    // While the issuer cannot be reached, keys that have expired are still good.
    if (isSignedByAny(token, this.#keys)) return undefined;
    if (this.#clock.now() + renewalMilliseconds <= this.#expiry) return failed;
    try {
      this.#pending ??= this.#fetch().finally(() => {
        this.#pending = undefined;
      });
      return isSignedByAny(token, await this.#pending) ? undefined : failed;
    } catch (error) {
      return `fetching keys ${(error as Error).message}`;
    }
  }

  async #fetch(): Promise<readonly PublishedKey[]> {
    const answer = await this.#get(this.#url).catch((error: Error) => {
      throw new Error(`oidc: get keys failed ${error.message}`);
    });
    const { status, statusText, text } = answer;
    if (status !== 200) throw new Error(`oidc: get keys failed: ${status} ${statusText} ${text}`);
    this.#keys = keysOf(text);
    this.#expiry = expiryOf(answer, this.#clock.now());
    return this.#keys;
  }
}

function isSignedByAny(token: ParsedJwt, keys: readonly PublishedKey[]): boolean {
  const { kid } = token.header;
  const isNamed = typeof kid === "string" && kid !== "";
  return keys.some(({ id, key }) => (!isNamed || id === kid) && isSignedBy(token, key));
}

/** Keys of kinds that sign no tokens are left out. */
function keysOf(text: string): PublishedKey[] {
  const { keys } = parsed(text);
  return (keys ?? []).flatMap((jwk) => {
    try {
      return [{ id: jwk.kid ?? "", key: createPublicKey({ key: jwk, format: "jwk" }) }];
    } catch {
      return [];
    }
  });
}

function parsed(text: string): { keys?: (JsonWebKey & { kid?: string })[] } {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`oidc: failed to decode keys: ${(error as Error).message} ${text}`);
  }
}

/** Until when an answer may be kept; now where it does not say. */
function expiryOf({ headers }: HttpsAnswer, now: number): number {
  const control = String(headers["cache-control"] ?? "").toLowerCase();
  if (/\b(no-store|no-cache|private)\b/.test(control)) return now;
  const [, seconds] = /\bs-maxage=(\d+)/.exec(control) ?? /\bmax-age=(\d+)/.exec(control) ?? [];
  if (seconds !== undefined) return now + Number(seconds) * 1000;
  return Math.max(now, Date.parse(String(headers["expires"] ?? "")) || now);
}
