/** Source: pkg/apis/certificates/validation/validation.go (CertificateSigningRequest). */
import { X509Certificate } from "node:crypto";
import { goDiff } from "../../go-diff.ts";
import { goQuote } from "../../go-format.ts";
import { goNullable, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { CertificateRequestError, parsePemCertificateRequest } from "../../x509/certificate-request.ts";
import { decodePem } from "../../x509/pem.ts";
import { validateSignerName } from "../core/signer-names.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../field.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;
type Condition = Schemas["io.k8s.api.certificates.v1.CertificateSigningRequestCondition"];

const specPath = FieldPath.of("spec");
const conditionsPath = FieldPath.of("status", "conditions");
const certificatePath = FieldPath.of("status", "certificate");

const legacySigner = "kubernetes.io/legacy-unknown";
const minExpirationSeconds = 600;

const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];
const knownUsages = new Set(usages);

/** Conditions that can only ever be true. */
const finalConditions = ["Approved", "Denied", "Failed"];
const approvalConditions = ["Approved", "Denied"];

/** What an update may do; what was wrong before may stay. */
interface Options {
  setApproval?: boolean;
  setCertificate?: boolean;
  old?: Request;
}

/** ValidateCertificateSigningRequestCreate. */
export function validateCertificateSigningRequest(request: Request): FieldError[] {
  return validateRequest(request, {});
}

/** ValidateCertificateSigningRequestUpdate. */
export function validateCertificateSigningRequestUpdate(request: Request, old: Request): FieldError[] {
  return validateUpdate(request, old, {});
}

/** ValidateCertificateSigningRequestStatusUpdate. */
export function validateCertificateSigningRequestStatusUpdate(request: Request, old: Request): FieldError[] {
  return validateUpdate(request, old, { setCertificate: true });
}

/** ValidateCertificateSigningRequestApprovalUpdate. */
export function validateCertificateSigningRequestApprovalUpdate(
  request: Request,
  old: Request,
): FieldError[] {
  return validateUpdate(request, old, { setApproval: true });
}

function validateRequest({ metadata, spec, status }: Request, { old }: Options): FieldError[] {
  // Any name will do that the generic checks let pass.
  const errors = validateObjectMeta(metadata, false, () => []);
  const problem = requestProblem(spec.request ?? "");
  if (problem !== undefined) errors.push(invalid(specPath.child("request"), spec.request ?? null, problem));
  errors.push(...validateUsages(spec.usages ?? [], old?.spec.usages ?? []));
  const { signerName = "", expirationSeconds } = spec;
  const signerPath = specPath.child("signerName");
  if (signerName === legacySigner && old?.spec.signerName !== legacySigner) {
    const detail = "the legacy signerName is not allowed via this API version";
    errors.push(invalid(signerPath, signerName, detail));
  } else {
    errors.push(...validateSignerName(signerName, signerPath));
  }
  if (expirationSeconds !== undefined && expirationSeconds < minExpirationSeconds) {
    const detail = "may not specify a duration less than 600 seconds (10 minutes)";
    errors.push(invalid(specPath.child("expirationSeconds"), expirationSeconds, detail));
  }
  errors.push(...validateConditions(status.conditions ?? [], old?.status.conditions ?? []));
  const mayBeAnything =
    old !== undefined &&
    ((old.status.certificate ?? "") === (status.certificate ?? "") ||
      certificateProblem(old.status.certificate) !== undefined);
  const wrong = mayBeAnything ? undefined : certificateProblem(status.certificate);
  if (wrong !== undefined) errors.push(invalid(certificatePath, "<certificate data>", wrong));
  return errors;
}

/** validateCSR. */
function requestProblem(base64: string): string | undefined {
  try {
    parsePemCertificateRequest(Buffer.from(base64, "base64").toString("latin1")).checkSignature();
    return undefined;
  } catch (error) {
    if (error instanceof CertificateRequestError) return error.message;
    throw error;
  }
}

