/** JSON Web Tokens of an issuer outside of the cluster. Source: k8s.io/apiserver/plugin/pkg/authenticator/token/oidc. */
import { compareBytes } from "../../../api/byte-order.ts";
import type { Clock } from "../../../api/clock.ts";
import type { JwtAuthenticatorConfiguration } from "../../../api/configuration/authentication-configuration.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { AuthenticationResult, Authenticator, Credentials } from "../authenticator.ts";
import { type ParsedJwt, parseJwt } from "../jwt.ts";
import { ClaimError, type Claims, userOf } from "./claims.ts";
import { type HttpsGet, httpsGet } from "./https-get.ts";
import { RemoteKeys } from "./remote-keys.ts";

export interface OidcAuthenticatorOptions {
  /** Valid, and without expressions. */
  configuration: JwtAuthenticatorConfiguration;
  /** By their names in RFC 7518. */
  algorithms: readonly string[];
  clock: Clock;
  /** Ends the attempts to reach the issuer. */
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

const wellKnown = "/.well-known/openid-configuration";
const retryMilliseconds = 10_000;
/** How far ahead an issuer's clock may be. */
const leewaySeconds = 60;

export class OidcAuthenticator implements Authenticator {
  readonly #options: OidcAuthenticatorOptions;
  readonly #issuer: string;
  readonly #audiences: readonly string[];
  readonly #get: HttpsGet;
  /** Resolves when it knows the issuer. */
  readonly ready: Promise<void>;
  #known = () => {};
  #keys: RemoteKeys | undefined;
  #problem: string;

  /** The issuer need not be there yet: it may run in the cluster itself. */
  constructor(options: OidcAuthenticatorOptions) {
    const { url = "", audiences = [], certificateAuthority } = options.configuration.issuer ?? {};
    this.#options = options;
    this.#issuer = url;
    this.#audiences = audiences;
    this.#get = httpsGet(options.clock, certificateAuthority || undefined);
    this.#problem = `oidc: authenticator for issuer ${goQuote(url)} is not initialized`;
    this.ready = new Promise((resolve) => {
      this.#known = resolve;
    });
    void this.#initialize();
  }

  /** Why it cannot know anybody yet. */
  get problem(): string | undefined {
    if (this.#keys) return undefined;
    return `oidc: authenticator for issuer ${goQuote(this.#issuer)} is not healthy: ${this.#problem}`;
  }

  async authenticate({ bearerToken = "" }: Credentials): Promise<AuthenticationResult> {
    const token = parseJwt(bearerToken);
    if (!token || issuerOf(token.claims) !== this.#issuer) return undefined;
    if (!this.#keys) return { problem: "oidc: authenticator not initialized" };
    const problem = await this.#tokenProblem(token, this.#keys);
    if (problem !== undefined) return { problem: `oidc: verify token: ${problem}` };
    try {
      return { user: userOf(token.claims, this.#options.configuration) };
    } catch (error) {
      if (error instanceof ClaimError) return { problem: error.message };
      throw error;
    }
  }

  /** Finds out where the issuer's keys are; tries again until it knows. */
  async #initialize(): Promise<void> {
    const { clock, signal, onError } = this.#options;
    if (signal.aborted) return;
    try {
      this.#keys = new RemoteKeys(await this.#keysUrl(), this.#get, clock);
      this.#known();
    } catch (error) {
      this.#problem = (error as Error).message;
      if (!signal.aborted) onError(new Error(`oidc authenticator: initializing plugin: ${this.#problem}`));
      const cancel = clock.setTimer(retryMilliseconds, () => {
        signal.removeEventListener("abort", cancel);
        void this.#initialize();
      });
      signal.addEventListener("abort", cancel, { once: true });
    }
  }

  async #keysUrl(): Promise<string> {
    const { discoveryURL = "" } = this.#options.configuration.issuer ?? {};
    const url = discoveryURL === "" ? this.#issuer.replace(/\/$/, "") + wellKnown : discoveryURL;
    const { status, statusText, text } = await this.#get(url);
    if (status !== 200) throw new Error(`${status} ${statusText}: ${text}`);
    const document = parsed(text);
    const { issuer = "", jwks_uri: keys = "" } = document;
    if (issuer !== this.#issuer) {
      const [wanted, got] = [this.#issuer, issuer].map(goQuote);
      throw new Error(
        `oidc: issuer did not match the issuer returned by provider, expected ${wanted} got ${got}`,
      );
    }
    if (keys === "") throw new Error("provider did not return JWKS URL");
    if (!keys.startsWith("https:"))
      throw new Error(`the keys of the issuer are at ${goQuote(keys)}, which is not https`);
    return keys;
  }

  /** Source: IDTokenVerifier.Verify of github.com/coreos/go-oidc. */
  async #tokenProblem(token: ParsedJwt, keys: RemoteKeys): Promise<string | undefined> {
    const { algorithms, clock } = this.#options;
    const algorithm = String(token.header.alg ?? "");
    if (!algorithms.includes(algorithm))
      return `oidc: id token signed with unsupported algorithm, expected ${quotedList(algorithms)} got ${goQuote(algorithm)}`;
    const unsigned = "crit" in token.header ? "unsupported crit header" : await keys.signatureProblem(token);
    if (unsigned !== undefined) return `failed to verify signature: ${unsigned}`;
    return audienceProblem(token.claims, this.#audiences) ?? timeProblem(token.claims, clock.now());
  }
}

/** Google's issuer has two names. */
function issuerOf({ iss }: Claims): unknown {
  return iss === "accounts.google.com" ? "https://accounts.google.com" : iss;
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
