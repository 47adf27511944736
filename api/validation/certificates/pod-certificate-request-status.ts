/** Source: pkg/apis/certificates/validation/validation.go (ValidatePodCertificateRequestStatusUpdate). */
import type { KeyObject } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type Certificate, parseCertificate } from "../../x509/certificate.ts";
import { CertificateRequestError, parseCertificateRequest } from "../../x509/certificate-request.ts";
import { decodePem } from "../../x509/pem.ts";
import { type FieldError, FieldPath, invalid, notSupported, noValue, required, tooLong } from "../field.ts";
import { validateConditions } from "../labels.ts";
import { isMailAddress } from "../mail-address.ts";
import { isLongerThan } from "../names.ts";
import { validateObjectMetaUpdate } from "../object-meta.ts";
import { parsePublicKey, stubRequestPath } from "./pod-certificate-request.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1beta1.PodCertificateRequest">;

const statusPath = FieldPath.of("status");
const chainPath = statusPath.child("certificateChain");
const notBeforePath = statusPath.child("notBefore");
const notAfterPath = statusPath.child("notAfter");
const refreshPath = statusPath.child("beginRefreshAt");

const finalConditions = ["Issued", "Denied", "Failed"];
const maxChainSize = 100 * 1024;
const minute = 60_000;
const minLifetime = 60 * minute;
const refreshMargin = 10 * minute;
const clockSkew = 5 * minute;

/** ValidatePodCertificateRequestStatusUpdate. */
export function validatePodCertificateRequestStatusUpdate(
  request: Request,
  old: Request,
  clock: Clock,
): FieldError[] {
  const { metadata, status = {} } = request;
  const metaErrors = validateObjectMetaUpdate(metadata, old.metadata);
  if (metaErrors.length > 0) return metaErrors;
  const conditionErrors = validateStatusConditions(request);
  if (conditionErrors.length > 0) return conditionErrors;
  const immutable = (detail: string) =>
    semanticEqual(status, old.status) ? [] : [invalid(statusPath, noValue, detail)];
  if (finalConditions.some((type) => hasCondition(old, type))) {
    return immutable("immutable after PodCertificateRequest is issued, denied, or failed");
  }
  if (hasCondition(request, "Denied") || hasCondition(request, "Failed")) {
    if (Object.keys(status).every((key) => key === "conditions")) return [];
    const detail =
      "non-condition status fields must be empty when denying or failing the PodCertificateRequest";
    return [invalid(statusPath, noValue, detail)];
  }
  if (hasCondition(request, "Issued")) return validateIssued(request, old, clock);
  return immutable('status is immutable unless transitioning to "Issued", "Denied", or "Failed"');
}

function hasCondition({ status }: Request, type: string): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === "True",
  );
}

function validateStatusConditions({ status }: Request): FieldError[] {
  const conditions = status?.conditions ?? [];
  const errors: FieldError[] = [];
  let final = 0;
  conditions.forEach(({ type = "", status: value = "" }, index) => {
    // Upstream takes the index for a field name here.
    const path = statusPath.child("conditions", `[${index}]`);
    if (!finalConditions.includes(type)) {
      errors.push(notSupported(path.child("type"), type, finalConditions.toSorted()));
      return;
    }
    final++;
    if (final > 1) {
      const detail = 'There may be at most one condition with type "Issued", "Denied", or "Failed"';
      errors.push(invalid(path.child("type"), type, detail));
    }
    if (value !== "True") errors.push(notSupported(path.child("status"), value, ["True"]));
  });
  return [...errors, ...validateConditions(conditions, statusPath.child("conditions"))];
}

/** The errors of the first step that finds any. */
function validateIssued(request: Request, old: Request, clock: Clock): FieldError[] {
  const chain = request.status?.certificateChain ?? "";
  if (isLongerThan(chain, maxChainSize)) return [tooLong(chainPath, maxChainSize)];
  const wrong = (detail: string) => [invalid(chainPath, chain, detail)];
  const [leafBlock, ...others] = decodePem(chain);
  if (!leafBlock) return wrong("issued certificate chain must contain at least one certificate");
  if (leafBlock.type !== "CERTIFICATE") {
    return wrong("issued certificate chain must consist entirely of CERTIFICATE PEM blocks");
  }
  const leaf = parseCertificate(leafBlock.bytes);
  if (!leaf) return wrong("leaf certificate does not parse as valid X.509");
  const errors = validateNames(leaf);
  const wanted = wantedKey(old);
  if ("error" in wanted) return [...errors, wanted.error];
  if (!leaf.publicKey.equals(wanted.key)) {
    return [...errors, ...wrong("leaf certificate was not issued to the requested public key")];
  }
  errors.push(...validateTimesGiven(request));
  if (errors.length > 0) return errors;
  const timeErrors = validateTimes(request, leaf, clock);
  if (timeErrors.length > 0) return timeErrors;
  for (const { type, bytes } of others) {
    if (type !== "CERTIFICATE") {
      return wrong("issued certificate chain must consist entirely of CERTFICATE PEM blocks");
    }
    if (!parseCertificate(bytes)) return wrong("intermediate certificate does not parse as valid X.509");
  }
  return [];
}

