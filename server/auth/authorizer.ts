import type { UserInfo } from "./user.ts";

/** What is to be allowed. Source: k8s.io/apiserver/pkg/authorization/authorizer.Attributes. */
export interface AuthorizationAttributes {
  user: UserInfo;
  verb: string;
  /** Of a resource request. */
  resource?: {
    group: string;
    version: string;
    resource: string;
    subresource: string;
    namespace: string;
    name: string;
  };
  /** Path of a request that names no resource. */
  path: string;
}

export interface AuthorizationDecision {
  allowed: boolean;
  /** Explicitly refused: no later authorizer is asked. */
  denied?: boolean;
  reason?: string;
}

/** What somebody may do, as SelfSubjectRulesReview shows it. */
export interface SubjectRules {
  resourceRules: readonly {
    verbs: readonly string[];
    apiGroups?: readonly string[];
    resources?: readonly string[];
    resourceNames?: readonly string[];
  }[];
  nonResourceRules: readonly { verbs: readonly string[]; nonResourceURLs?: readonly string[] }[];
  /** The authorizer cannot list all that it would allow. */
  incomplete: boolean;
  evaluationError?: string;
}

export interface Authorizer {
  rulesFor(user: UserInfo, namespace: string): SubjectRules;
  authorize(attributes: AuthorizationAttributes): AuthorizationDecision | Promise<AuthorizationDecision>;
}

/** --authorization-mode=AlwaysAllow */
export const alwaysAllow: Authorizer = {
  authorize: () => ({ allowed: true }),
  rulesFor: () => ({
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: false,
  }),
};

/** --authorization-mode=AlwaysDeny */
export const alwaysDeny: Authorizer = {
  authorize: () => ({ allowed: false, reason: "Everything is forbidden." }),
  rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
};

/** The group system:masters may do everything, in any mode. Source: pkg/kubeapiserver/authorizer/reload.go. */
export function allowMasters(inner: Authorizer): Authorizer {
  return {
    authorize: (attributes) =>
      attributes.user.groups.includes("system:masters") ? { allowed: true } : inner.authorize(attributes),
    rulesFor: (user, namespace) => inner.rulesFor(user, namespace),
  };
}
