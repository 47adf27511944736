/**
 * The few certificates that a cluster makes for itself: X.509 v3 (RFC 5280) with P-256 keys. A library for this costs
 * about 60 ms and 15 MB at each start, a fifth of the time to ready, for the four kinds of extension below.
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from "node:crypto";
import { parseIp } from "../../api/ip.ts";
import { extensionIn, subjectIn } from "../../api/x509/certificate.ts";
import { DerReader, derTags } from "../../api/x509/der.ts";
import type { CertificateTemplate } from "../../controllers/certificates/certificate-template.ts";
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
  /**
   * PEM, SEC 1, as client-go writes such keys (keyutil.MakeEllipticPrivateKeyPEM): fabric8's client takes any other
   * form for RSA.
   */
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

const usages = {
  authority: { keyUsage: 0b00000110, extended: undefined }, // keyCertSign, cRLSign
  server: { keyUsage: 0b10100000, extended: "1.3.6.1.5.5.7.3.1" }, // digitalSignature, keyEncipherment; serverAuth
  client: { keyUsage: 0b10100000, extended: "1.3.6.1.5.5.7.3.2" }, // …; clientAuth
} as const;

/** A new key with a certificate for it, signed by issuer or, without one, by itself. */
export function issueCertificate(request: CertificateRequest, issuer?: KeyAndCertificate): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = distinguishedName(request);
  const keyId = keyIdentifier(publicKey);
  const signer = issuer ? signerOf(issuer) : { name: subject, privateKey, keyId };
  const certificate = signed(
    { ...request, subject, publicKey, extensions: extensions(request, keyId, signer.keyId) },
    signer,
  );
  return { key: keyText(privateKey), certificate };
}

const keyText = (key: KeyObject): string => key.export({ type: "sec1", format: "pem" }) as string;

/** A new key, and PEM of what asks an authority for a certificate of it (PKCS #10, RFC 2986). */
export function requestCertificate(subject: Pick<CertificateRequest, "commonName" | "organizations">): {
  key: string;
  request: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { identifier, hash } = algorithmOf(privateKey);
  const body = sequence(
    integer(Buffer.from([0])),
    distinguishedName(subject),
    subjectPublicKeyInfo(publicKey),
    tagged(0),
  );
  const request = sequence(body, identifier, bitString(sign(hash, body, privateKey)));
  return { key: keyText(privateKey), request: pem("CERTIFICATE REQUEST", request) };
}

/** PEM of a certificate for somebody else's key, as Go's x509.CreateCertificate writes it. */
export function signCertificate(
  template: CertificateTemplate & { serial: Uint8Array },
  issuer: KeyAndCertificate,
): string {
  const signer = signerOf(issuer);
  const { names, keyUsage, extendedKeyUsages } = template;
  const extensions = [
    ...(keyUsage === 0 ? [] : [keyUsageExtension(keyUsage)]),
    ...(extendedKeyUsages.length === 0
      ? []
      : [extension("2.5.29.37", false, sequence(...extendedKeyUsages.map(objectIdentifier)))]),
    extension("2.5.29.19", true, sequence()),
    ...authorityKeyIdentifier(signer.keyId),
    ...alternativeNames([
      ...names.dnsNames.map((name) => implicit(2, Buffer.from(name))),
      ...names.emailAddresses.map((name) => implicit(1, Buffer.from(name))),
      ...names.ipAddresses.map((address) => implicit(7, address)),
      ...names.uris.map((uri) => implicit(6, Buffer.from(uri))),
    ]),
  ];
  return signed({ ...template, extensions }, signer);
}

interface Signer {
  name: Buffer;
  privateKey: KeyObject;
  /** By which its certificate calls its key, if it does. */
  keyId: Buffer | undefined;
}

const subjectKeyIdentifier = "2.5.29.14";

function signerOf({ key, certificate }: KeyAndCertificate): Signer {
  const { raw } = new X509Certificate(certificate);
  const keyId = extensionIn(raw, subjectKeyIdentifier);
  return {
    name: subjectIn(raw),
    privateKey: createPrivateKey(key),
    keyId: keyId && new DerReader(keyId).expect(derTags.octetString, "keyid").content,
  };
}

interface SignatureAlgorithm {
  identifier: Buffer;
  /** null: the algorithm has its own. */
  hash: string | null;
}

