import { aggregateText } from "../../api/aggregate.ts";
import type { FieldRequirement } from "../../api/field-selectors.ts";
import type { LabelRequirement } from "../../api/selectors.ts";
import type { UserInfo } from "./user.ts";

/** The resource that is asked for. */
export interface ResourceAttributes {
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** Requirements that all of what is read or deleted meets. */
  fieldSelector?: readonly FieldRequirement[];
  labelSelector?: readonly LabelRequirement[];
}

/** What is to be allowed. Source: k8s.io/apiserver/pkg/authorization/authorizer.Attributes. */
export interface AuthorizationAttributes {
  user: UserInfo;
  verb: string;
  /** Of a resource request. */
  resource?: ResourceAttributes;
  /** Path of a request that names no resource. */
  path: string;
}

export interface AuthorizationDecision {
  allowed: boolean;
  /** Explicitly refused: no later authorizer is asked. */
  denied?: boolean;
  reason?: string;
  /** What kept the authorizer from deciding. */
  error?: string;
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

const nothing: SubjectRules = { resourceRules: [], nonResourceRules: [], incomplete: false };

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
  rulesFor: () => nothing,
};

/** Whoever is in system:masters may do everything, in any mode. Source: authorizerfactory.NewPrivilegedGroups. */
export const allowMasters: Authorizer = {
  authorize: ({ user }) => ({ allowed: user.groups.includes("system:masters") }),
  rulesFor: () => nothing,
};

/**
 * Asks each in turn: the first that allows or denies decides; where none does, the reasons of all are told.
 * Source: k8s.io/apiserver/pkg/authorization/union.
 */
export function firstOf(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize: (attributes) => askFrom(0, authorizers, attributes, undefined),
    rulesFor: (user, namespace) => joinedRules(authorizers.map((one) => one.rulesFor(user, namespace))),
  };
}

/** What those said who did not decide. */
interface Undecided {
  reasons: string[];
  errors: string[];
}

/** A promise only where an authorizer needs one: nearly every request passes here. */
function askFrom(
  first: number,
  authorizers: readonly Authorizer[],
  attributes: AuthorizationAttributes,
  undecided: Undecided | undefined,
): AuthorizationDecision | Promise<AuthorizationDecision> {
  let said = undecided;
  for (let i = first; i < authorizers.length; i++) {
    const decision = authorizers[i]!.authorize(attributes);
    if (decision instanceof Promise) {
      return decision.then((late) =>
        late.allowed || late.denied ? late : askFrom(i + 1, authorizers, attributes, withSaid(said, late)),
      );
    }
    if (decision.allowed || decision.denied) return decision;
    said = withSaid(said, decision);
  }
  const { reasons = [], errors = [] } = said ?? {};
  return {
    allowed: false,
    ...(reasons.length === 0 ? {} : { reason: reasons.join("\n") }),
    ...(errors.length === 0 ? {} : { error: aggregateText(errors) }),
  };
}

function withSaid(
  said: Undecided | undefined,
  { reason, error }: AuthorizationDecision,
): Undecided | undefined {
  if (!reason && !error) return said;
  const { reasons, errors } = said ?? { reasons: [], errors: [] };
  return { reasons: reason ? [...reasons, reason] : reasons, errors: error ? [...errors, error] : errors };
}

function joinedRules(all: readonly SubjectRules[]): SubjectRules {
  const errors = all.flatMap(({ evaluationError }) => evaluationError ?? []);
  return {
    resourceRules: all.flatMap(({ resourceRules }) => resourceRules),
    nonResourceRules: all.flatMap(({ nonResourceRules }) => nonResourceRules),
    incomplete: all.some(({ incomplete }) => incomplete),
    ...(errors.length === 0 ? {} : { evaluationError: aggregateText(errors) }),
  };
}
