/** --authorization-mode=ABAC. Sources: pkg/auth/authorizer/abac, pkg/apis/abac (v0 and v1beta1). */
import { urlCovers } from "../../api/rbac-rules.ts";
import type {
  AuthorizationAttributes,
  AuthorizationDecision,
  Authorizer,
  SubjectRules,
} from "./authorizer.ts";
import type { UserInfo } from "./user.ts";

/** "*" stands for anything; "" for nothing. */
export interface AbacPolicy {
  user: string;
  group: string;
  readonly: boolean;
  apiGroup: string;
  resource: string;
  namespace: string;
  nonResourcePath: string;
}

const authenticated = "system:authenticated";
const reads = ["get", "list", "watch"];

/** One policy a line, as JSON; lines may be empty or comments. @throws Error naming file and line */
export function parseAbacPolicies(text: string, file: string): AbacPolicy[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    try {
      return [policyOf(JSON.parse(trimmed) as AbacLine)];
    } catch (error) {
      const what = (error as Error).message;
      throw new Error(`error reading policy file ${file}, line ${index + 1}: ${line}: ${what}`);
    }
  });
}

interface AbacLine extends Partial<AbacPolicy> {
  apiVersion?: string;
  kind?: string;
  spec?: Partial<AbacPolicy>;
}

function policyOf({ apiVersion, kind, spec, ...old }: AbacLine): AbacPolicy {
  if (!apiVersion || !kind) return unversioned(old);
  if (apiVersion !== "abac.authorization.kubernetes.io/v1beta1" || kind !== "Policy")
    throw new Error(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return knownOnly({ ...nothing, ...spec });
}

const nothing: AbacPolicy = {
  user: "",
  group: "",
  readonly: false,
  apiGroup: "",
  resource: "",
  namespace: "",
  nonResourcePath: "",
};

/** Anybody means whoever is authenticated. */
const knownOnly = (policy: AbacPolicy): AbacPolicy =>
  policy.user === "*" || policy.group === "*" ? { ...policy, user: "", group: authenticated } : policy;

/** What the first form leaves out matches everything. */
function unversioned({ user = "", group = "", readonly = false, namespace, resource }: Partial<AbacPolicy>) {
  return knownOnly({
    user,
    group: user === "" && group === "" ? authenticated : group,
    readonly,
    apiGroup: "*",
    resource: resource || "*",
    namespace: namespace || "*",
    nonResourcePath: namespace || resource ? "" : "*",
  });
}

export class AbacAuthorizer implements Authorizer {
  readonly #policies: readonly AbacPolicy[];

  constructor(policies: readonly AbacPolicy[]) {
    this.#policies = policies;
  }

  authorize(attributes: AuthorizationAttributes): AuthorizationDecision {
    const allowed = this.#policies.some((policy) => allows(policy, attributes));
    return allowed ? { allowed } : { allowed, reason: "No policy matched." };
  }

  rulesFor(user: UserInfo, namespace: string): SubjectRules {
    const own = this.#policies.filter(
      (policy) => appliesTo(policy, user) && matches(policy.namespace, namespace),
    );
    const verbsOf = ({ readonly }: AbacPolicy) => (readonly ? reads : ["*"]);
    return {
      resourceRules: own
        .filter(({ resource }) => resource !== "")
        .map((policy) => ({
          verbs: verbsOf(policy),
          apiGroups: [policy.apiGroup],
          resources: [policy.resource],
        })),
      nonResourceRules: own
        .filter(({ nonResourcePath }) => nonResourcePath !== "")
        .map((policy) => ({ verbs: verbsOf(policy), nonResourceURLs: [policy.nonResourcePath] })),
      incomplete: false,
    };
  }
}

const matches = (pattern: string, value: string): boolean => pattern === "*" || pattern === value;

function allows(policy: AbacPolicy, { user, verb, resource, path }: AuthorizationAttributes): boolean {
  if (!appliesTo(policy, user) || (policy.readonly && !reads.includes(verb))) return false;
  if (!resource) return urlCovers(policy.nonResourcePath, path);
  return (
    matches(policy.namespace, resource.namespace) &&
    matches(policy.resource, resource.resource) &&
    matches(policy.apiGroup, resource.group)
  );
}

/** User and group must both fit where both are given, and one of them must be. */
function appliesTo({ user, group }: AbacPolicy, { name, groups }: UserInfo): boolean {
  if (user !== "" && user !== name) return false;
  if (group !== "" && !groups.includes(group)) return false;
  return user !== "" || group !== "";
}
