/**
 * Who writes a policy with parameters, or a binding to some, must be able to read those.
 * Source: pkg/registry/admissionregistration (the authz.go of each policy and binding).
 */
import { goUserText } from "../../../api/go-user-text.ts";
import type { KubeObject } from "../../../api/object.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { parseGroupVersion } from "../../../api/validation/admissionregistration/policy-spec.ts";
import { type FieldError, FieldPath, forbidden } from "../../../api/validation/field.ts";
import { type Access, type AdmissionPolicyResource, isPrivileged } from "../access.ts";
import type { WriteContext } from "../strategy.ts";

interface ParamKind {
  apiVersion?: string;
  kind?: string;
}

export interface Policy extends KubeObject {
  spec: { paramKind?: ParamKind };
}

export interface PolicyBinding extends KubeObject {
  spec: { policyName?: string; paramRef?: { name?: string; namespace?: string } };
}

const kindPath = FieldPath.of("spec", "paramKind");
const refPath = FieldPath.of("spec", "paramRef");

/** What the parameters are, as far as that can be told: "*" for what cannot. */
function parameterResource(access: Access, { apiVersion = "", kind = "" }: ParamKind) {
  const parsed = parseGroupVersion(apiVersion);
  if (!parsed) return { group: "*", version: "*", resource: "*", unknown: "parse" as const };
  const resource = access.resourceOf(parsed.group, parsed.version, kind);
  if (resource === undefined) return { ...parsed, resource: "*", unknown: "resolve" as const };
  return { ...parsed, resource };
}

export async function validatePolicyAccess(
  access: Access | undefined,
  { spec }: Policy,
  old: Policy | undefined,
  { user }: WriteContext,
): Promise<FieldError[]> {
  const { paramKind } = spec;
  if (!access || !paramKind || isPrivileged(user)) return [];
  if (old?.spec.paramKind && semanticEqual(old.spec.paramKind, paramKind)) return [];
  const { group, version, resource } = parameterResource(access, paramKind);
  const question = { verb: "get", group, version, resource, namespace: "*", name: "*" };
  if (await access.isAllowed(user, question)) return [];
  const { kind = "", apiVersion = "" } = paramKind;
  const detail = `user ${goUserText(user)} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`;
  return [forbidden(kindPath, detail)];
}

export async function validateBindingAccess(
  access: Access | undefined,
  policies: AdmissionPolicyResource,
  { spec }: PolicyBinding,
  old: PolicyBinding | undefined,
  { user }: WriteContext,
): Promise<FieldError[]> {
  const { paramRef, policyName = "" } = spec;
  if (!access || !paramRef || isPrivileged(user)) return [];
  if (isSameReference(spec, old?.spec)) return [];
  const policy = (await access.admissionPolicy(policies, policyName)) as Policy | undefined;
  const { paramKind } = policy?.spec ?? {};
  const parameters = paramKind
    ? parameterResource(access, paramKind)
    : { group: "*", version: "*", resource: "*" };
  const { group, version, resource } = parameters;
  const verb = paramRef.name ? "get" : "list";
  const { name = "", namespace = "" } = paramRef;
  if (await access.isAllowed(user, { verb, group, version, resource, namespace, name })) return [];
  const lacks = `does not have "${verb}" permission for all groups, versions and resources`;
  const who = `user ${goUserText(user)}`;
  const least = `to determine minimum required permissions and ${who} ${lacks}`;
  if (!policy) return [forbidden(refPath, `unable to get policy ${policyName} ${least}`)];
  if (paramKind && "unknown" in parameters) {
    const shown = `&{${paramKind.apiVersion ?? ""} ${paramKind.kind ?? ""}}`;
    return [forbidden(refPath, `unable to ${parameters.unknown} paramKind ${shown} ${least}`)];
  }
  // For mutating policies, upstream has verb and user in each other's place.
  const [subject, permission] =
    policies === "mutatingadmissionpolicies" ? [verb, goUserText(user)] : [goUserText(user), verb];
  const detail = `user ${subject} does not have "${permission}" permission on the object referenced by paramRef`;
  return [forbidden(refPath, detail)];
}

function isSameReference(spec: PolicyBinding["spec"], old: PolicyBinding["spec"] | undefined): boolean {
  if (!old?.paramRef || old.policyName !== spec.policyName) return false;
  return semanticEqual(old.paramRef, spec.paramRef);
}
