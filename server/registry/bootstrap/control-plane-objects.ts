/** The objects, other than policy, that a bare kube-apiserver makes for itself. */
import { createHash, X509Certificate } from "node:crypto";
import { isIPv6 } from "node:net";
import { jsonEqual } from "../../../api/json-equal.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { BootstrapObject, Reconciliation } from "./reconcile.ts";
import { keepExisting, serverFieldManager } from "./reconcile.ts";

const created = <T extends KubeObject>(
  object: T,
  reconcile: (existing: T) => Reconciliation<T> = keepExisting,
): BootstrapObject<T> => ({ object, fieldManager: serverFieldManager, reconcile });

/** Source: pkg/controlplane/apiserver/options/options.go (SystemNamespaces), instance.go (kube-node-lease). */
export function bootstrapNamespaces(): BootstrapObject[] {
  return ["kube-system", "kube-public", "default", "kube-node-lease"].map((name) =>
    created({ kind: "Namespace", apiVersion: "v1", metadata: { name } }),
  );
}

/** Source: pkg/apis/scheduling/v1/helpers.go. */
export function bootstrapPriorityClasses(): BootstrapObject[] {
  const rows = [
    [
      "system-node-critical",
      2000001000,
      "Used for system critical pods that must not be moved from their current node.",
    ],
    [
      "system-cluster-critical",
      2000000000,
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ],
  ] as const;
  return rows.map(([name, value, description]) => {
    const object = {
      kind: "PriorityClass",
      apiVersion: "scheduling.k8s.io/v1",
      metadata: { name },
      value,
      description,
    };
    return created<KubeObject>(object);
  });
}

interface ServiceCidrObject extends KubeObject {
  spec: { cidrs: string[] };
}

/** Source: pkg/controlplane/controller/defaultservicecidr. */
export function bootstrapServiceCidr(
  cidrs: readonly string[],
  now: string,
): BootstrapObject<ServiceCidrObject> {
  const object: ServiceCidrObject = {
    kind: "ServiceCIDR",
    apiVersion: "networking.k8s.io/v1",
    metadata: { name: "kubernetes" },
    spec: { cidrs: [...cidrs] },
  };
  const condition = {
    type: "Ready",
    status: "True",
    lastTransitionTime: now,
    message: "Kubernetes default Service CIDR is ready",
  };
  return {
    ...created(object, (existing) => {
      const own = existing.spec.cidrs;
      // Only the step from one family to two is taken; anything else is the administrator's.
      if (cidrs.length !== 2 || own.length !== 1 || own[0] !== cidrs[0]) return { action: "none" };
      return { action: "update", object: { ...existing, spec: { ...existing.spec, cidrs: [...cidrs] } } };
    }),
    status: {
      value: { conditions: [condition] },
      fieldManager: "kubernetes-service-cidr-controller",
      operation: "Apply",
    },
  };
}

export interface KubernetesServiceConfig {
  /** The first address of the service range. */
  serviceIp: string;
  servicePort?: number;
  /** Where clients in the cluster reach this server. */
  advertiseAddress: string;
  securePort: number;
}

interface EndpointsObject extends KubeObject {
  subsets?: { addresses?: { ip: string }[]; ports?: { name?: string; port: number; protocol?: string }[] }[];
}

interface EndpointSliceObject extends KubeObject {
  addressType: string;
  endpoints: unknown[];
  ports: unknown[];
}

/**
 * Service, Endpoints and EndpointSlice default/kubernetes.
 * Sources: pkg/controlplane/controller/kubernetesservice, pkg/controlplane/reconcilers (one server's lease).
 */
