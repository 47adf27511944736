import type { ObjectOf } from "../object-of.ts";
import { docsOf, labelsText, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age, humanDuration } from "./human-duration.ts";

type SigningRequest = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;

const doc = docsOf("certificates.v1");

// Upstream takes these from v1beta1, which is not served for this kind any more.
const signerDescription = `Requested signer for the request. It is a qualified name in the form: \`scope-hostname.io/name\`. If empty, it will be defaulted:
 1. If it's a kubelet client certificate, it is assigned
    "kubernetes.io/kube-apiserver-client-kubelet".
 2. If it's a kubelet serving certificate, it is assigned
    "kubernetes.io/kubelet-serving".
 3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".
Distribution of trust for signers happens out of band. You can select on this field using \`spec.signerName\`.`;

const betaDoc = docsOf("certificates.v1beta1");

const signingRequest = defineTable<SigningRequest>({
  columns: [
    nameColumn,
    ageColumn,
    text("SignerName", signerDescription),
    text("Requestor", "Base64-encoded PKCS#10 CSR data"),
    text("RequestedDuration", doc("CertificateSigningRequestSpec", "expirationSeconds")),
    text("Condition", "Conditions applied to the request, such as approval or denial."),
  ],
  row(object, { now }) {
    const { metadata, spec } = object;
    const { signerName, username, expirationSeconds } = spec;
    return [
      metadata.name ?? "",
      age(metadata.creationTimestamp, now),
      signerName || "<none>",
      username ?? "",
      expirationSeconds === undefined ? "<none>" : humanDuration(expirationSeconds * 1000),
      requestStatus(object),
    ];
  },
});

/** extractCSRStatus. */
function requestStatus({ status }: SigningRequest): string {
  const has = (type: string) => (status.conditions ?? []).some((condition) => condition.type === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return decision + (has("Failed") ? ",Failed" : "") + (status.certificate ? ",Issued" : "");
}

const trustBundle = defineTable<ObjectOf<"io.k8s.api.certificates.v1beta1.ClusterTrustBundle">>({
  columns: [nameColumn, text("SignerName", betaDoc("ClusterTrustBundleSpec", "signerName"))],
  row({ metadata, spec }) {
    return [metadata.name ?? "", spec.signerName || "<none>"];
  },
});

const podRequest = defineTable<ObjectOf<"io.k8s.api.certificates.v1beta1.PodCertificateRequest">>({
  columns: [
    nameColumn,
    text("PodName", betaDoc("PodCertificateRequestSpec", "podName")),
    text("ServiceAccountName", betaDoc("PodCertificateRequestSpec", "serviceAccountName")),
    text("NodeName", betaDoc("PodCertificateRequestSpec", "nodeName")),
    text("SignerName", betaDoc("PodCertificateRequestSpec", "signerName")),
    text("State", "Is the request Pending, Issued, Denied, or Failed?"),
    text("UnverifiedUserAnnotations", betaDoc("PodCertificateRequestSpec", "unverifiedUserAnnotations")),
  ],
  row({ metadata, spec, status }) {
    const final = ["Issued", "Denied", "Failed"];
    const state = (status.conditions ?? []).findLast(({ type }) => final.includes(type))?.type;
    return [
      metadata.name ?? "",
      spec.podName,
      spec.serviceAccountName,
      spec.nodeName,
      spec.signerName,
      state ?? "Pending",
      labelsText(spec.unverifiedUserAnnotations),
    ];
  },
});

export const certificatesTables: TablesByKind = {
  CertificateSigningRequest: signingRequest,
  ClusterTrustBundle: trustBundle,
  PodCertificateRequest: podRequest,
};
