/** Source: pkg/apis/core/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLegacyIp } from "../ip.ts";
import { checkDns1123Label, checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateEndpointIp } from "./endpoint-ip.ts";
import { validatePortNumber, validateProtocol } from "./protocols.ts";

type Endpoints = ObjectOf<"io.k8s.api.core.v1.Endpoints">;
type Subset = NonNullable<Endpoints["subsets"]>[number];
type Address = NonNullable<Subset["addresses"]>[number];
type Port = NonNullable<Subset["ports"]>[number];

/** ValidateEndpointsCreate. */
export function validateEndpoints(endpoints: Endpoints, gates: FeatureGates): FieldError[] {
  return validateAny(endpoints, undefined, gates);
}

/** ValidateEndpointsUpdate. */
export function validateEndpointsUpdate(
  endpoints: Endpoints,
  old: Endpoints,
  gates: FeatureGates,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(endpoints.metadata, old.metadata),
    ...validateAny(endpoints, old, gates),
  ];
}

function validateAny(endpoints: Endpoints, old: Endpoints | undefined, gates: FeatureGates): FieldError[] {
  const strict = gates.enabled("StrictIPCIDRValidation");
  const errors = validateObjectMeta(endpoints.metadata, true, nameIsDnsSubdomain);
  const inSubsets = (endpoints.subsets ?? []).flatMap((subset, index) =>
    validateSubset(subset, strict, FieldPath.of("subsets").index(index)),
  );
  // Older servers took subsets that are wrong today: as long as nobody touches them, they stay.
  if (inSubsets.length > 0 && old && semanticEqual(old.subsets, endpoints.subsets)) return errors;
  return [...errors, ...inSubsets];
}

function validateSubset(subset: Subset, strict: boolean, path: FieldPath): FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const errors: FieldError[] = [];
  if (addresses.length === 0 && notReadyAddresses.length === 0) {
    errors.push(required(path, "must specify `addresses` or `notReadyAddresses`"));
  }
  addresses.forEach((address, index) => {
    errors.push(...validateAddress(address, strict, path.child("addresses").index(index)));
  });
  notReadyAddresses.forEach((address, index) => {
    errors.push(...validateAddress(address, strict, path.child("notReadyAddresses").index(index)));
  });
  ports.forEach((port, index) => {
    errors.push(...validatePort(port, ports.length > 1, path.child("ports").index(index)));
  });
  return errors;
}

function validateAddress(
  { ip, hostname, nodeName }: Address,
  strict: boolean,
  path: FieldPath,
): FieldError[] {
  const errors = validateLegacyIp(path.child("ip"), ip ?? "", { strict });
  if (hostname) errors.push(...invalidText(path.child("hostname"), hostname, checkDns1123Label(hostname)));
  if (nodeName !== undefined) {
    errors.push(...invalidText(path.child("nodeName"), nodeName, nameIsDnsSubdomain(nodeName, false)));
  }
  return [...errors, ...validateEndpointIp(ip ?? "", path.child("ip"))];
}

function validatePort({ name, port, protocol, appProtocol }: Port, requireName: boolean, path: FieldPath) {
  const errors: FieldError[] = [];
  if (name) errors.push(...invalidText(path.child("name"), name, checkDns1123Label(name)));
  else if (requireName) errors.push(required(path.child("name")));
  errors.push(...validatePortNumber(port, path.child("port")));
  errors.push(...validateProtocol(protocol, path.child("protocol")));
  if (appProtocol !== undefined) {
    errors.push(...invalidText(path.child("appProtocol"), appProtocol, checkQualifiedName(appProtocol)));
  }
  return errors;
}
