import type { KubeObject } from "../../api/object.ts";
import type { ObjectOf } from "../../api/object-of.ts";
import { type CertificateRequest, parsePemCertificateRequest } from "../../api/x509/certificate-request.ts";

export type SigningRequest = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest"> & KubeObject;
export type SigningCondition = NonNullable<NonNullable<SigningRequest["status"]>["conditions"]>[number];

export const signingRequestsResource = {
  group: "certificates.k8s.io",
  version: "v1",
  resource: "certificatesigningrequests",
} as const;

export const signers = {
  client: "kubernetes.io/kube-apiserver-client",
  kubeletClient: "kubernetes.io/kube-apiserver-client-kubelet",
  kubeletServing: "kubernetes.io/kubelet-serving",
  legacyUnknown: "kubernetes.io/legacy-unknown",
} as const;

/** @throws CertificateRequestError */
export const parseRequest = ({ spec }: SigningRequest): CertificateRequest =>
  parsePemCertificateRequest(Buffer.from(spec.request, "base64").toString("latin1"));

export const hasCondition = ({ status }: SigningRequest, ...types: string[]): boolean =>
  (status?.conditions ?? []).some(({ type, status: is }) => types.includes(type) && is !== "False");

export const withCondition = (request: SigningRequest, condition: SigningCondition): SigningRequest => ({
  ...request,
  status: { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] },
});

/** What is wrong with a request for a kubelet's client certificate. Source: ValidateKubeletClientCSR. */
export function kubeletClientProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { organizations, commonName, dnsNames, emailAddresses, ipAddresses, uris } = request;
  if (!isNodes(organizations)) return "subject organization is not system:nodes";
  if (dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (ipAddresses.length > 0) return "IP subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  return nodeNameProblem(commonName) ?? usagesProblem(usages, "client auth");
}

/** What is wrong with a request for a kubelet's server certificate. Source: ValidateKubeletServingCSR. */
export function kubeletServingProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { organizations, commonName, dnsNames, emailAddresses, ipAddresses, uris } = request;
  if (!isNodes(organizations)) return "subject organization is not system:nodes";
  if (dnsNames.length === 0 && ipAddresses.length === 0) return "DNS or IP subjectAltName is required";
  if (emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesProblem(usages, "server auth") ?? nodeNameProblem(commonName);
}

const isNodes = (organizations: readonly string[]): boolean =>
  organizations.length === 1 && organizations[0] === "system:nodes";

const nodeNameProblem = (commonName: string): string | undefined =>
  commonName.startsWith("system:node:") ? undefined : "subject common name does not begin with system:node:";

/** Keys that are not RSA have nothing to encipher. */
function usagesProblem(usages: readonly string[], auth: string): string | undefined {
  const required = [auth, "digital signature", "key encipherment"].sort();
  const given = new Set(usages);
  const isRight = required.every((usage) => given.has(usage) || usage === "key encipherment");
  return isRight && [...given].every((usage) => required.includes(usage))
    ? undefined
    : `usages did not match [${required.join(" ")}]`;
}
