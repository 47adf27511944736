/** Who makes a request. Source: authentication.k8s.io/v1 UserInfo. */
export interface UserInfo {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Readonly<Record<string, readonly string[]>>;
}

export const anonymousUser: UserInfo = Object.freeze({
  name: "system:anonymous",
  groups: Object.freeze(["system:unauthenticated"]),
});

/** The server's own user for what it writes itself. */
export const serverUser: UserInfo = Object.freeze({
  name: "system:apiserver",
  groups: Object.freeze(["system:masters", "system:authenticated"]),
});