export function bootstrapKubernetesService(config: KubernetesServiceConfig): BootstrapObject[] {
  const { serviceIp, servicePort = 443, advertiseAddress, securePort } = config;
  const metadata = { name: "kubernetes", namespace: "default" };
  const port = { name: "https", port: securePort, protocol: "TCP" };
  const service: KubeObject & { spec: unknown } = {
    kind: "Service",
    apiVersion: "v1",
    metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      ports: [{ name: "https", protocol: "TCP", port: servicePort, targetPort: securePort }],
      clusterIP: serviceIp,
      type: "ClusterIP",
      sessionAffinity: "None",
      ipFamilyPolicy: "SingleStack",
    },
  };
  const endpoints: EndpointsObject = {
    kind: "Endpoints",
    apiVersion: "v1",
    metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: advertiseAddress }], ports: [port] }],
  };
  const slice: EndpointSliceObject = {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata: { ...metadata, labels: { "kubernetes.io/service-name": "kubernetes" } },
    addressType: isIPv6(advertiseAddress) ? "IPv6" : "IPv4",
    endpoints: [{ addresses: [advertiseAddress], conditions: { ready: true } }],
    ports: [port],
  };
  const makeEndpoints = created(endpoints, (existing) => reconcileEndpoints(existing, endpoints));
  const makeSlice = created(slice, (existing) => reconcileSlice(existing, slice));
  return [created(service), makeEndpoints as BootstrapObject, makeSlice as BootstrapObject];
}

function reconcileEndpoints(
  existing: EndpointsObject,
  expected: EndpointsObject,
): Reconciliation<EndpointsObject> {
  const labels = { ...existing.metadata.labels, ...expected.metadata.labels };
  const object = { ...existing, metadata: { ...existing.metadata, labels }, subsets: expected.subsets };
  return jsonEqual(object, existing) ? { action: "none" } : { action: "update", object };
}

function reconcileSlice(
  existing: EndpointSliceObject,
  expected: EndpointSliceObject,
): Reconciliation<EndpointSliceObject> {
  // The address type is immutable.
  if (existing.addressType !== expected.addressType) return { action: "recreate", object: expected };
  const same =
    jsonEqual(existing.endpoints, expected.endpoints) &&
    jsonEqual(existing.ports, expected.ports) &&
    jsonEqual(existing.metadata.labels, expected.metadata.labels);
  return same ? { action: "none" } : { action: "update", object: expected };
}

/** "apiserver-" and a hash of the host name. Source: k8s.io/apiserver/pkg/server/config.go. */
export function apiServerId(hostname: string): string {
  const lengthPrefixed = (text: string) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const data = Buffer.concat([lengthPrefixed(hostname), lengthPrefixed("kube-apiserver")]);
  const hash = createHash("sha256").update(data).digest().subarray(0, 16);
  return `apiserver-${base32(hash)}`;
}

/** RFC 4648 in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  let out = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(value >>> bits) & 31];
    }
  }
  return bits > 0 ? out + alphabet[(value << (5 - bits)) & 31] : out;
}

export const identityLeaseSeconds = 3600;
export const identityLeaseRenewalSeconds = 10;

/**
 * The lease by which servers know each other: made anew at every start, renewed every ten seconds, deleted at the end.
 * Source: pkg/controlplane/apiserver/server.go, k8s.io/component-helpers/apimachinery/lease.
 */
export function bootstrapIdentityLease(
  hostname: string,
  uuid: string,
  renewTime: string,
  peerAddress: string | undefined,
): BootstrapObject {
  const id = apiServerId(hostname);
  const object: KubeObject & { spec: unknown } = {
    kind: "Lease",
    apiVersion: "coordination.k8s.io/v1",
    metadata: {
      name: id,
      namespace: "kube-system",
      labels: { "apiserver.kubernetes.io/identity": "kube-apiserver", "kubernetes.io/hostname": hostname },
      ...(peerAddress ? { annotations: { "kubernetes.io/peer-advertise-address": peerAddress } } : {}),
    },
    spec: { holderIdentity: `${id}_${uuid}`, leaseDurationSeconds: identityLeaseSeconds, renewTime },
  };
  return created<KubeObject>(object, () => ({ action: "recreate", object }));
}

interface ConfigMapObject extends KubeObject {
  data?: Record<string, string>;
}

const legacyTokenDate = /^\d{4}-\d{2}-\d{2}$/;

