/**
 * What a starting server does about one of its own objects that is already there. Updates start from a copy of what
 * exists, so that nobody's additions are lost.
 */
import type { KubeObject } from "../../../api/object.ts";

export type Reconciliation<T extends KubeObject = KubeObject> =
  | { action: "none" }
  | { action: "update"; object: T }
  /** Delete what exists, then create this. */
  | { action: "recreate"; object: T };

/** An object that the server makes for itself. */
export interface BootstrapObject<T extends KubeObject = KubeObject> {
  /** As it is created; written through the ordinary path, which defaults and validates it. */
  object: T;
  /** What goes into managedFields; upstream's clients send their program's name where nothing else is said. */
  fieldManager: string;
  /** Written through the status subresource once the object exists. */
  status?: BootstrapStatus;
  reconcile(existing: T): Reconciliation<T>;
}

export interface BootstrapStatus {
  value: Record<string, unknown>;
  fieldManager: string;
  operation: "Apply" | "Update";
}

export const serverFieldManager = "kube-apiserver";

/** For objects that are only ever created. */
export function keepExisting(): { action: "none" } {
  return { action: "none" };
}
