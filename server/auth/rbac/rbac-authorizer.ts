import { aggregateText } from "../../../api/aggregate.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import type {
  AuthorizationAttributes,
  AuthorizationDecision,
  Authorizer,
  SubjectRules,
} from "../authorizer.ts";
import type { UserInfo } from "../user.ts";
import type { RbacPolicy, RoleReference } from "./policy.ts";
import { ruleAllows } from "./rule-allows.ts";

/** --authorization-mode=RBAC. Source: plugin/pkg/auth/authorizer/rbac. */
export class RbacAuthorizer implements Authorizer {
  readonly #policy: RbacPolicy;

  constructor(policy: RbacPolicy) {
    this.#policy = policy;
  }

  authorize(attributes: AuthorizationAttributes): AuthorizationDecision {
    const missing: RoleReference[] = [];
    const { user, resource } = attributes;
    for (const { rules, source, reference } of this.#policy.grantedTo(user, resource?.namespace ?? "")) {
      if (!rules) missing.push(reference);
      else if (rules.some((rule) => ruleAllows(rule, attributes)))
        return { allowed: true, reason: `RBAC: allowed by ${source}` };
    }
    return missing.length === 0 ? refused : { allowed: false, reason: `RBAC: ${missingText(missing)}` };
  }

  rulesFor(user: UserInfo, namespace: string): SubjectRules {
    const { rules, missing } = heldRules(this.#policy, user, namespace);
    return {
      resourceRules: rules.filter(({ resources = [] }) => resources.length > 0),
      nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0),
      incomplete: false,
      ...(missing.length === 0 ? {} : { evaluationError: missingText(missing) }),
    };
  }
}

const refused: AuthorizationDecision = Object.freeze({ allowed: false });

/** All that somebody has in a namespace, and the roles that they would have if they were there. */
export function heldRules(
  policy: RbacPolicy,
  user: UserInfo,
  namespace: string,
): { rules: PolicyRule[]; missing: RoleReference[] } {
  const rules: PolicyRule[] = [];
  const missing: RoleReference[] = [];
  for (const granted of policy.grantedTo(user, namespace)) {
    if (granted.rules) rules.push(...granted.rules);
    else missing.push(granted.reference);
  }
  return { rules, missing };
}

/** As client-go's listers say it. */
function missingText(missing: readonly RoleReference[]): string {
  return aggregateText(
    missing.map(
      ({ kind, name }) => `${kind.toLowerCase()}.rbac.authorization.k8s.io ${goQuote(name)} not found`,
    ),
  );
}
