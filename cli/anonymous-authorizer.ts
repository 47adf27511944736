import type { Authorizer } from "../server/auth/authorizer.ts";
import { anonymousUser, type UserInfo } from "../server/auth/user.ts";

/** What upstream's role system:public-info-viewer opens to everybody. */
const publicPaths = new Set(["/healthz", "/livez", "/readyz", "/version", "/version/"]);

/**
 * Where everything is allowed to whoever is known, the unknown still get no more than upstream's default roles give
 * them.
 */
export function limitAnonymous(inner: Authorizer): Authorizer {
  return {
    rulesFor(user, namespace) {
      if (!isAnonymous(user)) return inner.rulesFor(user, namespace);
      const nonResourceRules = [{ verbs: ["get"], nonResourceURLs: [...publicPaths] }];
      return { resourceRules: [], nonResourceRules, incomplete: false };
    },
    authorize(attributes) {
      if (!isAnonymous(attributes.user)) return inner.authorize(attributes);
      return {
        allowed: !attributes.resource && attributes.verb === "get" && publicPaths.has(attributes.path),
      };
    },
  };
}

/** Whoever may be somebody else may be anybody: one who only acts as the anonymous user is known. */
const isAnonymous = (user: UserInfo): boolean => user === anonymousUser;
