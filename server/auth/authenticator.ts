import { aggregateText } from "../../api/aggregate.ts";
import type { UserInfo } from "./user.ts";

/** What a request shows of who it comes from. */
export interface Credentials {
  /** Of a client certificate that the connection's TLS layer has verified. */
  certificate?: { commonName: string; organizations: readonly string[]; fingerprint: string };
  /** A client certificate came that no trusted authority signed. */
  certificateRejected: boolean;
  /** Of an Authorization: Bearer header. */
  bearerToken?: string;
  /** Whom the token must be meant for; undefined: the API server. */
  audiences?: readonly string[];
}

/** Somebody that is known. */
export interface Authenticated {
  user: UserInfo;
  /** Those of the asked-for audiences that the token is meant for; absent where there was no token. */
  audiences?: readonly string[];
}

/** The credentials are wrong; only a token review shows why. */
export interface Rejected {
  problem: string;
}

/** undefined: the credentials are none of mine. */
export type AuthenticationResult = Authenticated | Rejected | undefined;

/** One way to find out who a request comes from. */
export interface Authenticator {
  authenticate(credentials: Credentials): AuthenticationResult | Promise<AuthenticationResult>;
}

const authenticated = "system:authenticated";

/** Whoever is known is also in the group of the authenticated. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  return user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] };
}

/** CN is the user, each O a group. Source: authentication/request/x509. */
export const certificateAuthenticator: Authenticator = {
  authenticate({ certificate, certificateRejected }) {
    if (certificateRejected) return { problem: "x509: certificate signed by unknown authority" };
    if (!certificate) return undefined;
    const { commonName, organizations, fingerprint } = certificate;
    const extra = { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] };
    return { user: { name: commonName, groups: organizations, extra } };
  },
};

/** Tokens of a fixed list, meant for the API server's own audiences. Source: WrapAudienceAgnosticToken. */
export function tokenAuthenticator(
  users: ReadonlyMap<string, UserInfo>,
  apiAudiences: readonly string[],
): Authenticator {
  return {
    authenticate({ bearerToken, audiences: asked }) {
      const user = bearerToken === undefined ? undefined : users.get(bearerToken);
      if (!user) return undefined;
      const audiences = asked ? apiAudiences.filter((audience) => asked.includes(audience)) : apiAudiences;
      return audiences.length === 0 ? undefined : { user, audiences };
    },
  };
}

/**
 * Asks each in turn: the first that knows the user decides. undefined: nobody did and there were no credentials, so the
 * request is anonymous. Sources: authentication/request/union and bearertoken.
 */
export async function authenticate(
  authenticators: readonly Authenticator[],
  credentials: Credentials,
): Promise<AuthenticationResult> {
  const problems: string[] = [];
  for (const authenticator of authenticators) {
    const pending = authenticator.authenticate(credentials);
    const result = pending instanceof Promise ? await pending : pending;
    if (!result) continue;
    if ("user" in result) return { ...result, user: withAuthenticatedGroup(result.user) };
    problems.push(result.problem);
  }
  if (problems.length > 0) return { problem: aggregateText(problems) };
  return credentials.bearerToken === undefined ? undefined : { problem: "invalid bearer token" };
}
