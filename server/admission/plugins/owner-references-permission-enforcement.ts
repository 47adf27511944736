import type { OwnerReference } from "../../../api/object.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import type { Authorizer, ResourceAttributes } from "../../auth/authorizer.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

/** A resource that serves a kind. */
export interface KindResource {
  group: string;
  version: string;
  resource: string;
  namespaced: boolean;
}

export interface OwnerRights {
  authorizer: Authorizer;
  /** The resources of a kind; none: nobody knows it. */
  resourcesOf(apiVersion: string, kind: string): readonly KindResource[];
}

/**
 * Whoever changes the owners of an object must have the right to delete it; whoever makes its owners wait for it, the
 * right to finalize them. Source: plugin/pkg/admission/gc.
 */
export function ownerReferencesPermissionEnforcement(rights: OwnerRights): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const owners = attributes.object?.metadata?.ownerReferences ?? [];
    const before = attributes.oldObject?.metadata.ownerReferences ?? [];
    if (attributes.group === "" && attributes.resource === "pods" && attributes.subresource === "status")
      return;
    if (semanticEqual(owners, before)) return;
    if (attributes.operation === "UPDATE") await requireDelete(rights.authorizer, attributes);
    const blocking = owners.filter((owner) => owner.blockOwnerDeletion && !wasBlocking(owner, before));
    if (blocking.length > 0) await requireFinalize(rights, attributes, blocking);
  };
  return {
    name: "OwnerReferencesPermissionEnforcement",
    rules: [{ operations: ["CREATE", "UPDATE"], resources: "*", validate }],
  };
}

const wasBlocking = ({ uid }: OwnerReference, before: readonly OwnerReference[]): boolean =>
  before.some((owner) => owner.uid === uid && owner.blockOwnerDeletion);

async function requireDelete(authorizer: Authorizer, attributes: AdmissionAttributes): Promise<void> {
  const { group, version, resource, subresource, namespace, name } = attributes;
  const reason = await refusal(authorizer, attributes, "delete", {
    ...{ group, version, resource, subresource, namespace, name },
  });
  if (reason !== undefined)
    throw denied(attributes, `cannot set an ownerRef on a resource you can't delete: ${reason}, <nil>`);
}

async function requireFinalize(
  { authorizer, resourcesOf }: OwnerRights,
  attributes: AdmissionAttributes,
  owners: readonly OwnerReference[],
): Promise<void> {
  const finalizers = { subresource: "finalizers", namespace: "", name: "*" };
  const anything = { group: "*", version: "*", resource: "*", ...finalizers };
  if ((await refusal(authorizer, attributes, "update", anything)) === undefined) return;
  for (const { apiVersion, kind, name } of owners) {
    const resources = resourcesOf(apiVersion, kind);
    if (resources.length === 0) {
      throw denied(
        attributes,
        `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: no matches for kind "${kind}" in version "${apiVersion}"`,
      );
    }
    for (const { namespaced, ...resource } of resources) {
      const namespace = namespaced ? attributes.namespace : "";
      const asked = { ...resource, ...finalizers, namespace, name };
      const reason = await refusal(authorizer, attributes, "update", asked);
      if (reason === undefined) continue;
      throw denied(
        attributes,
        `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${reason}, <nil>`,
      );
    }
  }
}

/** undefined: the user may. */
async function refusal(
  authorizer: Authorizer,
  { user }: AdmissionAttributes,
  verb: string,
  resource: ResourceAttributes,
): Promise<string | undefined> {
  const { allowed, reason = "" } = await authorizer.authorize({ user, verb, path: "", resource });
  return allowed ? undefined : reason;
}
