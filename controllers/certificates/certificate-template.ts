import type { KeyObject } from "node:crypto";
import type { AlternativeNames } from "../../api/x509/alternative-names.ts";

/** What a certificate says. */
export interface CertificateTemplate {
  /** DER of the distinguished name. */
  subject: Buffer;
  publicKey: KeyObject;
  names: AlternativeNames;
  /** The bits of RFC 5280 in two bytes, digitalSignature being the highest. */
  keyUsage: number;
  /** Object identifiers. */
  extendedKeyUsages: readonly string[];
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
}

export interface CertificateAuthority {
  /** Until when its own certificate is good, in milliseconds since the epoch. */
  readonly notAfter: number;
  /** PEM of a certificate. */
  sign(template: CertificateTemplate): string;
}
