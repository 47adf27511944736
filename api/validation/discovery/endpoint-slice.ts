/** Source: pkg/apis/discovery/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { isIpv4, parseIp } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateEndpointIp } from "../core/endpoint-ip.ts";
import { portProtocols, validateProtocol } from "../core/protocols.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  internalError,
  invalid,
  notSupported,
  required,
  tooMany,
} from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateIp, validateLegacyIp } from "../ip.ts";
import { validateLabels } from "../labels.ts";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelValue,
  checkQualifiedName,
  type NameCheck,
  nameIsDnsSubdomain,
} from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type EndpointSlice = ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">;
type Endpoint = NonNullable<EndpointSlice["endpoints"]>[number];
type Port = NonNullable<EndpointSlice["ports"]>[number];
type Hints = NonNullable<Endpoint["hints"]>;

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const addressTypePath = FieldPath.of("addressType");
const maxTopologyLabels = 16;
const maxAddresses = 100;
const maxPorts = 20000;
const maxEndpoints = 1000;
const maxHints = 8;
const zoneLabel = "topology.kubernetes.io/zone";

/** ValidateEndpointSliceCreate. */
export function validateEndpointSlice(slice: EndpointSlice, gates: FeatureGates): FieldError[] {
  return validateAny(slice, undefined, gates);
}

/** ValidateEndpointSliceUpdate. */
export function validateEndpointSliceUpdate(
  slice: EndpointSlice,
  old: EndpointSlice,
  gates: FeatureGates,
): FieldError[] {
  return [
    ...validateAny(slice, old, gates),
    ...validateImmutable(slice.addressType ?? "", old.addressType ?? "", addressTypePath),
  ];
}

function validateAny(
  slice: EndpointSlice,
  old: EndpointSlice | undefined,
  gates: FeatureGates,
): FieldError[] {
  const errors = validateObjectMeta(slice.metadata, true, nameIsDnsSubdomain);
  const type: string = slice.addressType ?? "";
  if (type === "") errors.push(required(addressTypePath));
  else if (!addressTypes.includes(type)) errors.push(notSupported(addressTypePath, type, addressTypes));
  errors.push(...validatePorts(slice.ports ?? [], FieldPath.of("ports")));
  const strict = gates.enabled("StrictIPCIDRValidation");
  const inEndpoints = validateEndpoints(slice.endpoints ?? [], type, strict, FieldPath.of("endpoints"));
  // Older servers took endpoints that are wrong today: as long as nobody touches them, they stay.
  if (inEndpoints.length > 0 && old && semanticEqual(old.endpoints, slice.endpoints)) return errors;
  return [...errors, ...inEndpoints];
}

function validatePorts(ports: readonly Port[], path: FieldPath): FieldError[] {
  if (ports.length > maxPorts) return [tooMany(path, ports.length, maxPorts)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  ports.forEach(({ name = "", protocol, appProtocol }, index) => {
    const at = path.index(index);
    if (name !== "") errors.push(...invalidText(at.child("name"), name, checkDns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    names.add(name);
    errors.push(...validateOptionalProtocol(protocol, at.child("protocol")));
    if (appProtocol !== undefined) {
      errors.push(...invalidText(at.child("appProtocol"), appProtocol, checkQualifiedName(appProtocol)));
    }
  });
  return errors;
}

/** Unlike elsewhere an empty protocol is there, and wrong. */
function validateOptionalProtocol(protocol: string | undefined, path: FieldPath): FieldError[] {
  return protocol === "" ? [notSupported(path, protocol, portProtocols)] : validateProtocol(protocol, path);
}

function validateEndpoints(endpoints: readonly Endpoint[], type: string, strict: boolean, path: FieldPath) {
  if (endpoints.length > maxEndpoints) return [tooMany(path, endpoints.length, maxEndpoints)];
  return endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, type, strict, path.index(index)));
}

function validateEndpoint(endpoint: Endpoint, type: string, strict: boolean, path: FieldPath): FieldError[] {
  const { nodeName, deprecatedTopology = {}, hostname, hints } = endpoint;
  const errors: FieldError[] = [];
  const addresses = endpoint.addresses ?? [];
  const addressesPath = path.child("addresses");
  if (addresses.length === 0) errors.push(required(addressesPath, "must contain at least 1 address"));
  if (addresses.length > maxAddresses) errors.push(tooMany(addressesPath, addresses.length, maxAddresses));
  addresses.forEach((address, index) => {
    errors.push(...validateAddress(address, type, strict, addressesPath, index));
  });
  if (nodeName !== undefined) {
    errors.push(...invalidText(path.child("nodeName"), nodeName, nameIsDnsSubdomain(nodeName, false)));
  }
  const topologyPath = path.child("deprecatedTopology");
  const labels = Object.keys(deprecatedTopology).length;
  if (labels > maxTopologyLabels) errors.push(tooMany(topologyPath, labels, maxTopologyLabels));
  errors.push(...validateLabels(deprecatedTopology, topologyPath));
  if (Object.hasOwn(deprecatedTopology, zoneLabel)) {
    errors.push(internalError(topologyPath.key(zoneLabel), "reserved key was not removed in conversion"));
  }
  if (hostname !== undefined) {
    errors.push(...invalidText(path.child("hostname"), hostname, checkDns1123Label(hostname)));
  }
  if (hints) errors.push(...validateHints(hints, path.child("hints")));
  return errors;
}

/** Addresses of a type that this server does not know are not looked at. */
function validateAddress(address: string, type: string, strict: boolean, path: FieldPath, index: number) {
  const at = path.index(index);
  if (type === "FQDN") return validateFqdn(address, at);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const malformed = type === "IPv4" ? validateLegacyIp(at, address, { strict }) : validateIp(at, address);
  if (malformed.length > 0) return malformed;
  const v4 = isIpv4(parseIp(address)!.bytes);
  const errors = v4 === (type === "IPv4") ? [] : [invalid(path, address, `must be an ${type} address`)];
  return [...errors, ...validateEndpointIp(address, at)];
}

/** IsFullyQualifiedDomainName of k8s.io/apimachinery/pkg/util/validation. */
function validateFqdn(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [required(path)];
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  const problems = checkDns1123Subdomain(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) {
    return [invalid(path, name, "should be a domain with at least two segments separated by dots")];
  }
  const wrong = labels.find((label) => checkDns1123Label(label).length > 0);
  return wrong === undefined ? [] : [invalid(path, wrong, checkDns1123Label(wrong).join(","))];
}

function validateHints({ forZones = [], forNodes = [] }: Hints, path: FieldPath): FieldError[] {
  const zones = path.child("forZones");
  if (forZones.length > maxHints) return [tooMany(zones, forZones.length, maxHints)];
  const errors = validateHintNames(forZones, checkLabelValue, zones);
  const nodes = path.child("forNodes");
  if (forNodes.length > maxHints) return [...errors, tooMany(nodes, forNodes.length, maxHints)];
  return [...errors, ...validateHintNames(forNodes, (name) => nameIsDnsSubdomain(name, false), nodes)];
}

function validateHintNames(
  hints: readonly { name?: string }[],
  check: NameCheck,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return hints.flatMap(({ name = "" }, index) => {
    const at = path.index(index).child("name");
    const repeated = seen.has(name) ? [duplicate(at, name)] : [];
    seen.add(name);
    return [...repeated, ...invalidText(at, name, check(name))];
  });
}
