/**
 * Drawn roles, bindings and questions for the RBAC authorizer, always the same from a seed. What upstream's code answers
 * is kept in rbac-decisions.txt:
 *
 *     node cli/rbac-corpus.ts > corpus.json
 *     cd conformance/upstream && go run ./rbac < corpus.json > ../../cli/rbac-decisions.txt
 */
import { defaultFeatureGates } from "../api/feature-gates.ts";
import type { KubeObject } from "../api/object.ts";
import type { PolicyRule } from "../api/rbac-rules.ts";
import type { AuthorizationAttributes } from "../server/auth/authorizer.ts";
import { serviceAccountGroups, serviceAccountUser } from "../server/auth/service-account.ts";
import {
  bootstrapClusterRoleBindings,
  bootstrapClusterRoles,
  bootstrapRoleBindings,
  bootstrapRoles,
  type RoleBindingObject,
  type RoleObject,
  type Subject,
} from "../server/registry/bootstrap/rbac-policy.ts";
import { Draw } from "./draw.ts";

export interface Policy {
  clusterRoles: RoleObject[];
  clusterRoleBindings: RoleBindingObject[];
  roles: RoleObject[];
  roleBindings: RoleBindingObject[];
}

export interface Corpus {
  /** Besides the default one. */
  policy: Policy;
  questions: AuthorizationAttributes[];
}

const seed = 20_260_430;
const questionCount = 100_000;
const rbac = "rbac.authorization.k8s.io";

const verbs = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "bind",
  "*",
  "",
];
const groups = ["", "apps", "batch", rbac, "example.com", "*"];
const resources = ["pods", "deployments", "configmaps", "secrets", "clusterroles", "nodes", "*"];
const subresources = ["", "", "", "log", "status", "scale", "exec", "*"];
const names = ["", "", "a", "b", "system:x", "*"];
const namespaces = ["n1", "n2", "default", "kube-system", "kube-public"];
const paths = [
  "/",
  "/version",
  "/version/",
  "/healthz",
  "/api",
  "/api/",
  "/apis/apps/v1",
  "/x",
  "/x/",
  "/x/y/z",
  "*",
  "",
];
const urlRules = ["/x/*", "/x", "/api*", "/x/y/**", "*", "/*/y", "/version"];
const users = ["alice", "bob", "carol", "system:anonymous", "system:kube-scheduler", "*"];
const userGroups = [
  "developers",
  "testers",
  "system:authenticated",
  "system:unauthenticated",
  "system:serviceaccounts",
];
const accounts = ["default", "robot"];

export const defaultPolicy = (): Policy => {
  const gates = defaultFeatureGates();
  return {
    clusterRoles: bootstrapClusterRoles(gates),
    clusterRoleBindings: bootstrapClusterRoleBindings(gates),
    roles: bootstrapRoles(gates),
    roleBindings: bootstrapRoleBindings(),
  };
};

export function drawCorpus(): Corpus {
  return new PolicyDraw(seed).corpus();
}

class PolicyDraw extends Draw {
  corpus(): Corpus {
    const policy = this.#policy();
    const known = defaultPolicy();
    const bound = [known, policy].flatMap(({ clusterRoleBindings, roleBindings }) => [
      ...clusterRoleBindings,
      ...roleBindings,
    ]);
    const roles = [known, policy].flatMap((one) => [...one.clusterRoles, ...one.roles]);
    const questions = Array.from({ length: questionCount }, () =>
      this.chance(0.7) ? this.#nearQuestion(bound, roles) : this.#anyQuestion(),
    );
    return { policy, questions };
  }