const nothing = Buffer.from([0x05, 0x00]);
const ecdsa = (suffix: number, hash: string): SignatureAlgorithm => ({
  identifier: sequence(objectIdentifier(`1.2.840.10045.4.3.${suffix}`)),
  hash,
});
const ecdsaByCurve: Readonly<Record<string, SignatureAlgorithm>> = {
  prime256v1: ecdsa(2, "sha256"),
  secp384r1: ecdsa(3, "sha384"),
  secp521r1: ecdsa(4, "sha512"),
};

/** The one that Go chooses for a key. Source: signingParamsForKey of crypto/x509. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureAlgorithm {
  if (asymmetricKeyType === "rsa")
    return { identifier: sequence(objectIdentifier("1.2.840.113549.1.1.11"), nothing), hash: "sha256" };
  if (asymmetricKeyType === "ed25519")
    return { identifier: sequence(objectIdentifier("1.3.101.112")), hash: null };
  const algorithm = ecdsaByCurve[asymmetricKeyDetails?.namedCurve ?? ""];
  if (!algorithm) throw new TypeError(`no certificates are signed by keys of the type ${asymmetricKeyType}`);
  return algorithm;
}

interface CertificateFields {
  serial: Uint8Array;
  notBefore: number;
  notAfter: number;
  subject: Buffer;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
}

function signed(fields: CertificateFields, signer: Signer): string {
  const { identifier, hash } = algorithmOf(signer.privateKey);
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(fields.serial),
    identifier,
    signer.name,
    sequence(time(fields.notBefore), time(fields.notAfter)),
    fields.subject,
    subjectPublicKeyInfo(fields.publicKey),
    tagged(3, sequence(...fields.extensions)),
  );
  const signature = sign(hash, body, signer.privateKey);
  return pem("CERTIFICATE", sequence(body, identifier, bitString(signature)));
}

function subjectPublicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

/** SHA-1 of the bits of a key of our own, as RFC 5280 suggests it for an identifier. */
function keyIdentifier(key: KeyObject): Buffer {
  // The bit string of an uncompressed P-256 point is the last 65 bytes of its SubjectPublicKeyInfo.
  return createHash("sha1").update(subjectPublicKeyInfo(key).subarray(-65)).digest();
}

function distinguishedName({
  commonName,
  organizations = [],
}: Pick<CertificateRequest, "commonName" | "organizations">): Buffer {
  const attribute = (type: string, value: string) => set(sequence(objectIdentifier(type), utf8String(value)));
  return sequence(
    ...organizations.map((organization) => attribute("2.5.4.10", organization)),
    attribute("2.5.4.3", commonName),
  );
}

function extensions(request: CertificateRequest, keyId: Buffer, issuerKeyId: Buffer | undefined): Buffer[] {
  const { keyUsage, extended } = usages[request.usage];
  const authority = request.usage === "authority";
  return [
    keyUsageExtension(keyUsage << 8),
    extension("2.5.29.19", true, sequence(...(authority ? [boolean(true)] : []))),
    extension(subjectKeyIdentifier, false, octetString(keyId)),
    ...authorityKeyIdentifier(issuerKeyId),
    ...(extended ? [extension("2.5.29.37", false, sequence(objectIdentifier(extended)))] : []),
    ...alternativeNames([
      ...(request.dnsNames ?? []).map((name) => implicit(2, Buffer.from(name))),
      ...(request.ipAddresses ?? []).map((address) => implicit(7, addressBytes(address))),
    ]),
  ];
}

/** The bits of two bytes, the first usage being the highest. */
function keyUsageExtension(keyUsage: number): Buffer {
  const bytes = (keyUsage & 0xff) === 0 ? [keyUsage >> 8] : [keyUsage >> 8, keyUsage & 0xff];
  const last = bytes.at(-1)!;
  const unused = 31 - Math.clz32(last & -last);
  return extension("2.5.29.15", true, bitString(Buffer.from(bytes), unused));
}

const authorityKeyIdentifier = (keyId: Buffer | undefined): Buffer[] =>
  keyId ? [extension("2.5.29.35", false, sequence(implicit(0, keyId)))] : [];

const alternativeNames = (names: readonly Buffer[]): Buffer[] =>
  names.length === 0 ? [] : [extension("2.5.29.17", false, sequence(...names))];

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