/** Source: pkg/controlplane/controller/legacytokentracking. */
export function bootstrapTokenTracking(now: string): BootstrapObject<ConfigMapObject> {
  const data = { since: now.slice(0, 10) };
  const object: ConfigMapObject = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "kube-apiserver-legacy-service-account-token-tracking", namespace: "kube-system" },
    data,
  };
  return created(object, (existing) => {
    const since = existing.data?.["since"] ?? "";
    if (legacyTokenDate.test(since) && !Number.isNaN(Date.parse(since))) return { action: "none" };
    return { action: "update", object: { ...existing, data: { ...existing.data, ...data } } };
  });
}

/** How an extension API server may authenticate users whom this server sends on. PEM and header names. */
export interface AuthenticationTrust {
  clientCa?: string;
  requestHeader?: {
    ca: string;
    usernameHeaders: readonly string[];
    uidHeaders?: readonly string[];
    groupHeaders: readonly string[];
    extraHeaderPrefixes: readonly string[];
    allowedNames: readonly string[];
  };
}

/** Not made where there is nothing to say. Source: pkg/controlplane/controller/clusterauthenticationtrust. */
export function bootstrapAuthenticationTrust(
  trust: AuthenticationTrust,
  nowMilliseconds: number,
): BootstrapObject<ConfigMapObject>[] {
  const data = trustData(trust, {}, nowMilliseconds);
  if (Object.keys(data).length === 0) return [];
  const object: ConfigMapObject = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
    data,
  };
  const make = created(object, (existing) => {
    const data = trustData(trust, existing.data ?? {}, nowMilliseconds);
    if (jsonEqual(data, existing.data ?? {})) return { action: "none" };
    return { action: "update", object: { ...existing, data } };
  });
  return [make];
}

/** What is there already and what this server adds: several servers share the object. */
function trustData(
  trust: AuthenticationTrust,
  existing: Record<string, string>,
  now: number,
): Record<string, string> {
  const data: Record<string, string> = {};
  const clientCa = unionOfCertificates(existing["client-ca-file"], trust.clientCa, now);
  if (clientCa !== "") data["client-ca-file"] = clientCa;
  const header = trust.requestHeader;
  const headerCa = unionOfCertificates(existing["requestheader-client-ca-file"], header?.ca, now);
  if (headerCa === "") return data;
  const lists: [string, readonly string[] | undefined][] = [
    ["requestheader-username-headers", header?.usernameHeaders],
    ["requestheader-uid-headers", header?.uidHeaders],
    ["requestheader-group-headers", header?.groupHeaders],
    ["requestheader-extra-headers-prefix", header?.extraHeaderPrefixes],
    ["requestheader-allowed-names", header?.allowedNames],
  ];
  for (const [key, values = []] of lists) {
    const union = [...new Set([...storedList(existing[key]), ...values])];
    if (key !== "requestheader-uid-headers" || union.length > 0) data[key] = JSON.stringify(union);
  }
  data["requestheader-client-ca-file"] = headerCa;
  return data;
}

function storedList(text: string | undefined): string[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

const expiryGraceMilliseconds = 5 * 60 * 1000;

/** The certificates of both bundles, each once, without those that expired more than five minutes ago. */
function unionOfCertificates(a = "", b = "", now: number): string {
  const seen = new Set<string>();
  let out = "";
  for (const block of [...pemCertificates(a), ...pemCertificates(b)]) {
    const certificate = parseCertificate(block);
    if (!certificate || seen.has(certificate.fingerprint256)) continue;
    seen.add(certificate.fingerprint256);
    if (Date.parse(certificate.validTo) > now - expiryGraceMilliseconds) out += certificate.toString();
  }
  return out;
}

const pemBegin = "-----BEGIN CERTIFICATE-----";
const pemEnd = "-----END CERTIFICATE-----";

function pemCertificates(text: string): string[] {
  return text
    .split(pemBegin)
    .slice(1)
    .map((part) => `${pemBegin}${part.split(pemEnd, 1)[0]}${pemEnd}\n`);
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
