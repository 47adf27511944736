/** Defaults of certificates.k8s.io. Source: pkg/apis/certificates/v1beta1 (v1 has none; no CSR is served in v1beta1). */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

/** A day. */
const maxExpirationSeconds = 86400;

function defaultPodCertificateRequest({
  spec,
}: ObjectOf<"io.k8s.api.certificates.v1beta1.PodCertificateRequest">): void {
  spec.maxExpirationSeconds ??= maxExpirationSeconds;
}

export const certificatesDefaults: DefaultsTable = {
  "certificates.k8s.io/v1beta1": { PodCertificateRequest: defaultPodCertificateRequest },
};
