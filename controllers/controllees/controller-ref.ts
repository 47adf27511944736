/** Who manages an object. Source: apimachinery/pkg/apis/meta/v1/controller_ref.go, client-go/tools/reference. */
import {
  apiVersionOf,
  type GroupVersionKind,
  type KubeObject,
  type OwnerReference,
} from "../../api/object.ts";
import type { ObjectReference } from "../../client/event-correlator.ts";

/** The one owner that manages the object (GetControllerOf). */
export const controllerOf = ({ metadata }: KubeObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

/** Whether it is this very owner (IsControlledBy). */
export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;

/** NewControllerRef. */
export function controllerRefTo({ metadata }: KubeObject, kind: GroupVersionKind): OwnerReference {
  return {
    apiVersion: apiVersionOf(kind.group, kind.version),
    kind: kind.kind,
    name: metadata.name ?? "",
    uid: metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What an event says it is about. */
export function referenceTo({ metadata }: KubeObject, kind: GroupVersionKind): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  const apiVersion = apiVersionOf(kind.group, kind.version);
  return {
    kind: kind.kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    apiVersion,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
