/**
 * The few certificates that a cluster makes for itself: X.509 v3 (RFC 5280) with P-256 keys. A library for this costs
 * about 60 ms and 15 MB at each start, a fifth of the time to ready, for the four kinds of extension below.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from "node:crypto";
import { parseIp } from "../../api/ip.ts";
import {
  bitString,
  boolean,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from "./der.ts";

export interface KeyAndCertificate {
  /** PEM, PKCS #8. */
  key: string;
  /** PEM. */
  certificate: string;
}

export interface CertificateRequest {
  commonName: string;
  organizations?: readonly string[];
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  usage: "authority" | "server" | "client";
  /** Names and addresses that a server certificate is for. */
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
  /** 16 bytes at most, unique for the issuer. */
  serial: Uint8Array;
}

const ecdsaWithSha256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const usages = {
  authority: { keyUsage: 0b00000110, extended: undefined }, // keyCertSign, cRLSign
  server: { keyUsage: 0b10100000, extended: "1.3.6.1.5.5.7.3.1" }, // digitalSignature, keyEncipherment; serverAuth
  client: { keyUsage: 0b10100000, extended: "1.3.6.1.5.5.7.3.2" }, // …; clientAuth
} as const;

/** A new key with a certificate for it, signed by issuer or, without one, by itself. */
export function issueCertificate(request: CertificateRequest, issuer?: KeyAndCertificate): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = issuer ? createPrivateKey(issuer.key) : privateKey;
  const subject = distinguishedName(request);
  const issuerName = issuer ? subjectOf(issuer.certificate) : subject;
  const issuerKey = issuer ? createPublicKey(issuer.certificate) : publicKey;
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(request.serial),
    ecdsaWithSha256,
    issuerName,
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    subjectPublicKeyInfo(publicKey),
    tagged(3, sequence(...extensions(request, publicKey, issuerKey))),
  );
  const signature = sign("sha256", body, signer);
  const certificate = sequence(body, ecdsaWithSha256, bitString(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    certificate: pem("CERTIFICATE", certificate),
  };
}

function subjectPublicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

/** SHA-1 of the key's bits, as RFC 5280 suggests it for an identifier. */
function keyIdentifier(key: KeyObject): Buffer {
  // The bit string of an uncompressed P-256 point is the last 65 bytes of its SubjectPublicKeyInfo.
  return createHash("sha1").update(subjectPublicKeyInfo(key).subarray(-65)).digest();
}

function distinguishedName({ commonName, organizations = [] }: CertificateRequest): Buffer {
  const attribute = (type: string, value: string) => set(sequence(objectIdentifier(type), utf8String(value)));
  return sequence(
    ...organizations.map((organization) => attribute("2.5.4.10", organization)),
    attribute("2.5.4.3", commonName),
  );
}

/** The subject of a certificate that issueCertificate made, as its bytes stand there. */
function subjectOf(certificate: string): Buffer {
  const { raw } = new X509Certificate(certificate);
  let at = contentStart(raw, contentStart(raw, 0));
  // version, serial, algorithm, issuer and validity come before it
  for (let skip = 0; skip < 5; skip++) at = elementEnd(raw, at);
  return raw.subarray(at, elementEnd(raw, at));
}

function contentStart(bytes: Buffer, at: number): number {
  const first = bytes[at + 1]!;
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function elementEnd(bytes: Buffer, at: number): number {
  const first = bytes[at + 1]!;
  const start = contentStart(bytes, at);
  return start + (first < 0x80 ? first : bytes.readUIntBE(at + 2, first & 0x7f));
}

function extensions(request: CertificateRequest, key: KeyObject, issuerKey: KeyObject): Buffer[] {
  const { keyUsage, extended } = usages[request.usage];
  const bits = Buffer.from([keyUsage]);
  const unused = 31 - Math.clz32(keyUsage & -keyUsage);
  const authority = request.usage === "authority";
  const list = [
    extension("2.5.29.15", true, bitString(bits, unused)),
    extension("2.5.29.19", true, sequence(...(authority ? [boolean(true)] : []))),
    extension("2.5.29.14", false, octetString(keyIdentifier(key))),
    extension("2.5.29.35", false, sequence(implicit(0, keyIdentifier(issuerKey)))),
  ];
  if (extended) list.push(extension("2.5.29.37", false, sequence(objectIdentifier(extended))));
  const names = [
    ...(request.dnsNames ?? []).map((name) => implicit(2, Buffer.from(name))),
    ...(request.ipAddresses ?? []).map((address) => implicit(7, addressBytes(address))),
  ];
  if (names.length > 0) list.push(extension("2.5.29.17", false, sequence(...names)));
  return list;
}

function extension(identifier: string, critical: boolean, value: Uint8Array): Buffer {
  const parts = [objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value)];
  return sequence(...parts);
}

function addressBytes(address: string): Uint8Array {
  const ip = parseIp(address);
  if (!ip) throw new RangeError(`not an IP address: ${address}`);
  return ip.v4 ? ip.bytes.subarray(12) : ip.bytes;
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
