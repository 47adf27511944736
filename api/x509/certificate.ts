/** X.509 certificates, as far as the API looks into them. */
import { type KeyObject, X509Certificate } from "node:crypto";
import {
  type AlternativeNames,
  noAlternativeNames,
  readAlternativeNames,
  subjectAltNameOid,
} from "./alternative-names.ts";
import { DerError, DerReader, derTags, oidText } from "./der.ts";

export interface Certificate extends AlternativeNames {
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  publicKey: KeyObject;
}

const extensionsTag = 3;

/** x509.ParseCertificate; undefined for what is no certificate. */
export function parseCertificate(der: Buffer): Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    return {
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
      publicKey: certificate.publicKey,
      ...readNames(der),
    };
  } catch (error) {
    if (error instanceof DerError || isOpensslError(error)) return undefined;
    throw error;
  }
}

const isOpensslError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("ERR_OSSL");

function readNames(der: Buffer): AlternativeNames {
  const names = extensionIn(der, subjectAltNameOid);
  return names ? readAlternativeNames(names) : noAlternativeNames();
}

/** The value of a certificate's extension. @throws DerError */
export function extensionIn(der: Buffer, oid: string): Buffer | undefined {
  const body = new DerReader(der).sequence("certificate").sequence("tbsCertificate");
  while (!body.done) {
    const part = body.any();
    if (part.class !== 2 || part.tag !== extensionsTag) continue;
    const extensions = new DerReader(part.content).sequence("extensions");
    while (!extensions.done) {
      const extension = extensions.sequence("Extension");
      if (oidText(extension.expect(derTags.oid, "ObjectIdentifier")) !== oid) continue;
      let value = extension.any();
      // A boolean before it says whether the extension is critical.
      if (value.tag === 1) value = extension.any();
      return value.content;
    }
  }
  return undefined;
}

/** The subject, as its bytes stand there. @throws DerError */
export function subjectIn(der: Buffer): Buffer {
  const body = new DerReader(der).sequence("certificate").sequence("tbsCertificate");
  // A version need not be said; then serial number, algorithm, issuer and validity.
  const isVersion = body.any().class === 2;
  for (let skip = isVersion ? 4 : 3; skip > 0; skip--) body.any();
  return body.any().whole;
}
