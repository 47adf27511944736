/** Who may ask for devices as an administrator, and who may change what in a claim's status. Source: pkg/registry/resource/utils.go. */
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { StatusError } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { type FieldError, FieldPath, forbidden, internalError } from "../../../api/validation/field.ts";
import { checkDns1123Subdomain } from "../../../api/validation/names.ts";
import { deviceKey } from "../../../api/validation/resource/resource-claim-status.ts";
import type { Access } from "../access.ts";
import type { WriteContext } from "../strategy.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;
type Requests = Schemas["io.k8s.api.resource.v1.DeviceClaim"]["requests"];

const group = "resource.k8s.io";
const resource = "resourceclaims";
const adminLabel = "resource.kubernetes.io/admin-access";
const nodeNameKey = "authentication.kubernetes.io/node-name";

/** AuthorizedForAdmin. */
export async function validateAdminRequest(
  access: Access | undefined,
  requests: Requests,
  namespace: string,
): Promise<FieldError[]> {
  const index = (requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess);
  if (index < 0) return [];
  const path = FieldPath.of("spec", "devices", "requests").index(index).child("adminAccess");
  return validateAdminNamespace(access, namespace, path);
}

async function validateAdminNamespace(
  access: Access | undefined,
  namespace: string,
  path: FieldPath,
): Promise<FieldError[]> {
  try {
    if (!access || (await access.namespaceLabels(namespace))[adminLabel] === "true") return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const detail = `could not retrieve namespace to verify admin access: ${error.message}`;
    return [internalError(path, detail)];
  }
  const detail = `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`;
  return [forbidden(path, detail)];
}

/** What the strategy for the status asks before it validates. */
export async function validateClaimStatusAccess(
  access: Access | undefined,
  claim: Claim,
  old: Claim,
  context: WriteContext,
): Promise<FieldError[]> {
  const errors = await validateAdminStatus(access, claim, old);
  if (!access || !context.gates.enabled("DRAResourceClaimGranularStatusAuthorization")) return errors;
  errors.push(...(await validateBinding(access, claim, old, context)));
  if (context.gates.enabled("DRAResourceClaimDeviceStatus") && claim.status.allocation) {
    errors.push(...(await validateDevices(access, claim, old, context)));
  }
  return errors;
}

const adminResult = ({ status }: Claim): number =>
  (status.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess);

async function validateAdminStatus(
  access: Access | undefined,
  claim: Claim,
  old: Claim,
): Promise<FieldError[]> {
  const index = adminResult(claim);
  if (index < 0 || adminResult(old) >= 0) return [];
  const results = FieldPath.of("status", "allocation", "devices", "results");
  const path = results.index(index).child("adminAccess");
  return validateAdminNamespace(access, claim.metadata.namespace ?? "", path);
}

async function validateBinding(
  access: Access,
  { status }: Claim,
  old: Claim,
  { user, requestVersion: version, requestVerb: verb = "update" }: WriteContext,
): Promise<FieldError[]> {
  const { allocation, reservedFor } = old.status;
  if (semanticEqual(status.allocation, allocation) && semanticEqual(status.reservedFor, reservedFor)) {
    return [];
  }
  const question = { verb, group, version, resource, subresource: "binding", namespace: "", name: "" };
  const refusal = await access.refusal(user, question);
  if (refusal === undefined) return [];
  const detail = `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${verb}" permission: ${refusal}`;
  return [forbidden(FieldPath.of("status", "allocation"), detail)];
}

async function validateDevices(
  access: Access,
  claim: Claim,
  old: Claim,
  context: WriteContext,
): Promise<FieldError[]> {
  const { user, namespace, requestVersion: version, requestVerb = "update" } = context;
  const verbs = isOnAllocatedNode(user, claim)
    ? [`associated-node:${requestVerb}`, `arbitrary-node:${requestVerb}`]
    : [`arbitrary-node:${requestVerb}`];
  const errors: FieldError[] = [];
  for (const name of modifiedDrivers(claim, old)) {
    const refusals: string[] = [];
    for (const verb of verbs) {
      const question = { verb, group, version, resource, subresource: "driver", namespace, name };
      const refusal = await access.refusal(user, question);
      if (refusal === undefined) break;
      refusals.push(refusal);
    }
    if (refusals.length < verbs.length) continue;
    const detail = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(" ")}]" permission: ${refusals[0]}`;
    errors.push(forbidden(FieldPath.of("status", "devices"), detail));
  }
  return errors;
}

/** Drivers whose devices' statuses differ. */
function modifiedDrivers({ status }: Claim, old: Claim): string[] {
  const before = new Map((old.status.devices ?? []).map((device) => [deviceKey(device), device]));
  const drivers = new Set<string>();
  for (const device of status.devices ?? []) {
    const key = deviceKey(device);
    if (!semanticEqual(before.get(key), device)) drivers.add(device.driver);
    before.delete(key);
  }
  for (const { driver } of before.values()) drivers.add(driver);
  return [...drivers].sort();
}

/** A service account whose token belongs to the one node for which the claim is allocated. */
function isOnAllocatedNode({ name, extra }: WriteContext["user"], { status }: Claim): boolean {
  const terms = status.allocation?.nodeSelector?.nodeSelectorTerms ?? [];
  const [field, ...otherFields] = terms[0]?.matchFields ?? [];
  const byExpression = (terms[0]?.matchExpressions ?? []).length > 0;
  if (terms.length !== 1 || byExpression || !field || otherFields.length > 0) return false;
  if (field.key !== "metadata.name" || field.operator !== "In" || field.values?.length !== 1) return false;
  if (!/^system:serviceaccount:[^:]+:[^:]+$/.test(name)) return false;
  const nodes = extra?.[nodeNameKey] ?? [];
  if (nodes.length !== 1 || checkDns1123Subdomain(nodes[0]!).length > 0) return false;
  return nodes[0] === field.values[0];
}
