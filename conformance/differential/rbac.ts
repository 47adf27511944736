/** Roles, bindings and users that cases about access speak of. */

import type { Conversation, RequestOptions } from "./conversation.ts";
import type { JsonObject } from "./json.ts";
import { named } from "./objects.ts";

export const RBAC = "rbac.authorization.k8s.io";
export const CLUSTER_ROLES = `/apis/${RBAC}/v1/clusterroles`;
export const CLUSTER_BINDINGS = `/apis/${RBAC}/v1/clusterrolebindings`;
export const REVIEWS = "/apis/authorization.k8s.io/v1";
export const alice: RequestOptions = { token: "alice-token" };
export const bob: RequestOptions = { token: "bob-token" };
export const nobody: RequestOptions = { token: "" };

export const user = (name: string) => ({ kind: "User", apiGroup: RBAC, name });
export const group = (name: string) => ({ kind: "Group", apiGroup: RBAC, name });
export const account = (name: string, namespace?: string) => ({
  kind: "ServiceAccount",
  name,
  ...(namespace === undefined ? {} : { namespace }),
});
export const reference = (kind: "Role" | "ClusterRole", name: string) => ({ apiGroup: RBAC, kind, name });
export const role = (name: string, ...rules: JsonObject[]) => named(`${RBAC}/v1`, "Role", name, { rules });
export const clusterRole = (name: string, ...rules: JsonObject[]) =>
  named(`${RBAC}/v1`, "ClusterRole", name, { rules });
export const binding = (name: string, roleRef: JsonObject, ...subjects: JsonObject[]) =>
  named(`${RBAC}/v1`, "RoleBinding", name, { roleRef, subjects });
export const clusterBinding = (name: string, role: string, ...subjects: JsonObject[]) =>
  named(`${RBAC}/v1`, "ClusterRoleBinding", name, { roleRef: reference("ClusterRole", role), subjects });
export const rule = (verbs: string, groups: string, resources: string, names = "") => ({
  verbs: verbs.split(","),
  apiGroups: groups.split(","),
  resources: resources.split(","),
  ...(names === "" ? {} : { resourceNames: names.split(",") }),
});
export const urls = (verbs: string, ...nonResourceURLs: string[]) => ({
  verbs: verbs.split(","),
  nonResourceURLs,
});

/** As somebody else, whom the administrator may always be. */
export const as = (name: string, ...groups: string[]): RequestOptions => ({
  headers: { "impersonate-user": name, ...(groups.length === 0 ? {} : { "impersonate-group": groups }) },
});

/** Writes without comparing, and waits until the authorizer has heard of it. */
export async function given(t: Conversation, ...objects: JsonObject[]): Promise<void> {
  for (const object of objects) {
    const kind = String(object["kind"]);
    const path = kind.startsWith("Cluster")
      ? `/apis/${RBAC}/v1/${kind.toLowerCase()}s`
      : t.path(`${RBAC}/v1/${kind.toLowerCase()}s`);
    const made = await t.ask("POST", path, object);
    if (made.status !== 201) t.note(`${kind}: ${made.text}`);
    if (kind.startsWith("Cluster")) t.leftovers.add(`${path}/${made.string("metadata.name")}`);
  }
  await t.pause(300);
}

export const roles = (t: Conversation) => t.path(`${RBAC}/v1/roles`);
export const bindings = (t: Conversation) => t.path(`${RBAC}/v1/rolebindings`);
