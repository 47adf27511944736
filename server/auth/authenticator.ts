import { aggregateText } from "../../api/aggregate.ts";
import type { UserInfo } from "./user.ts";

/** By their names in small letters. */
export type RequestHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/** What a request shows of who it comes from. */
export interface Credentials {
  /** Of a client certificate that the connection's TLS layer has verified. */
  certificate?: { commonName: string; organizations: readonly string[]; fingerprint: string };
  /** A client certificate came that no trusted authority signed. */
  certificateRejected: boolean;
  /** Common name of a client certificate that an authority of proxies signed. */
  proxyName?: string;
  headers?: RequestHeaders;
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
  /** Told to the client with every answer. */
  warnings?: readonly string[];
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

/** Pure memoisation: a connection shows the same certificate with all its requests. */
const certificateUsers = new WeakMap<NonNullable<Credentials["certificate"]>, Authenticated>();

/** CN is the user, each O a group. Source: authentication/request/x509. */
export const certificateAuthenticator: Authenticator = {
  authenticate({ certificate, certificateRejected }) {
    if (certificateRejected) return { problem: "x509: certificate signed by unknown authority" };
    if (!certificate) return undefined;
    let known = certificateUsers.get(certificate);
    if (!known) {
      const { commonName, organizations, fingerprint } = certificate;
      const extra = { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] };
      known = authenticatedAs({ user: { name: commonName, groups: organizations, extra } });
      certificateUsers.set(certificate, known);
    }
    return known;
  },
};

/** Tokens of a fixed list, meant for the API server's own audiences. Source: WrapAudienceAgnosticToken. */
export function tokenAuthenticator(
  users: ReadonlyMap<string, UserInfo>,
  apiAudiences: readonly string[],
): Authenticator {
  const known = new Map<string, Authenticated>();
  for (const [token, user] of users) {
    known.set(token, { user: withAuthenticatedGroup(user), audiences: apiAudiences });
  }
  return {
    authenticate({ bearerToken, audiences: asked }) {
      const found = bearerToken === undefined ? undefined : known.get(bearerToken);
      if (!found) return undefined;
      const audiences = asked ? asked.filter((audience) => apiAudiences.includes(audience)) : apiAudiences;
      if (audiences.length === 0) return undefined;
      return asked ? { user: found.user, audiences } : found;
    },
  };
}

/** What says nothing of audiences is good for the API server's own. Source: WrapAudienceAgnosticToken. */
export function forOwnAudiences(authenticator: Authenticator, own: readonly string[]): Authenticator {
  return {
    async authenticate(credentials) {
      const { audiences: asked = own } = credentials;
      const audiences = asked.filter((audience) => own.includes(audience));
      if (audiences.length === 0) return undefined;
      const found = await authenticator.authenticate(credentials);
      return found && "user" in found ? { ...found, audiences } : found;
    },
  };
}

/**
 * Asks each in turn: the first that knows the user decides. undefined: nobody did and there were no credentials, so the
 * request is anonymous. A promise only where one of them has to wait. Sources: authentication/request/union and bearertoken;
 * AuthorizeClientBearerToken of k8s.io/apiserver/pkg/server/config.go.
 */
export function authenticate(
  authenticators: readonly Authenticator[],
  credentials: Credentials,
): AuthenticationResult | Promise<AuthenticationResult> {
  return askFrom(0, authenticators, credentials, []);
}

function askFrom(
  index: number,
  authenticators: readonly Authenticator[],
  credentials: Credentials,
  problems: readonly string[],
): AuthenticationResult | Promise<AuthenticationResult> {
  const authenticator = authenticators[index];
  if (!authenticator) return unknown(credentials, problems);
  const goOn = (result: AuthenticationResult) => {
    if (!result) return askFrom(index + 1, authenticators, credentials, problems);
    if ("user" in result) return authenticatedAs(result);
    return askFrom(index + 1, authenticators, credentials, [...problems, result.problem]);
  };
  const result = authenticator.authenticate(credentials);
  return result instanceof Promise ? result.then(goOn) : goOn(result);
}

/** The same, in the group of the authenticated. */
export function authenticatedAs(known: Authenticated): Authenticated {
  const user = withAuthenticatedGroup(known.user);
  return user === known.user ? known : { ...known, user };
}

function unknown({ bearerToken }: Credentials, problems: readonly string[]): AuthenticationResult {
  // A bearer token is first held against the server's own for talking to itself, which it never is.
  const all = bearerToken === undefined ? problems : ["invalid bearer token", ...problems];
  return all.length === 0 ? undefined : { problem: aggregateText(all) };
}
