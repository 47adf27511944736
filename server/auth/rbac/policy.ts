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
  readonly #users = new SubjectIndex();
  readonly #groups = new SubjectIndex();

  /** One for each binding that applies: that of its first subject. */
  grantsTo({ name, groups }: UserInfo, namespace: string): Iterable<Grant> {
    const found = new Map<Binding, Grant>();
    addFirst(found, this.#users.get(name, namespace));
    for (const group of groups) addFirst(found, this.#groups.get(group, namespace));
    return found.values();
  }

  replace(bindings: readonly KubeObject[]): void {
    this.#grants.clear();
    this.#users.clear();
    this.#groups.clear();
    for (const binding of bindings) this.set(binding);
  }

  set(object: KubeObject): void {
    this.delete(object);
    const binding = object as Binding;
    const grants = (binding.subjects ?? []).map((subject, position) => {
      return { binding, position, source: sourceText(binding, subject) };
    });
    this.#grants.set(objectKey(object.metadata), grants);
    for (const grant of grants) this.#file(grant, (index, name, home) => index.add(name, home, grant));
  }

  delete({ metadata }: KubeObject): void {
    const key = objectKey(metadata);
    for (const grant of this.#grants.get(key) ?? [])
      this.#file(grant, (index, name, home) => index.delete(name, home, grant));
    this.#grants.delete(key);
  }

  /** Where a grant stands. Service accounts are users; one that is in no namespace is nobody. */
  #file(
    { binding, position }: Grant,
    tell: (index: SubjectIndex, name: string, namespace: string) => void,
  ): void {
    const { namespace = "" } = binding.metadata;
    const { kind, name, namespace: own } = binding.subjects![position]!;
    if (kind === "User") tell(this.#users, name, namespace);
    else if (kind === "Group") tell(this.#groups, name, namespace);
    else if (kind === "ServiceAccount" && (own || namespace))
      tell(this.#users, serviceAccountUser(own || namespace, name), namespace);
  }
}

function addFirst(found: Map<Binding, Grant>, grants: Iterable<Grant>): void {
  for (const grant of grants) {
    const known = found.get(grant.binding);
    if (!known || grant.position < known.position) found.set(grant.binding, grant);
  }
}

const noGrants: readonly Grant[] = [];

/** Grants by name and namespace; without keys put together, because every request looks up several. */
class SubjectIndex {
  readonly #byName = new Map<string, Map<string, Set<Grant>>>();

  get(name: string, namespace: string): Iterable<Grant> {
    return this.#byName.get(name)?.get(namespace) ?? noGrants;
  }

  add(name: string, namespace: string, grant: Grant): void {
    const spaces = this.#byName.get(name) ?? new Map<string, Set<Grant>>();
    const grants = spaces.get(namespace) ?? new Set<Grant>();
    this.#byName.set(name, spaces.set(namespace, grants.add(grant)));
  }

  delete(name: string, namespace: string, grant: Grant): void {
    const spaces = this.#byName.get(name);
    const grants = spaces?.get(namespace);
    grants?.delete(grant);
    if (grants?.size === 0) spaces?.delete(namespace);
    if (spaces?.size === 0) this.#byName.delete(name);
  }

  clear(): void {
    this.#byName.clear();
  }
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
