/** Bits of the key usage extension, digitalSignature being the highest of two bytes. Source: RFC 5280, 4.2.1.3. */
const bits: Readonly<Record<string, number>> = {
  signing: 0x8000,
  "digital signature": 0x8000,
  "content commitment": 0x4000,
  "key encipherment": 0x2000,
  "data encipherment": 0x1000,
  "key agreement": 0x0800,
  "cert sign": 0x0400,
  "crl sign": 0x0200,
  "encipher only": 0x0100,
  "decipher only": 0x0080,
};

/** In the order in which Go's crypto/x509 counts and writes them. */
const extended: readonly (readonly [oid: string, ...usages: string[]])[] = [
  ["2.5.29.37.0", "any"],
  ["1.3.6.1.5.5.7.3.1", "server auth"],
  ["1.3.6.1.5.5.7.3.2", "client auth"],
  ["1.3.6.1.5.5.7.3.3", "code signing"],
  ["1.3.6.1.5.5.7.3.4", "email protection", "s/mime"],
  ["1.3.6.1.5.5.7.3.5", "ipsec end system"],
  ["1.3.6.1.5.5.7.3.6", "ipsec tunnel"],
  ["1.3.6.1.5.5.7.3.7", "ipsec user"],
  ["1.3.6.1.5.5.7.3.8", "timestamping"],
  ["1.3.6.1.5.5.7.3.9", "ocsp signing"],
  ["1.3.6.1.4.1.311.10.3.3", "microsoft sgc"],
  ["2.16.840.1.113730.4.1", "netscape sgc"],
];

/** The usages of the certificates API as a certificate says them; it takes no others. Source: keyUsagesFromStrings. */
export function keyUsages(usages: readonly string[]): { keyUsage: number; extendedKeyUsages: string[] } {
  const keyUsage = usages.reduce((sum, usage) => sum | (bits[usage] ?? 0), 0);
  const wanted = extended.filter(([, ...names]) => names.some((name) => usages.includes(name)));
  return { keyUsage, extendedKeyUsages: wanted.map(([oid]) => oid) };
}
