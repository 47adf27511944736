import type { KubeObject } from "../../api/object.ts";
import type { PolicyRule } from "../../api/rbac-rules.ts";
import type { WriteContext } from "./strategy.ts";

/** One thing that somebody wants to do with a resource. */
export interface AccessQuestion {
  verb: string;
  group: string;
  version: string;
  resource: string;
  subresource?: string;
  namespace: string;
  name: string;
}

/** Rights of whoever writes, for the few kinds that hand out rights themselves or ask for more than their own verbs. */
export interface Access {
  isAllowed(user: WriteContext["user"], question: AccessQuestion): boolean | Promise<boolean>;
  /** The text of the 403 that such a request would get; undefined if it is allowed. */
  refusal(user: WriteContext["user"], question: AccessQuestion): Promise<string | undefined>;
  /** What RBAC's objects grant somebody in a namespace ("": everywhere). */
  heldRules(user: WriteContext["user"], namespace: string): Promise<HeldRules>;
  /** The rules of the role that a binding in this namespace refers to; undefined if there is none. */
  roleRules(
    reference: { kind: string; name: string },
    namespace: string,
  ): Promise<readonly PolicyRule[] | undefined>;
  /** The plural name of a kind, if it is served now. */
  resourceOf(group: string, version: string, kind: string): string | undefined;
  /** Labels of a namespace; throws a StatusError if there is none. */
  namespaceLabels(name: string): Promise<Readonly<Record<string, string>>>;
  /** An admission policy as it is stored, if there is one of this name. */
  admissionPolicy(resource: AdmissionPolicyResource, name: string): Promise<KubeObject | undefined>;
}

export type AdmissionPolicyResource = "validatingadmissionpolicies" | "mutatingadmissionpolicies";

export interface HeldRules {
  rules: readonly PolicyRule[];
  /** Names of roles that somebody is bound to and that are not there. */
  missingRoles: readonly string[];
}

/** Whoever is in it may do everything, without being asked. */
export const isPrivileged = ({ groups }: WriteContext["user"]): boolean => groups.includes("system:masters");
