/** A claim that a token does not have but says where it is (OpenID Connect Core 1.0, section 5.6.2). Source: claimResolver. */
import { goQuote } from "../../../api/go-format.ts";
import { parseJwt } from "../jwt.ts";
import { ClaimError, type Claims } from "./claims.ts";
import { Issuer, type IssuerOptions, issuerOf } from "./issuer.ts";

interface Source {
  endpoint?: string;
  access_token?: string;
}

export class DistributedClaims {
  readonly #claim: string;
  readonly #options: Omit<IssuerOptions, "url" | "discoveryUrl">;
  readonly #issuers = new Map<string, Issuer>();

  /** claim: the one that may be elsewhere. */
  constructor(claim: string, options: Omit<IssuerOptions, "url" | "discoveryUrl">) {
    this.#claim = claim;
    this.#options = options;
  }

  /** A token's claims with the one that was elsewhere. Rejects with a ClaimError. */
  async expand(claims: Claims): Promise<Claims> {
    const claim = this.#claim;
    const { _claim_names: names, _claim_sources: sources } = claims as {
      _claim_names?: Readonly<Record<string, string>>;
      _claim_sources?: Readonly<Record<string, Source>>;
    };
    const name = names?.[claim];
    if (Object.hasOwn(claims, claim) || name === undefined) return claims;
    const { endpoint = "", access_token: accessToken = "" } = sources?.[name] ?? {};
    if (endpoint === "") return claims;
    try {
      return { ...claims, [claim]: await this.#resolve(endpoint, accessToken) };
    } catch (error) {
      throw new ClaimError(`oidc: could not expand distributed claims: ${(error as Error).message}`);
    }
  }

  async #resolve(endpoint: string, accessToken: string): Promise<unknown> {
    const claim = this.#claim;
    const token = parseJwt(await this.#fetch(endpoint, accessToken));
    if (!token)
      throw new Error(
        `getting untrusted issuer from endpoint ${endpoint} failed for claim ${goQuote(claim)}: malformed token`,
      );
    const url = String(issuerOf(token.claims) ?? "");
    const issuer = this.#issuer(url);
    await issuer.attempted;
    if (issuer.problem !== undefined)
      throw new Error(
        `verifying untrusted issuer ${url} failed: verifier not initialized for issuer: ${goQuote(url)}`,
      );
    const problem = await issuer.tokenProblem(token);
    if (problem !== undefined) throw new Error(`verify distributed claim token: ${problem}`);
    if (Object.hasOwn(token.claims, claim)) return token.claims[claim];
    throw new Error(
      `jwt returned by distributed claim endpoint ${goQuote(endpoint)} did not contain claim: ${claim}`,
    );
  }

  async #fetch(endpoint: string, accessToken: string): Promise<string> {
    const fail = (problem: string): never => {
      throw new Error(`while getting distributed claim ${goQuote(this.#claim)}: ${problem}`);
    };
    const headers: Record<string, string> =
      accessToken === "" ? {} : { authorization: `Bearer ${accessToken}` };
    const { get } = this.#options;
    const { status, statusText, text } = await get(endpoint, headers).catch((error: Error) =>
      fail(error.message),
    );
    if (status < 200 || status > 226)
      fail(`error while getting distributed claim JWT: ${status} ${statusText}`);
    return text;
  }

  /** There are very few. */
  #issuer(url: string): Issuer {
    let issuer = this.#issuers.get(url);
    if (!issuer) {
      issuer = new Issuer({ ...this.#options, url });
      this.#issuers.set(url, issuer);
    }
    return issuer;
  }
}
