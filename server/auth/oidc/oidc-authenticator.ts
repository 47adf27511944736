/** JSON Web Tokens of an issuer outside of the cluster. Source: k8s.io/apiserver/plugin/pkg/authenticator/token/oidc. */
import type { JwtAuthenticatorConfiguration } from "../../../api/configuration/authentication-configuration.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { AuthenticationResult, Authenticator, Credentials } from "../authenticator.ts";
import { parseJwt } from "../jwt.ts";
import { ClaimError, userOf } from "./claims.ts";
import { DistributedClaims } from "./distributed-claims.ts";
import { httpsGet } from "./https-get.ts";
import { Issuer, type IssuerOptions, issuerOf } from "./issuer.ts";

export interface OidcAuthenticatorOptions
  extends Pick<IssuerOptions, "algorithms" | "clock" | "signal" | "onError"> {
  /** Valid, and without expressions. */
  configuration: JwtAuthenticatorConfiguration;
}

export class OidcAuthenticator implements Authenticator {
  readonly #configuration: JwtAuthenticatorConfiguration;
  readonly #url: string;
  readonly #issuer: Issuer;
  readonly #distributed: DistributedClaims;

  constructor({ configuration, ...options }: OidcAuthenticatorOptions) {
    const { issuer = {}, claimMappings = {} } = configuration;
    const { url = "", discoveryURL: discoveryUrl = "", audiences = [], certificateAuthority } = issuer;
    const get = httpsGet(options.clock, certificateAuthority || undefined);
    this.#configuration = configuration;
    this.#url = url;
    this.#issuer = new Issuer({ ...options, ...{ url, discoveryUrl, audiences, get } });
    this.#distributed = new DistributedClaims(claimMappings.groups?.claim ?? "", {
      ...options,
      audiences,
      get,
    });
  }

  /** Resolves when it knows the issuer. */
  get ready(): Promise<void> {
    return this.#issuer.ready;
  }

  /** Why it cannot know anybody yet. */
  get problem(): string | undefined {
    const { problem } = this.#issuer;
    return problem && `oidc: authenticator for issuer ${goQuote(this.#url)} is not healthy: ${problem}`;
  }

  async authenticate({ bearerToken = "" }: Credentials): Promise<AuthenticationResult> {
    const token = parseJwt(bearerToken);
    if (!token || issuerOf(token.claims) !== this.#url) return undefined;
    if (this.#issuer.problem !== undefined) return { problem: "oidc: authenticator not initialized" };
    const problem = await this.#issuer.tokenProblem(token);
    if (problem !== undefined) return { problem: `oidc: verify token: ${problem}` };
    try {
      return { user: userOf(await this.#distributed.expand(token.claims), this.#configuration) };
    } catch (error) {
      if (error instanceof ClaimError) return { problem: error.message };
      throw error;
    }
  }
}