function validateNames({ dnsNames, emailAddresses }: Certificate): FieldError[] {
  const errors: FieldError[] = [];
  const check = (fails: boolean, name: string, detail: string) => {
    if (fails) errors.push(invalid(chainPath, name, detail));
  };
  for (const name of dnsNames) {
    check(name === "", name, "leaf certificate should not contain empty DNSName");
    check(name.includes(".."), name, "leaf certificate's DNSName should not contain '..'");
    const dotted = name.startsWith(".") || name.endsWith(".");
    check(dotted, name, "leaf certificate's DNSName should not start or end with '.'");
  }
  for (const address of emailAddresses) {
    check(!isMailAddress(address), address, "leaf certificate should not contain invalid EmailAddress");
  }
  return errors;
}

function wantedKey({ spec }: Request): { key: KeyObject } | { error: FieldError } {
  if (!spec.stubPKCS10Request) {
    const key = parsePublicKey(Buffer.from(spec.pkixPublicKey ?? "", "base64"));
    if (key) return { key };
    const path = FieldPath.of("spec", "pkixPublicKey");
    return { error: invalid(path, noValue, "must be a valid PKIX-serialized public key") };
  }
  try {
    return { key: parseCertificateRequest(Buffer.from(spec.stubPKCS10Request, "base64")).publicKey };
  } catch (error) {
    if (!(error instanceof CertificateRequestError)) throw error;
    return { error: invalid(stubRequestPath, noValue, "must be a valid PKCS#10 CSR") };
  }
}

function validateTimesGiven({ status = {} }: Request): FieldError[] {
  const consistent = "must be present and consistent with the issued certificate";
  const errors: FieldError[] = [];
  if (!status.notBefore) errors.push(required(notBeforePath, consistent));
  if (!status.notAfter) errors.push(required(notAfterPath, consistent));
  if (!status.beginRefreshAt) {
    const detail = "must be present and in the range [notbefore+10min, notafter-10min]";
    errors.push(required(refreshPath, detail));
  }
  return errors;
}

function validateTimes({ spec, status = {} }: Request, leaf: Certificate, clock: Clock): FieldError[] {
  const { notBefore = "", notAfter = "", beginRefreshAt = "" } = status;
  const start = Date.parse(notBefore);
  const end = Date.parse(notAfter);
  if (start !== leaf.notBefore) {
    return [
      invalid(notBeforePath, notBefore, "must be set to the NotBefore time encoded in the leaf certificate"),
    ];
  }
  if (Math.abs(start - clock.now()) >= clockSkew) {
    const detail = "must be set to within 5 minutes of kube-apiserver's current time";
    return [invalid(notBeforePath, notBefore, detail)];
  }
  if (end !== leaf.notAfter) {
    return [
      invalid(notAfterPath, notAfter, "must be set to the NotAfter time encoded in the leaf certificate"),
    ];
  }
  const lifetime = end - start;
  // Upstream shows nanoseconds.
  const shown = BigInt(lifetime) * 1_000_000n;
  if (lifetime < minLifetime) {
    return [invalid(chainPath, shown, "leaf certificate lifetime must be >= 1 hour")];
  }
  const maxSeconds = spec.maxExpirationSeconds ?? 0;
  if (lifetime > maxSeconds * 1000) {
    const detail = `leaf certificate lifetime must be <= spec.maxExpirationSeconds (${maxSeconds})`;
    return [invalid(chainPath, shown, detail)];
  }
  const refresh = Date.parse(beginRefreshAt);
  if (refresh < start + refreshMargin) {
    return [invalid(refreshPath, beginRefreshAt, "must be at least 10 minutes after status.notBefore")];
  }
  if (refresh > end - refreshMargin) {
    return [invalid(refreshPath, beginRefreshAt, "must be at least 10 minutes before status.notAfter")];
  }
  return [];
}
