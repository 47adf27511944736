/** An issuer of JSON Web Tokens: who it is, and which tokens are its own. Source: verify.go of github.com/coreos/go-oidc. */
import { compareBytes } from "../../../api/byte-order.ts";
import type { Clock } from "../../../api/clock.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ParsedJwt } from "../jwt.ts";
import type { Claims } from "./claims.ts";
import type { HttpsGet } from "./https-get.ts";
import { RemoteKeys } from "./remote-keys.ts";

export interface IssuerOptions {
  url: string;
  /** Where it is described, if not below its URL. */
  discoveryUrl?: string;
  /** Of these a token must name one. */
  audiences: readonly string[];
  /** By their names in RFC 7518. */
  algorithms: readonly string[];
  get: HttpsGet;
  clock: Clock;
  /** Ends the attempts to reach the issuer. */
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

const wellKnown = "/.well-known/openid-configuration";
const retryMilliseconds = 10_000;
/** How far ahead an issuer's clock may be. */
const leewaySeconds = 60;

export class Issuer {
  readonly #options: IssuerOptions;
  /** Resolves when it is known. */
  readonly ready: Promise<void>;
  /** Resolves when it was looked for once. */
  readonly attempted: Promise<void>;
  #known = () => {};
  #keys: RemoteKeys | undefined;
  #problem: string;

  /** It need not be there yet: it may run in the cluster itself. */
  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#problem = `oidc: authenticator for issuer ${goQuote(options.url)} is not initialized`;
    this.ready = new Promise((resolve) => {
      this.#known = resolve;
    });
    this.attempted = this.#initialize();
  }

  /** Why it is not known yet. */
  get problem(): string | undefined {
    return this.#keys ? undefined : this.#problem;
  }

  /** Why a token is not good; its issuer must be known. */
  async tokenProblem(token: ParsedJwt): Promise<string | undefined> {
    const { algorithms, audiences, clock } = this.#options;
    const algorithm = String(token.header.alg ?? "");
    if (!algorithms.includes(algorithm))
      return `oidc: id token signed with unsupported algorithm, expected ${quotedList(algorithms)} got ${goQuote(algorithm)}`;
    const unsigned =
      "crit" in token.header ? "unsupported crit header" : await this.#keys!.signatureProblem(token);
    if (unsigned !== undefined) return `failed to verify signature: ${unsigned}`;
    const audience = audienceProblem(token.claims, audiences);
    const time = timeProblem(token.claims, clock.now());
    // The library knows one audience only, and looks at it first.
    const last = audiences.length === 1 ? (audience ?? time) : (time ?? audience);
    return sourcesProblem(token.claims) ?? last;
  }

  /** Finds out where the issuer's keys are; tries again until it knows. */
  async #initialize(): Promise<void> {
    const { clock, signal, onError, get } = this.#options;
    if (signal.aborted) return;
    try {
      this.#keys = new RemoteKeys(await this.#keysUrl(), get, clock);
      this.#known();
    } catch (error) {
      const { message } = error as Error;
      // Said once, not at every attempt.
      const isNews = message !== this.#problem && !signal.aborted;
      this.#problem = message;
      if (isNews) onError(new Error(`oidc authenticator: initializing plugin: ${message}`));
      const cancel = clock.setTimer(retryMilliseconds, () => {
        signal.removeEventListener("abort", cancel);
        void this.#initialize();
      });
      signal.addEventListener("abort", cancel, { once: true });
    }
  }

  async #keysUrl(): Promise<string> {
    const { url, discoveryUrl = "", get } = this.#options;
    const { status, statusText, text } = await get(
      discoveryUrl === "" ? url.replace(/\/$/, "") + wellKnown : discoveryUrl,
    );
    if (status !== 200) throw new Error(`${status} ${statusText}: ${text}`);
    const { issuer = "", jwks_uri: keys = "" } = parsed(text);
    if (issuer !== url) {
      const [wanted, got] = [url, issuer].map(goQuote);
      throw new Error(
        `oidc: issuer did not match the issuer returned by provider, expected ${wanted} got ${got}`,
      );
    }
    if (keys === "") throw new Error("provider did not return JWKS URL");
    if (!keys.startsWith("https:"))
      throw new Error(`the keys of the issuer are at ${goQuote(keys)}, which is not https`);
    return keys;
  }
}

/** Whom a token says that it is from; Google's issuer has two names. */
export function issuerOf({ iss }: Claims): unknown {
  return iss === "accounts.google.com" ? "https://accounts.google.com" : iss;
}

/** Claims that are elsewhere name a place that there is. */
function sourcesProblem({ _claim_names: names, _claim_sources: sources }: Claims): string | undefined {
  for (const source of Object.values((names ?? {}) as Claims)) {
    if (source === "") return "oidc: failed to obtain source from claim name";
    if (!Object.hasOwn((sources ?? {}) as object, String(source))) return "oidc: source does not exist";
  }
  return undefined;
}

function parsed(text: string): { issuer?: string; jwks_uri?: string } {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`oidc: failed to decode provider discovery object: ${(error as Error).message}`);
  }
}

const quotedList = (texts: readonly string[]): string => `[${texts.map(goQuote).join(" ")}]`;

function audienceProblem({ aud = [] }: Claims, wanted: readonly string[]): string | undefined {
  const meant = (Array.isArray(aud) ? aud : [aud]).map(String);
  if (meant.some((audience) => wanted.includes(audience))) return undefined;
  const [only] = wanted;
  return wanted.length === 1
    ? `oidc: expected audience ${goQuote(only!)} got ${quotedList(meant)}`
    : `oidc: expected audience in ${quotedList([...wanted].sort(compareBytes))} got ${quotedList(meant)}`;
}

/** A token without an end is over. */
function timeProblem({ exp, nbf }: Claims, now: number): string | undefined {
  const end = typeof exp === "number" ? exp * 1000 : undefined;
  if (end === undefined || end < now)
    return `oidc: token is expired (Token Expiry: ${end === undefined ? "0001-01-01 00:00:00 +0000 UTC" : goTime(end)})`;
  if (typeof nbf !== "number" || now + leewaySeconds * 1000 >= nbf * 1000) return undefined;
  return `oidc: current time ${goTime(now)} before the nbf (not before) time: ${goTime(nbf * 1000)}`;
}

/** As Go prints a time; a number of seconds where it is no time of a calendar. */
function goTime(milliseconds: number): string {
  if (Number.isNaN(new Date(milliseconds).getTime())) return String(milliseconds / 1000);
  const [date, time = ""] = new Date(milliseconds).toISOString().split("T");
  return `${date} ${time.replace("Z", "").replace(/\.?0+$/, "")} +0000 UTC`;
}
