import type { UserInfo } from "./user.ts";

/** What a request shows of who it comes from. */
export interface Credentials {
  /** Of a client certificate that the connection's TLS layer has verified. */
  certificate?: { commonName: string; organizations: readonly string[]; fingerprint: string };
  /** A client certificate came that no trusted authority signed. */
  certificateRejected: boolean;
  /** Of an Authorization: Bearer header. */
  bearerToken?: string;
}

/**
 * One way to find out who a request comes from. undefined: these credentials are none of mine; "rejected": they are,
 * but they are wrong.
 */
export interface Authenticator {
  authenticate(credentials: Credentials): AuthenticationResult | Promise<AuthenticationResult>;
}

export type AuthenticationResult = UserInfo | "rejected" | undefined;

const authenticated = "system:authenticated";

/** Whoever is known is also in the group of the authenticated. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  return user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] };
}

/** CN is the user, each O a group. Source: authentication/request/x509. */
export const certificateAuthenticator: Authenticator = {
  authenticate({ certificate, certificateRejected }) {
    if (certificateRejected) return "rejected";
    if (!certificate) return undefined;
    const { commonName, organizations, fingerprint } = certificate;
    return {
      name: commonName,
      groups: organizations,
      extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] },
    };
  },
};

/** The token that TokenReview and requests bring, by a fixed list. */
export function tokenAuthenticator(users: ReadonlyMap<string, UserInfo>): Authenticator {
  return {
    authenticate({ bearerToken }) {
      if (bearerToken === undefined) return undefined;
      return users.get(bearerToken) ?? "rejected";
    },
  };
}

/**
 * Asks each in turn: the first that knows the user decides. undefined: nobody did and there were no credentials, so the
 * request is anonymous. Source: authentication/request/union.
 */
export async function authenticate(
  authenticators: readonly Authenticator[],
  credentials: Credentials,
): Promise<UserInfo | "rejected" | undefined> {
  let rejected = false;
  for (const authenticator of authenticators) {
    const pending = authenticator.authenticate(credentials);
    const result = pending instanceof Promise ? await pending : pending;
    if (result === "rejected") rejected = true;
    else if (result) return withAuthenticatedGroup(result);
  }
  return rejected ? "rejected" : undefined;
}