function validateUsages(own: readonly string[], old: readonly string[]): FieldError[] {
  const path = specPath.child("usages");
  const errors = own.length === 0 ? [required(path)] : [];
  const hasUnknown = old.some((usage) => !knownUsages.has(usage));
  const hasDuplicate = new Set(old).size < old.length;
  if (!hasUnknown) {
    own.forEach((usage, index) => {
      if (!knownUsages.has(usage)) errors.push(notSupported(path.index(index), usage, usages));
    });
  }
  if (hasDuplicate) return errors;
  const seen = new Set<string>();
  own.forEach((usage, index) => {
    if (seen.has(usage)) errors.push(duplicate(path.index(index), usage));
    seen.add(usage);
  });
  return errors;
}

function validateConditions(own: readonly Condition[], old: readonly Condition[]): FieldError[] {
  const oldTypes = old.map(({ type }) => type ?? "");
  const types = new Set<string>();
  const errors: FieldError[] = [];
  own.forEach(({ type = "", status = "" }, index) => {
    const path = conditionsPath.index(index);
    if (type === "" && !oldTypes.includes("")) errors.push(required(path.child("type")));
    const allowed = finalConditions.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (status === "") errors.push(required(path.child("status")));
    else if (!allowed.includes(status)) errors.push(notSupported(path.child("status"), status, allowed));
    const opposite = approvalConditions.find((other) => other !== type) ?? "";
    const bothBefore = approvalConditions.every((known) => oldTypes.includes(known));
    if (approvalConditions.includes(type) && types.has(opposite) && !bothBefore) {
      const detail = "Approved and Denied conditions are mutually exclusive";
      errors.push(invalid(conditionsPath, type, detail));
    }
    const duplicatesBefore = new Set(oldTypes).size < oldTypes.length;
    if (types.has(type) && !duplicatesBefore) errors.push(duplicate(path.child("type"), type));
    types.add(type);
  });
  return errors;
}

/** validateCertificate. */
function certificateProblem(base64: string | undefined): string | undefined {
  if (!base64) return undefined;
  const blocks = decodePem(Buffer.from(base64, "base64").toString("latin1"));
  for (const { type, headers, bytes } of blocks) {
    if (type !== "CERTIFICATE") return `only CERTIFICATE PEM blocks are allowed, found ${goQuote(type)}`;
    if (headers.size > 0) return "no PEM block headers are permitted";
    if (bytes.length === 0) return "found CERTIFICATE PEM block containing 0 certificates";
    try {
      new X509Certificate(bytes);
    } catch {
      return "x509: malformed certificate";
    }
  }
  return blocks.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}

const goCondition = {
  Type: goString("type"),
  Status: goString("status"),
  Reason: goString("reason"),
  Message: goString("message"),
  LastUpdateTime: goNullable("lastUpdateTime"),
  LastTransitionTime: goNullable("lastTransitionTime"),
};

function validateUpdate(request: Request, old: Request, options: Options): FieldError[] {
  const errors = validateRequest(request, { ...options, old });
  const conditionsOf = (of: Request, wanted: string) =>
    (of.status.conditions ?? []).filter(({ type }) => type === wanted);
  for (const type of finalConditions) {
    if (conditionsOf(request, type).length >= conditionsOf(old, type).length) continue;
    errors.push(forbidden(conditionsPath, `updates may not remove a condition of type ${goQuote(type)}`));
  }
  if (!options.setApproval) {
    for (const type of approvalConditions) {
      errors.push(...validateApprovalKept(type, conditionsOf(request, type), conditionsOf(old, type)));
    }
  }
  const { certificate: own = "" } = request.status;
  const { certificate: before = "" } = old.status;
  if (own !== before && !options.setCertificate) {
    errors.push(forbidden(certificatePath, "updates may not set certificate content"));
  } else if (own !== before && before !== "") {
    errors.push(forbidden(certificatePath, "updates may not modify existing certificate content"));
  }
  return [...errors, ...validateObjectMetaUpdate(request.metadata, old.metadata)];
}

function validateApprovalKept(type: string, own: Condition[], old: Condition[]): FieldError[] {
  if (own.length < old.length) return [];
  if (own.length > old.length) {
    return [forbidden(conditionsPath, `updates may not add a condition of type ${goQuote(type)}`)];
  }
  if (semanticEqual(own, old)) return [];
  const toGo = (conditions: Condition[]) => conditions.map((condition) => goValue(goCondition, condition));
  const detail = `updates may not modify a condition of type ${goQuote(type)}\n${goDiff(toGo(old), toGo(own))}`;
  return [forbidden(conditionsPath, detail)];
}
