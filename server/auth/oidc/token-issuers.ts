import { aggregateText } from "../../../api/aggregate.ts";
import type { JwtAuthenticatorConfiguration } from "../../../api/configuration/authentication-configuration.ts";
import type { AuthenticationResult, Authenticator, Credentials } from "../authenticator.ts";
import { OidcAuthenticator, type OidcAuthenticatorOptions } from "./oidc-authenticator.ts";

type TokenIssuersOptions = Omit<OidcAuthenticatorOptions, "configuration">;

interface Issuers {
  authenticators: readonly OidcAuthenticator[];
  ending: AbortController;
}

/** Source: UpdateAuthenticationConfigTimeout. */
const replacementMilliseconds = 60_000;

/** Tokens of several issuers, which may be replaced by others. */
export class TokenIssuers implements Authenticator {
  readonly #options: TokenIssuersOptions;
  #current: Issuers;

  constructor(configurations: readonly JwtAuthenticatorConfiguration[], options: TokenIssuersOptions) {
    this.#options = options;
    this.#current = this.#issuers(configurations);
  }

  async authenticate(credentials: Credentials): Promise<AuthenticationResult> {
    for (const authenticator of this.#current.authenticators) {
      const result = await authenticator.authenticate(credentials);
      if (result) return result;
    }
    return undefined;
  }

  /** Others count as soon as all of them are known. Rejects where they are not within a minute: then nothing changes. */
  async replace(configurations: readonly JwtAuthenticatorConfiguration[]): Promise<void> {
    const next = this.#issuers(configurations);
    const late = new Promise<void>((resolve) => {
      const cancel = this.#options.clock.setTimer(replacementMilliseconds, resolve);
      next.ending.signal.addEventListener("abort", cancel, { once: true });
    });
    await Promise.race([Promise.all(next.authenticators.map(({ ready }) => ready)), late]);
    const problems = next.authenticators.flatMap(({ problem }) => problem ?? []);
    const { ending } = problems.length > 0 ? next : this.#current;
    ending.abort();
    if (problems.length > 0) throw new Error(aggregateText(problems));
    this.#current = next;
  }

  #issuers(configurations: readonly JwtAuthenticatorConfiguration[]): Issuers {
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, ending.signal]);
    const authenticators = configurations.map(
      (configuration) => new OidcAuthenticator({ ...this.#options, configuration, signal }),
    );
    return { authenticators, ending };
  }
}
