/** Source: pkg/apis/certificates/validation/validation.go (ValidatePodCertificateRequestCreate, …Update). */
import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { CertificateRequestError, parseCertificateRequest } from "../../x509/certificate-request.ts";
import { validateUserAnnotations } from "../core/projected-volumes.ts";
import { isKubernetesSignerName, validateSignerName } from "../core/signer-names.ts";
import { type FieldError, FieldPath, invalid, noValue, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkDns1123Subdomain, isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";
import { goPodCertificateRequestSpec } from "./go-layout.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1beta1.PodCertificateRequest">;
type Spec = Request["spec"];

const specPath = FieldPath.of("spec");
const publicKeyPath = specPath.child("pkixPublicKey");
const proofPath = specPath.child("proofOfPossession");
export const stubRequestPath: FieldPath = specPath.child("stubPKCS10Request");

const maxUidLength = 128;
const maxBlobSize = 10 * 1024;
const minExpiration = 60 * 60;
const maxExpiration = 91 * 24 * 60 * 60;
const maxKubernetesExpiration = 24 * 60 * 60;
const rsaKeySizes = [3072, 4096];
/** By OpenSSL's names; the others are too weak or too exotic. */
const curves = new Set(["prime256v1", "secp384r1", "secp521r1"]);
const rsaKeySizeDetail = "RSA keys must have modulus size 3072 or 4096";
const unknownKeyDetail = "unknown public key type; supported types are Ed25519, ECDSA, and RSA";

/** ValidatePodCertificateRequestCreate. */
export function validatePodCertificateRequest({ metadata, spec }: Request): FieldError[] {
  const { signerName = "", unverifiedUserAnnotations: annotations } = spec;
  const errors = [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validateSignerName(signerName, specPath.child("signerName")),
    ...(annotations ? validateUserAnnotations(annotations, specPath.child("unverifiedUserAnnotations")) : []),
    ...validateSubject(spec),
  ];
  const { maxExpirationSeconds } = spec;
  const path = specPath.child("maxExpirationSeconds");
  if (maxExpirationSeconds === undefined || maxExpirationSeconds === null) {
    return [...errors, required(path, "must be set")];
  }
  const max = isKubernetesSignerName(signerName) ? maxKubernetesExpiration : maxExpiration;
  if (maxExpirationSeconds < minExpiration || maxExpirationSeconds > max) {
    errors.push(invalid(path, maxExpirationSeconds, `must be in the range [${minExpiration}, ${max}]`));
  }
  return [...errors, ...validateKey(spec)];
}

/** Pod, service account and node that the certificate is for. */
function validateSubject(spec: Spec): FieldError[] {
  return (["pod", "serviceAccount", "node"] as const).flatMap((subject) => {
    const name = spec[`${subject}Name`] ?? "";
    const uid = spec[`${subject}UID`] ?? "";
    const uidPath = specPath.child(`${subject}UID`);
    return [
      ...invalidText(specPath.child(`${subject}Name`), name, checkDns1123Subdomain(name)),
      ...(uid === "" ? [invalid(uidPath, uid, "must not be empty")] : []),
      ...(isLongerThan(uid, maxUidLength) ? [tooLong(uidPath, maxUidLength)] : []),
    ];
  });
}

function validateKey(spec: Spec): FieldError[] {
  const { stubPKCS10Request: stub, pkixPublicKey: key, proofOfPossession: proof, podUID = "" } = spec;
  if (stub && !key && !proof) return validateStub(Buffer.from(stub, "base64"));
  if (!stub && key && proof) {
    return validatePublicKey(Buffer.from(key, "base64"), Buffer.from(proof, "base64"), podUID, key);
  }
  const detail = "exactly one of (stubPKCS10Request) or (pkixPublicKey, proofOfPossession) must be set";
  return [invalid(specPath, noValue, detail)];
}

function validateStub(der: Buffer): FieldError[] {
  if (der.length > maxBlobSize) return [tooLong(stubRequestPath, maxBlobSize)];
  try {
    const request = parseCertificateRequest(der);
    const problem = keyProblem(request.publicKey, "P256, P384, or P521");
    if (problem) return [invalid(stubRequestPath, problem.shown ?? noValue, problem.detail)];
    return signatureHolds(request) ? [] : [invalid(stubRequestPath, noValue, "invalid signature")];
  } catch (error) {
    if (!(error instanceof CertificateRequestError)) throw error;
    return [invalid(stubRequestPath, noValue, "must be a valid PKCS#10 CSR")];
  }
}

function signatureHolds(request: { checkSignature(): void }): boolean {
  try {
    request.checkSignature();
    return true;
  } catch (error) {
    if (error instanceof CertificateRequestError) return false;
    throw error;
  }
}

interface KeyProblem {
  shown?: string;
  detail: string;
}

function keyProblem(key: KeyObject, allowedCurves: string): KeyProblem | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  switch (type) {
    case "ed25519":
      return undefined;
    case "ec":
      if (curves.has(details.namedCurve ?? "")) return undefined;
      // P224 is the only other curve that Go knows.
      return { shown: "curve P-224", detail: `elliptic public keys must use curve ${allowedCurves}` };
    case "rsa": {
      const bits = Math.ceil((details.modulusLength ?? 0) / 8) * 8;
      if (rsaKeySizes.includes(bits)) return undefined;
      return { shown: `${bits}-bit modulus`, detail: rsaKeySizeDetail };
    }
    default:
      return { detail: unknownKeyDetail };
  }
}

function validatePublicKey(der: Buffer, proof: Buffer, podUid: string, shown: string): FieldError[] {
  if (der.length > maxBlobSize) return [tooLong(publicKeyPath, maxBlobSize)];
  if (proof.length > maxBlobSize) return [tooLong(proofPath, maxBlobSize)];
  const key = parsePublicKey(der);
  if (!key) return [invalid(publicKeyPath, shown, "must be a valid PKIX-serialized public key")];
  const problem = keyProblem(key, "P256 or P384");
  if (problem) return [invalid(publicKeyPath, problem.shown ?? shown, problem.detail)];
  if (proves(key, podUid, proof)) return [];
  return [invalid(proofPath, noValue, "could not verify proof-of-possession signature")];
}

/** x509.ParsePKIXPublicKey. */
export function parsePublicKey(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

/** The proof is a signature of the pod's UID, whatever the kind of key. */
function proves(key: KeyObject, podUid: string, proof: Buffer): boolean {
  const message = Buffer.from(podUid);
  if (key.asymmetricKeyType === "ed25519") return verify(null, message, key, proof);
  if (key.asymmetricKeyType === "ec") return verify("sha256", message, key, proof);
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_AUTO: saltLength } = constants;
  return verify("sha256", message, { key, padding, saltLength }, proof);
}

/** ValidatePodCertificateRequestUpdate. */
export function validatePodCertificateRequestUpdate(request: Request, old: Request): FieldError[] {
  const errors = validateObjectMetaUpdate(request.metadata, old.metadata);
  if (semanticEqual(request.spec, old.spec)) return errors;
  return [...errors, invalid(specPath, goValue(goPodCertificateRequestSpec, request.spec), immutableError)];
}
