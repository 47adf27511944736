/**
 * Upstream's default RBAC objects. Sources: kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy (what),
 * pkg/registry/rbac/rest/storage_rbac.go (in which order).
 */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { PolicyRule } from "../../../api/rbac-rules.ts";
import { clusterRoleGates, clusterRoleRules, controllerRoleRules } from "./rbac-rules.ts";

export interface RoleObject extends KubeObject {
  rules: PolicyRule[] | null;
  aggregationRule?: { clusterRoleSelectors?: { matchLabels?: Record<string, string> }[] };
}

export interface Subject {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface RoleBindingObject extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects?: Subject[];
}

const rbacGroup = "rbac.authorization.k8s.io";
const apiVersion = `${rbacGroup}/v1`;

export const autoUpdateAnnotation = "rbac.authorization.kubernetes.io/autoupdate";

const verbSets: Readonly<Record<string, string>> = {
  read: "get,list,watch",
  readupdate: "get,list,patch,update,watch",
  readwrite: "create,delete,deletecollection,get,list,patch,update,watch",
  write: "create,delete,deletecollection,patch,update",
};

const eventsRule = "create,patch,update core,events.k8s.io events";

/** What the roles that are put together by labels collect, and which labels the roles carry themselves. */
const aggregated = new Set(["admin", "edit", "view"]);
const aggregationLabels: Readonly<Record<string, string>> = {
  edit: "admin",
  view: "edit",
  "system:aggregate-to-admin": "admin",
  "system:aggregate-to-edit": "edit",
  "system:aggregate-to-view": "view",
};

/** Who has the cluster roles that are not a controller's: Group:name, User:name or ServiceAccount:namespace/name. */
const clusterRoleSubjects: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["Group:system:masters"],
  "system:monitoring": ["Group:system:monitoring"],
  "system:discovery": ["Group:system:authenticated"],
  "system:basic-user": ["Group:system:authenticated"],
  "system:public-info-viewer": ["Group:system:authenticated", "Group:system:unauthenticated"],
  "system:node-proxier": ["User:system:kube-proxy"],
  "system:kube-controller-manager": ["User:system:kube-controller-manager"],
  "system:kube-dns": ["ServiceAccount:kube-system/kube-dns"],
  "system:kube-scheduler": ["User:system:kube-scheduler"],
  "system:volume-scheduler": ["User:system:kube-scheduler"],
  "system:node": [],
  "system:service-account-issuer-discovery": ["Group:system:serviceaccounts"],
  "system:cluster-trust-bundle-discovery": ["Group:system:serviceaccounts"],
};

const lockRules = [
  "create,get,list,update,watch coordination.k8s.io leases",
  "create,get,list,update,watch coordination.k8s.io leasecandidates",
];

/** Namespaced roles with their bindings: [namespace, role, rules, subjects, name of the binding if another]. */
const namespacedRoles: readonly (readonly [string, string, readonly string[], readonly string[], string?])[] =
  [
    [
      "kube-system",
      "extension-apiserver-authentication-reader",
      ["read core configmaps extension-apiserver-authentication"],
      ["User:system:kube-controller-manager", "User:system:kube-scheduler"],
      "system::extension-apiserver-authentication-reader",
    ],
    [
      "kube-system",
      "system:controller:bootstrap-signer",
      ["read core secrets"],
      ["ServiceAccount:kube-system/bootstrap-signer"],
    ],
    [
      "kube-system",
      "system:controller:cloud-provider",
      ["create,get,list,watch core configmaps"],
      ["ServiceAccount:kube-system/cloud-provider"],
    ],
    [
      "kube-system",
      "system:controller:token-cleaner",
      ["delete,get,list,watch core secrets", "events"],
      ["ServiceAccount:kube-system/token-cleaner"],
    ],
    [
      "kube-system",
      "system::leader-locking-kube-controller-manager",
      lockRules,
      [
        "User:system:kube-controller-manager",
        "ServiceAccount:kube-system/kube-controller-manager",
        "ServiceAccount:kube-system/leader-election-controller",
      ],
    ],
    [
      "kube-system",
      "system::leader-locking-kube-scheduler",
      lockRules,
      ["User:system:kube-scheduler", "ServiceAccount:kube-system/kube-scheduler"],
    ],
    [
      "kube-public",
      "system:controller:bootstrap-signer",
      ["read core configmaps", "update core configmaps cluster-info", "events"],
      ["ServiceAccount:kube-system/bootstrap-signer"],
    ],
  ];