  #policy(): Policy {
    const home = () => this.one(namespaces);
    return {
      clusterRoles: this.many(60, (i) => this.#role("ClusterRole", `drawn-${i}`)),
      roles: this.many(60, (i) => this.#role("Role", `drawn-${i % 20}`, namespaces[Math.floor(i / 20)])),
      clusterRoleBindings: this.many(30, (i) => this.#binding("ClusterRole", `drawn-${i}`)),
      roleBindings: this.many(120, (i) =>
        this.#binding(this.chance(0.5) ? "Role" : "ClusterRole", `drawn-${i}`, home()),
      ),
    };
  }

  #role(kind: string, name: string, namespace?: string): RoleObject {
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    return { kind, apiVersion: `${rbac}/v1`, metadata, rules: this.many(3, () => this.#rule()) };
  }

  #rule(): PolicyRule {
    if (this.chance(0.2)) return { verbs: this.some(verbs, 3), nonResourceURLs: this.some(urlRules, 2) };
    const what = () => {
      const subresource = this.one(subresources);
      return subresource === "" ? this.one(resources) : `${this.one(resources)}/${subresource}`;
    };
    return {
      verbs: this.some(verbs, 4),
      apiGroups: this.some(groups, 2),
      resources: this.many(2, what),
      ...(this.chance(0.3) ? { resourceNames: this.some(names, 2) } : {}),
    };
  }

  #binding(kind: string, name: string, namespace?: string): RoleBindingObject {
    const defaults = ["view", "edit", "admin", "system:node", "system:basic-user", "absent"];
    const role = this.chance(0.2) ? this.one(defaults) : `drawn-${Math.floor(this.next() * 60)}`;
    return {
      kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
      apiVersion: `${rbac}/v1`,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      roleRef: { apiGroup: rbac, kind, name: role },
      subjects: this.many(2, () => this.#subject()),
    };
  }

  #subject(): Subject {
    const kind = this.one(["User", "Group", "ServiceAccount", "ServiceAccount"]);
    if (kind === "User") return { kind, name: this.one(users) };
    if (kind === "Group") return { kind, name: this.one(userGroups.slice(0, 2)) };
    const name = this.one(accounts);
    return this.chance(0.3) ? { kind, name } : { kind, name, namespace: this.one(namespaces) };
  }

  #user(): AuthorizationAttributes["user"] {
    if (this.chance(0.4)) return this.#account(this.one(namespaces), this.one(accounts));
    return { name: this.one(users), groups: this.some(userGroups, 3) };
  }

  #account(namespace: string, name: string): AuthorizationAttributes["user"] {
    return { name: serviceAccountUser(namespace, name), groups: serviceAccountGroups(namespace) };
  }

  #anyQuestion(): AuthorizationAttributes {
    const user = this.#user();
    const verb = this.one(verbs);
    if (this.chance(0.25)) return { user, verb, path: this.one(paths) };
    const resource = {
      group: this.one(groups),
      version: "v1",
      resource: this.one(resources),
      subresource: this.one(subresources),
      namespace: this.chance(0.2) ? "" : this.one(namespaces),
      name: this.one(names),
    };
    return { user, verb, path: "", resource };
  }

  /** What a role grants to one of its subjects, or nearly that. */
  #nearQuestion(
    bindings: readonly RoleBindingObject[],
    roles: readonly RoleObject[],
  ): AuthorizationAttributes {
    const binding = this.one(bindings.filter(({ subjects = [] }) => subjects.length > 0));
    const other = this.#anyQuestion();
    const kept = <T>(value: T, changed: T): T => (this.chance(0.85) ? value : changed);
    const user = kept(this.#asUser(binding), other.user);
    const role = roles.find((one) => isReferred(one, binding));
    const rules = role?.rules ?? [];
    if (rules.length === 0) return { ...other, user };
    const rule = this.one(rules);
    const verb = kept(this.one(rule.verbs), other.verb);
    if (rule.nonResourceURLs)
      return { user, verb, path: kept(this.one(rule.nonResourceURLs), this.one(paths)) };
    const [resource = "", subresource = ""] = this.one(rule.resources ?? [""]).split("/");
    const asked = {
      group: kept(this.one(rule.apiGroups ?? [""]), this.one(groups)),
      version: "v1",
      resource: kept(resource, this.one(resources)),
      subresource: kept(subresource, this.one(subresources)),
      namespace: kept(binding.metadata.namespace ?? this.one(namespaces), this.one(["", ...namespaces])),
      name: kept(this.one(rule.resourceNames ?? [""]), this.one(names)),
    };
    return { user, verb, path: "", resource: asked };
  }

  #asUser({ subjects = [], metadata }: RoleBindingObject): AuthorizationAttributes["user"] {
    const { kind, name, namespace } = this.one(subjects);
    if (kind === "User") return { name, groups: ["system:authenticated"] };
    if (kind === "Group") return { name: this.one(users), groups: [name] };
    return this.#account(namespace ?? metadata.namespace ?? "default", name);
  }
}

function isReferred({ kind = "", metadata }: KubeObject, binding: RoleBindingObject): boolean {
  const { roleRef } = binding;
  const inNamespace = kind === "ClusterRole" || metadata.namespace === binding.metadata.namespace;
  return kind === roleRef.kind && metadata.name === roleRef.name && inNamespace;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(drawCorpus())}\n`);
