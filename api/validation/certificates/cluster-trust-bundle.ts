/** Source: pkg/apis/certificates/validation/validation.go (ClusterTrustBundle). */
import { X509Certificate } from "node:crypto";
import type { ObjectOf } from "../../object-of.ts";
import { decodePem, type PemBlock } from "../../x509/pem.ts";
import { clusterTrustBundleNameCheck, validateSignerName } from "../core/signer-names.ts";
import { type FieldError, FieldPath, invalid, tooLong } from "../field.ts";
import { isLongerThan } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";

type Bundle = ObjectOf<"io.k8s.api.certificates.v1beta1.ClusterTrustBundle">;

const signerPath = FieldPath.of("spec", "signerName");
const bundlePath = FieldPath.of("spec", "trustBundle");
const maxSize = 1024 * 1024;

/** ValidateClusterTrustBundle. */
export function validateClusterTrustBundle({ metadata, spec }: Bundle, old?: Bundle): FieldError[] {
  const { signerName = "", trustBundle = "" } = spec;
  return [
    ...validateObjectMeta(metadata, false, clusterTrustBundleNameCheck(signerName)),
    ...(signerName === "" ? [] : validateSignerName(signerName, signerPath)),
    ...(old?.spec.trustBundle === trustBundle ? [] : validateTrustBundle(trustBundle)),
  ];
}

/** ValidateClusterTrustBundleUpdate. */
export function validateClusterTrustBundleUpdate(bundle: Bundle, old: Bundle): FieldError[] {
  return [
    ...validateClusterTrustBundle(bundle, old),
    ...validateObjectMetaUpdate(bundle.metadata, old.metadata),
    ...validateImmutable(bundle.spec.signerName ?? "", old.spec.signerName ?? "", signerPath),
  ];
}

function validateTrustBundle(text: string): FieldError[] {
  if (isLongerThan(text, maxSize)) return [tooLong(bundlePath, maxSize)];
  const wrong = (detail: string) => invalid(bundlePath, "<value omitted>", detail);
  const blocks = decodePem(text);
  const errors = blocks.flatMap((block, index) => {
    const problem = anchorProblem(block);
    return problem === undefined ? [] : [wrong(`entry ${index} ${problem}`)];
  });
  if (errors.length > 0) return errors;
  if (blocks.length === 0) return [wrong("at least one trust anchor must be provided")];
  const places = new Map<string, number[]>();
  blocks.forEach(({ bytes }, index) => {
    const key = bytes.toString("latin1");
    places.set(key, [...(places.get(key) ?? []), index]);
  });
  return [...places.values()]
    .filter((indices) => indices.length > 1)
    .map((indices) => wrong(`duplicate trust anchor (indices [${indices.join(" ")}])`));
}

function anchorProblem({ type, headers, bytes }: PemBlock): string | undefined {
  if (type !== "CERTIFICATE") return `has bad block type: ${type}`;
  if (headers.size > 0) return "has PEM block headers";
  try {
    return new X509Certificate(bytes).ca ? undefined : "does not have the CA bit set";
  } catch {
    return "does not parse as X.509";
  }
}