/** "?Gate value" or "?Gate=value" counts only while the feature is on. */
function ifEnabled(text: string, separator: string, gates: FeatureGates): string | undefined {
  if (!text.startsWith("?")) return text;
  const end = text.indexOf(separator);
  return gates.enabled(text.slice(1, end)) ? text.slice(end + 1) : undefined;
}

function present<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function rule(text: string, gates: FeatureGates): PolicyRule | undefined {
  const enabled = ifEnabled(text, " ", gates);
  if (enabled === undefined) return undefined;
  const [verbs = "", groups = "", resources, names] = (enabled === "events" ? eventsRule : enabled).split(
    " ",
  );
  const verbList = (verbSets[verbs] ?? verbs).split(",");
  if (resources === undefined) {
    const urls = groups.split(",").map((url) => ifEnabled(url, "=", gates));
    return { verbs: verbList, nonResourceURLs: urls.filter(present).sort() };
  }
  return {
    verbs: verbList,
    apiGroups: groups.split(",").map((group) => (group === "core" ? "" : group)),
    resources: resources.split(","),
    ...(names === undefined ? {} : { resourceNames: names.split(",") }),
  };
}

function rules(texts: readonly string[], gates: FeatureGates): PolicyRule[] {
  return texts.map((text) => rule(text, gates)).filter(present);
}

function subject(text: string): Subject {
  const kind = text.slice(0, text.indexOf(":"));
  const name = text.slice(kind.length + 1);
  if (kind !== "ServiceAccount") return { kind, apiGroup: rbacGroup, name };
  const [namespace = "", account = ""] = name.split("/");
  return { kind, name: account, namespace };
}

function metadata(name: string, labels: Record<string, string> = {}, namespace?: string) {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
    annotations: { [autoUpdateAnnotation]: "true" },
  };
}

function binding(
  kind: "ClusterRole" | "Role",
  role: string,
  subjects: readonly string[],
  name = role,
  namespace?: string,
): RoleBindingObject {
  return {
    kind: `${kind}Binding`,
    apiVersion,
    metadata: metadata(name, {}, namespace),
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subject) }),
    roleRef: { apiGroup: rbacGroup, kind, name: role },
  };
}

/** The default ClusterRoles, those of the controllers last. */
export function bootstrapClusterRoles(gates: FeatureGates): RoleObject[] {
  const all = [
    ...Object.entries(clusterRoleRules),
    ...Object.entries(controllerRoleRules).map(
      ([name, texts]) => [`system:controller:${name}`, texts] as const,
    ),
  ];
  return all
    .filter(([name]) => roleEnabled(name, gates))
    .map(([name, texts]) => clusterRole(name, texts, gates));
}

function roleEnabled(name: string, gates: FeatureGates): boolean {
  return (clusterRoleGates[name] ?? []).every((gate) => gates.enabled(gate));
}

function clusterRole(name: string, texts: readonly string[], gates: FeatureGates): RoleObject {
  const label = (target: string) => ({ [`${rbacGroup}/aggregate-to-${target}`]: "true" });
  const labels = aggregationLabels[name];
  const base = { kind: "ClusterRole", apiVersion, metadata: metadata(name, labels ? label(labels) : {}) };
  if (!aggregated.has(name)) return { ...base, rules: rules(texts, gates) };
  return {
    ...base,
    rules: null,
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(name) }] },
  };
}

/** The default ClusterRoleBindings, those of the controllers last. */
export function bootstrapClusterRoleBindings(gates: FeatureGates): RoleBindingObject[] {
  const users = Object.entries(clusterRoleSubjects).map(([role, subjects]) => ({ role, subjects }));
  const controllers = Object.keys(controllerRoleRules).map((name) => ({
    role: `system:controller:${name}`,
    subjects: [`ServiceAccount:kube-system/${name}`],
  }));
  return [...users, ...controllers]
    .filter(({ role }) => roleEnabled(role, gates))
    .map(({ role, subjects }) => binding("ClusterRole", role, subjects));
}

/** The default Roles of kube-system and kube-public. */
export function bootstrapRoles(gates: FeatureGates): RoleObject[] {
  return namespacedRoles.map(([namespace, name, texts]) => ({
    kind: "Role",
    apiVersion,
    metadata: metadata(name, {}, namespace),
    rules: rules(texts, gates),
  }));
}

/** The default RoleBindings of kube-system and kube-public. */
export function bootstrapRoleBindings(): RoleBindingObject[] {
  return namespacedRoles.map(([namespace, role, , subjects, name]) =>
    binding("Role", role, subjects, name, namespace),
  );
}
