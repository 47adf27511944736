/** Who may do what with certificates. Sources: plugin/pkg/admission/certificates, pkg/certauthorization. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  CertificateRequestError,
  parsePemCertificateRequest,
} from "../../../api/x509/certificate-request.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;
type Bundle = ObjectOf<"io.k8s.api.certificates.v1beta1.ClusterTrustBundle">;

const requests = "certificatesigningrequests.certificates.k8s.io";
const clientSigner = "kubernetes.io/kube-apiserver-client";

/** Whoever approves requests must have the right to do so for their signer. */
export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const { signerName } = oldObjectOf<Request>(attributes).spec;
    if (await maySign(authorizer, attributes, "approve", signerName)) return;
    throw denied(attributes, `user not permitted to approve requests with signerName ${goQuote(signerName)}`);
  };
  return {
    name: "CertificateApproval",
    rules: [{ operations: ["UPDATE"], resources: [`${requests}/approval`], validate }],
  };
}

/** Whoever issues certificates must have the right to do so for their signer. */
export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const { status } = objectOf<Request>(attributes);
    const old = oldObjectOf<Request>(attributes);
    const isSame = (field: "certificate" | "conditions") =>
      semanticEqual(status?.[field], old.status?.[field]);
    if (isSame("certificate") && isSame("conditions")) return;
    const { signerName } = old.spec;
    if (await maySign(authorizer, attributes, "sign", signerName)) return;
    throw denied(attributes, `user not permitted to sign requests with signerName ${goQuote(signerName)}`);
  };
  return {
    name: "CertificateSigning",
    rules: [{ operations: ["UPDATE"], resources: [`${requests}/status`], validate }],
  };
}

/** Whoever says what a signer's roots are must have the right to do so. */
export function clusterTrustBundleAttest(authorizer: Authorizer, gates: FeatureGates): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const bundle = objectOf<Bundle>(attributes);
    const { signerName } = bundle.spec;
    if (!signerName) return;
    const { operation } = attributes;
    if (operation === "UPDATE" && changesOnlyOwnership(bundle, oldObjectOf<Bundle>(attributes))) return;
    if (await maySign(authorizer, attributes, "attest", signerName)) return;
    throw denied(attributes, `user not permitted to attest for signerName ${goQuote(signerName)}`);
  };
  const rule = {
    operations: ["CREATE", "UPDATE"],
    resources: ["clustertrustbundles.certificates.k8s.io"],
    validate,
  } as const;
  return { name: "ClusterTrustBundleAttest", rules: gates.enabled("ClusterTrustBundle") ? [rule] : [] };
}

/** Nobody becomes an administrator by a certificate that the cluster signs. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  rules: [{ operations: ["CREATE"], resources: [requests], validate: refuseMasters }],
};

function refuseMasters(attributes: AdmissionAttributes): void {
  const { signerName, request } = objectOf<Request>(attributes).spec;
  if (signerName !== clientSigner) return;
  if (!organizationsOf(attributes, request).includes("system:masters")) return;
  throw denied(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`);
}

function organizationsOf(attributes: AdmissionAttributes, request: string): readonly string[] {
  try {
    return parsePemCertificateRequest(Buffer.from(request, "base64").toString("latin1")).organizations;
  } catch (error) {
    if (!(error instanceof CertificateRequestError)) throw error;
    throw denied(attributes, `failed to parse CSR: ${error.message}`);
  }
}

/** Whether the user has the right for this signer, or for all of its domain. */
async function maySign(
  authorizer: Authorizer,
  { user }: AdmissionAttributes,
  verb: string,
  signerName: string,
): Promise<boolean> {
  const signers = {
    group: "certificates.k8s.io",
    version: "*",
    resource: "signers",
    subresource: "",
    namespace: "",
  };
  for (const name of [signerName, `${signerName.split("/", 1)[0]}/*`]) {
    const { allowed } = await authorizer.authorize({ user, verb, path: "", resource: { ...signers, name } });
    if (allowed) return true;
  }
  return false;
}

/** Whether an update is one of the garbage collector or a migration. Source: IsOnlyMutatingGCFields. */
function changesOnlyOwnership(object: Bundle, old: Bundle): boolean {
  const { ownerReferences, finalizers, managedFields } = old.metadata;
  return semanticEqual(
    { ...object, metadata: { ...object.metadata, ownerReferences, finalizers, managedFields } },
    old,
  );
}
