/** What RBAC's objects grant. Source: pkg/registry/rbac/validation/rule.go, DefaultRuleResolver. */
import { goQuote } from "../../../api/go-format.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import { objectKey } from "../object-key.ts";
import { serviceAccountUser } from "../service-account.ts";
import type { UserInfo } from "../user.ts";

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

export interface RoleReference {
  kind: string;
  name: string;
}

interface Binding extends KubeObject {
  roleRef: RoleReference;
  subjects?: readonly Subject[] | null;
}

/** A subject of a binding. */
interface Grant {
  binding: Binding;
  /** Among the subjects of the binding. */
  position: number;
  subjectKey: string;
  /** ClusterRoleBinding "a" of ClusterRole "b" to User "c" */
  source: string;
}

/** The rules that a binding gives somebody. */
export interface Granted {
  reference: RoleReference;
  source: string;
  /** undefined: there is no such role. */
  rules: readonly PolicyRule[] | undefined;
}

/** Its tables are told of all objects and of every change, as followers are. */
export class RbacPolicy {
  readonly roles = new RoleTable();
  readonly clusterRoles = new RoleTable();
  readonly roleBindings = new BindingTable();
  readonly clusterRoleBindings = new BindingTable();

  /** What somebody has everywhere, then what they have in the namespace, unless it is "". */
  *grantedTo(user: UserInfo, namespace: string): Iterable<Granted> {
    for (const grant of this.clusterRoleBindings.grantsTo(user, "")) yield this.#granted(grant, "");
    if (namespace === "") return;
    for (const grant of this.roleBindings.grantsTo(user, namespace)) yield this.#granted(grant, namespace);
  }

  /** The rules of the role that a binding in this namespace refers to; undefined: there is none. */
  rulesOf({ kind, name }: RoleReference, namespace: string): readonly PolicyRule[] | undefined {
    return kind === "Role" ? this.roles.rules(namespace, name) : this.clusterRoles.rules("", name);
  }

  #granted({ binding, source }: Grant, namespace: string): Granted {
    const { roleRef } = binding;
    return { reference: roleRef, source, rules: this.rulesOf(roleRef, namespace) };
  }
}

class RoleTable {
  readonly #rules = new Map<string, readonly PolicyRule[]>();

  rules(namespace: string, name: string): readonly PolicyRule[] | undefined {
    return this.#rules.get(objectKey({ namespace, name }));
  }

  replace(roles: readonly KubeObject[]): void {
    this.#rules.clear();
    for (const role of roles) this.set(role);
  }

  set(role: KubeObject): void {
    const { rules } = role as KubeObject & { rules?: readonly PolicyRule[] | null };
    this.#rules.set(objectKey(role.metadata), rules ?? []);
  }

  delete({ metadata }: KubeObject): void {
    this.#rules.delete(objectKey(metadata));
  }
}

/** Bindings by whom they bind: a request looks up its user and groups, however many bindings there are. */
class BindingTable {
  /** Of each binding. */
  readonly #grants = new Map<string, readonly Grant[]>();
  /** Of each subject in each namespace. */
  readonly #bySubject = new Map<string, Set<Grant>>();

  /** One for each binding that applies: that of its first subject. */
  grantsTo({ name, groups }: UserInfo, namespace: string): Iterable<Grant> {
    const found = new Map<Binding, Grant>();
    const add = (grant: Grant): void => {
      const known = found.get(grant.binding);
      if (!known || grant.position < known.position) found.set(grant.binding, grant);
    };
    this.#bySubject.get(subjectKey(namespace, "User", name))?.forEach(add);
    for (const group of groups) this.#bySubject.get(subjectKey(namespace, "Group", group))?.forEach(add);
    return found.values();
  }

  replace(bindings: readonly KubeObject[]): void {
    this.#grants.clear();
    this.#bySubject.clear();
    for (const binding of bindings) this.set(binding);
  }

  set(object: KubeObject): void {
    this.delete(object);
    const binding = object as Binding;
    const grants = (binding.subjects ?? []).map((subject, position) => {
      const subjectKey = keyOfSubject(binding.metadata.namespace ?? "", subject);
      return { binding, position, subjectKey, source: sourceText(binding, subject) };
    });
    this.#grants.set(objectKey(object.metadata), grants);
    for (const grant of grants) {
      const known = this.#bySubject.get(grant.subjectKey);
      if (known) known.add(grant);
      else this.#bySubject.set(grant.subjectKey, new Set([grant]));
    }
  }

  delete({ metadata }: KubeObject): void {
    for (const grant of this.#grants.get(objectKey(metadata)) ?? []) {
      const known = this.#bySubject.get(grant.subjectKey);
      known?.delete(grant);
      if (known?.size === 0) this.#bySubject.delete(grant.subjectKey);
    }
    this.#grants.delete(objectKey(metadata));
  }
}

const subjectKey = (namespace: string, kind: string, name: string): string => `${namespace}/${kind}/${name}`;

/** Service accounts are users; one that is in no namespace is nobody. */
function keyOfSubject(namespace: string, { kind, name, namespace: own }: Subject): string {
  if (kind !== "ServiceAccount") return subjectKey(namespace, kind, name);
  const home = own || namespace;
  return home === ""
    ? subjectKey(namespace, kind, name)
    : subjectKey(namespace, "User", serviceAccountUser(home, name));
}

/** As the describers of upstream's rule resolver say it. */
function sourceText({ metadata, roleRef }: Binding, subject: Subject): string {
  const { namespace = "", name = "" } = metadata;
  const binding =
    namespace === ""
      ? `ClusterRoleBinding ${goQuote(name)}`
      : `RoleBinding ${goQuote(`${name}/${namespace}`)}`;
  const who =
    subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${binding} of ${roleRef.kind} ${goQuote(roleRef.name)} to ${subject.kind} ${goQuote(who)}`;
}
