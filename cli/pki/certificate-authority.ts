import { X509Certificate } from "node:crypto";
import type { Random } from "../../api/clock.ts";
import type { CertificateAuthority } from "../../controllers/certificates/certificate-template.ts";
import { type KeyAndCertificate, signCertificate } from "./certificate.ts";

/** What the signers of certificate requests work with. */
export function certificateAuthority(authority: KeyAndCertificate, random: Random): CertificateAuthority {
  return {
    get notAfter() {
      return new X509Certificate(authority.certificate).validToDate.getTime();
    },
    sign(template) {
      const serial = Buffer.from(random.uuid().replaceAll("-", ""), "hex");
      // A serial number is positive.
      serial[0]! &= 0x7f;
      return signCertificate({ ...template, serial }, authority);
    },
  };
}
