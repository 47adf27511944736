import { goQuote } from "../../api/go-format.ts";
import { type ParsedJwt, parseJwt, type SigningKey, type VerificationKey } from "./jwt.ts";

/** The keys of service accounts' tokens: one signs, it and others are believed. */
export class TokenKeys {
  readonly #signing: SigningKey;
  readonly #believed: readonly VerificationKey[];

  constructor(signing: SigningKey, others: readonly VerificationKey[] = []) {
    this.#signing = signing;
    this.#believed = [signing, ...others.filter(({ id }) => id !== signing.id)];
  }

  sign(claims: object): string {
    return this.#signing.sign(claims);
  }

  /** Why a token's signature is not believed. Sources: jwtTokenAuthenticator and StaticPublicKeysGetter of pkg/serviceaccount. */
  signatureProblem(token: ParsedJwt): string | undefined {
    const { kid } = token.header;
    const isNamed = typeof kid === "string" && kid !== "";
    const keys = isNamed ? this.#believed.filter(({ id }) => id === kid) : this.#believed;
    if (keys.length === 0) return "invalid signature, no keys found";
    const valid = keys.some((key) => key.verifies(token));
    return valid ? undefined : "go-jose/go-jose: error in cryptographic primitive";
  }

  /** As they are published. */
  get keySet(): { keys: object[] } {
    return { keys: this.#believed.map(({ jwk }) => jwk) };
  }

  get algorithms(): string[] {
    return [...new Set(this.#believed.map(({ algorithm }) => algorithm))].sort();
  }
}

/** The parts of a token that one of the issuers is said to have made. */
export function tokenOf(issuers: readonly string[], bearerToken: string | undefined): ParsedJwt | undefined {
  const token = bearerToken === undefined ? undefined : parseJwt(bearerToken);
  return token && issuers.includes(String(token.claims["iss"])) ? token : undefined;
}

/**
 * Those audiences of a token that it is asked for, in that order, or why it is for none of them.
 * Source: jwtTokenAuthenticator.AuthenticateToken.
 */
export function audiencesFor(
  meant: readonly string[],
  asked: readonly string[],
): { audiences: string[] } | { problem: string } {
  const audiences = asked.filter((audience) => meant.includes(audience));
  if (audiences.length > 0) return { audiences };
  const [have, want] = [meant, asked].map((list) => `[${list.map(goQuote).join(" ")}]`);
  return { problem: `token audiences ${have} is invalid for the target audiences ${want}` };
}
