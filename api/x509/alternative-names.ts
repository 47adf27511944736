import { DerReader } from "./der.ts";

/** Names of a certificate's subject besides the distinguished one, as far as Go reads them. */
export interface AlternativeNames {
  dnsNames: readonly string[];
  emailAddresses: readonly string[];
  ipAddresses: readonly Buffer[];
  uris: readonly string[];
}

export const subjectAltNameOid = "2.5.29.17";

export const noAlternativeNames = (): AlternativeNames => ({
  dnsNames: [],
  emailAddresses: [],
  ipAddresses: [],
  uris: [],
});

/** The content of a subjectAltName extension. */
export function readAlternativeNames(content: Buffer): AlternativeNames {
  const reader = new DerReader(content).sequence("GeneralNames");
  const dnsNames: string[] = [];
  const emailAddresses: string[] = [];
  const ipAddresses: Buffer[] = [];
  const uris: string[] = [];
  while (!reader.done) {
    const { tag, content } = reader.any();
    if (tag === 1) emailAddresses.push(content.toString("latin1"));
    if (tag === 2) dnsNames.push(content.toString("latin1"));
    if (tag === 6) uris.push(content.toString("latin1"));
    if (tag === 7) ipAddresses.push(content);
  }
  return { dnsNames, emailAddresses, ipAddresses, uris };
}
