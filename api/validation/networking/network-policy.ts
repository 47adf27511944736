/** Source: pkg/apis/networking/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { cidrContains, parseCidr } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLegacyCidr } from "../ip.ts";
import { type LabelSelectorOptions, validateLabelSelector } from "../labels.ts";
import { checkPortName, checkPortNumber, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type NetworkPolicy = ObjectOf<"io.k8s.api.networking.v1.NetworkPolicy">;
type Rule = { ports?: Port[]; peers: Peer[] };
type Port = NonNullable<NonNullable<NonNullable<NetworkPolicy["spec"]>["ingress"]>[number]["ports"]>[number];
type Peer = NonNullable<NonNullable<NonNullable<NetworkPolicy["spec"]>["ingress"]>[number]["from"]>[number];
type IpBlock = NonNullable<Peer["ipBlock"]>;

interface Options extends LabelSelectorOptions {
  strict: boolean;
  validOld?: readonly string[];
}

const specPath = FieldPath.of("spec");

/** ValidateNetworkPolicy. */
export function validateNetworkPolicy(policy: NetworkPolicy, gates: FeatureGates): FieldError[] {
  const options = { strict: gates.enabled("StrictIPCIDRValidation") };
  return [...validateObjectMeta(policy.metadata, true, nameIsDnsSubdomain), ...validateSpec(policy, options)];
}

/** ValidateNetworkPolicyUpdate: blocks that the old policy names are taken as they are. */
export function validateNetworkPolicyUpdate(
  policy: NetworkPolicy,
  old: NetworkPolicy,
  gates: FeatureGates,
): FieldError[] {
  const options = {
    strict: gates.enabled("StrictIPCIDRValidation"),
    validOld: networkPolicyBlocks(old).flatMap(({ block }) => [block.cidr, ...(block.except ?? [])]),
    allowInvalidLabelValue: validateLabelSelector(old.spec?.podSelector, {}, specPath).length > 0,
  };
  return [...validateObjectMetaUpdate(policy.metadata, old.metadata), ...validateSpec(policy, options)];
}

/** Every ipBlock of a policy with its place. */
export function networkPolicyBlocks({ spec }: NetworkPolicy): { block: IpBlock; path: FieldPath }[] {
  const blocks = (rules: Rule[], direction: string, peers: string) =>
    rules.flatMap((rule, i) =>
      rule.peers.flatMap(({ ipBlock }, j) => {
        const path = specPath.child(direction).index(i).child(peers).index(j).child("ipBlock");
        return ipBlock ? [{ block: ipBlock, path }] : [];
      }),
    );
  const ingress = (spec?.ingress ?? []).map(({ from = [] }) => ({ peers: from }));
  const egress = (spec?.egress ?? []).map(({ to = [] }) => ({ peers: to }));
  return [...blocks(ingress, "ingress", "from"), ...blocks(egress, "egress", "to")];
}

function validateSpec({ spec }: NetworkPolicy, options: Options): FieldError[] {
  const errors = validateLabelSelector(spec?.podSelector, options, specPath.child("podSelector"));
  spec?.ingress?.forEach(({ ports, from = [] }, index) => {
    errors.push(
      ...validateRule({ ports, peers: from }, "from", options, specPath.child("ingress").index(index)),
    );
  });
  spec?.egress?.forEach(({ ports, to = [] }, index) => {
    errors.push(...validateRule({ ports, peers: to }, "to", options, specPath.child("egress").index(index)));
  });
  const types = spec?.policyTypes ?? [];
  const path = specPath.child("policyTypes");
  if (types.length > 2) return [...errors, invalid(path, types, "may not specify more than two policyTypes")];
  types.forEach((type, index) => {
    if (type === "Ingress" || type === "Egress") return;
    errors.push(notSupported(path.index(index), type, ["Ingress", "Egress"]));
  });
  return errors;
}

function validateRule({ ports = [], peers }: Rule, peersField: string, options: Options, path: FieldPath) {
  return [
    ...ports.flatMap((port, index) => validatePort(port, path.child("ports").index(index))),
    ...peers.flatMap((peer, index) => validatePeer(peer, options, path.child(peersField).index(index))),
  ];
}

const protocols = ["TCP", "UDP", "SCTP"];

/** ValidateNetworkPolicyPort. */
function validatePort({ protocol, port, endPort }: Port, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol)) {
    errors.push(notSupported(path.child("protocol"), protocol, protocols));
  }
  const endPath = path.child("endPort");
  if (port === undefined) {
    if (endPort !== undefined) {
      errors.push(invalid(endPath, endPort, "may not be specified when `port` is not specified"));
    }
  } else if (typeof port === "string") {
    if (endPort !== undefined) {
      errors.push(invalid(endPath, endPort, "may not be specified when `port` is non-numeric"));
    }
    errors.push(...invalidText(path.child("port"), port, checkPortName(port)));
  } else {
    for (const problem of checkPortNumber(port)) errors.push(invalid(path.child("port"), port, problem));
    if (endPort === undefined) return errors;
    if (endPort < port) errors.push(invalid(endPath, port, "must be greater than or equal to `port`"));
    for (const problem of checkPortNumber(endPort)) errors.push(invalid(endPath, endPort, problem));
  }
  return errors;
}

/** ValidateNetworkPolicyPeer. */
function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, options: Options, path: FieldPath) {
  const errors = validateLabelSelector(podSelector, options, path.child("podSelector"));
  errors.push(...validateLabelSelector(namespaceSelector, options, path.child("namespaceSelector")));
  if (ipBlock) errors.push(...validateIpBlock(ipBlock, options, path.child("ipBlock")));
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(path, "must specify a peer"));
  if (ipBlock && (podSelector || namespaceSelector)) {
    errors.push(forbidden(path, "may not specify both ipBlock and another peer"));
  }
  return errors;
}

/** ValidateIPBlock. */
function validateIpBlock({ cidr, except = [] }: IpBlock, options: Options, path: FieldPath): FieldError[] {
  if (!cidr) return [required(path.child("cidr"))];
  const errors = validateLegacyCidr(path.child("cidr"), cidr, options);
  const outer = parseCidr(cidr);
  if (!outer) return errors;
  except.forEach((text, index) => {
    const at = path.child("except").index(index);
    errors.push(...validateLegacyCidr(at, text, options));
    const inner = parseCidr(text);
    if (inner && (!cidrContains(outer, inner.network) || outer.bits >= inner.bits)) {
      errors.push(invalid(at, text, "must be a strict subset of `cidr`"));
    }
  });
  return errors;
}
