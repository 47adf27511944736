import type { KubeObject } from "../../api/object.ts";
import { forbidden, type GroupResource, type StatusCause, StatusError } from "../../api/status.ts";
import type { UserInfo } from "../auth/user.ts";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** What an admission plug-in sees of a write. Objects are hub objects. Source: admission.Attributes. */
export interface AdmissionAttributes {
  readonly operation: Operation;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly kind: string;
  /** Of a namespace itself: its name. */
  readonly namespace: string;
  /** "" for what gets a generated name, and for the objects of a collection that is deleted. */
  readonly name: string;
  /** Of a connection: its options, which have no metadata. Belongs to the write: a plug-in's admit may change it, validate must not. */
  readonly object: KubeObject | undefined;
  /** Frozen. */
  readonly oldObject: KubeObject | undefined;
  readonly dryRun: boolean;
  readonly user: UserInfo;
  warn(message: string): void;
}

/** An object as the plug-in of its resource sees it. The caller knows the kind: its rule names the resource. */
export const objectOf = <T>({ object }: AdmissionAttributes): T => object as T;
export const oldObjectOf = <T>({ oldObject }: AdmissionAttributes): T => oldObject as T;

/** 403 about the object of a write. Source: NewForbidden of k8s.io/apiserver/pkg/admission/errors.go. */
export function denied(
  { group, resource, name, object }: AdmissionAttributes,
  reason: string,
  cause?: StatusCause,
): StatusError {
  const { name: own, generateName } = object?.metadata ?? {};
  return withCause(forbidden({ group, resource }, name || own || generateName || "Unknown", reason), cause);
}

function withCause(error: StatusError, cause: StatusCause | undefined): StatusError {
  if (!cause) return error;
  const { code, reason, message, details } = error;
  return new StatusError(code, reason, message, { ...details, causes: [cause] });
}

/** "pods", "pods/resize", "ingresses.networking.k8s.io": how rules name resources. */
export function resourceKey({ group, resource }: GroupResource, subresource: string): string {
  const main = group === "" ? resource : `${resource}.${group}`;
  return subresource === "" ? main : `${main}/${subresource}`;
}
