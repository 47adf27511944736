/** PKCS#10 certificate requests. Error texts: Go's crypto/x509. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  type AlternativeNames,
  noAlternativeNames,
  readAlternativeNames,
  subjectAltNameOid,
} from "./alternative-names.ts";
import { DerError, DerReader, derTags, oidText } from "./der.ts";
import { decodePem } from "./pem.ts";

/** A request that can't be read, or whose signature is wrong. */
export class CertificateRequestError extends Error {
  override readonly name = "CertificateRequestError";
}

export interface CertificateRequest extends AlternativeNames {
  commonName: string;
  organizations: readonly string[];
  /** The distinguished name as it stands in the request. */
  subject: Buffer;
  publicKey: KeyObject;
  /** Throws a CertificateRequestError. */
  checkSignature(): void;
}

interface Algorithm {
  digest: string | null;
  key: "rsa" | "ec" | "ed25519";
  /** RSA with a salt of the digest's length. */
  saltLength?: number;
}

const algorithms = new Map<string, Algorithm>([
  ["1.2.840.113549.1.1.5", { digest: "sha1", key: "rsa" }],
  ["1.2.840.113549.1.1.11", { digest: "sha256", key: "rsa" }],
  ["1.2.840.113549.1.1.12", { digest: "sha384", key: "rsa" }],
  ["1.2.840.113549.1.1.13", { digest: "sha512", key: "rsa" }],
  ["1.2.840.10045.4.1", { digest: "sha1", key: "ec" }],
  ["1.2.840.10045.4.3.2", { digest: "sha256", key: "ec" }],
  ["1.2.840.10045.4.3.3", { digest: "sha384", key: "ec" }],
  ["1.2.840.10045.4.3.4", { digest: "sha512", key: "ec" }],
  ["1.3.101.112", { digest: null, key: "ed25519" }],
]);
const md5 = "1.2.840.113549.1.1.4";
const rsaPss = "1.2.840.113549.1.1.10";
/** The digest of RSA-PSS, by the identifier in its parameters. */
const pssDigests = new Map<string, Algorithm>([
  ["2.16.840.1.101.3.4.2.1", { digest: "sha256", key: "rsa", saltLength: 32 }],
  ["2.16.840.1.101.3.4.2.2", { digest: "sha384", key: "rsa", saltLength: 48 }],
  ["2.16.840.1.101.3.4.2.3", { digest: "sha512", key: "rsa", saltLength: 64 }],
]);

const failures = {
  rsa: "crypto/rsa: verification error",
  ec: "x509: ECDSA verification failure",
  ed25519: "x509: Ed25519 verification failure",
};

const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";
const extensionRequestOid = "1.2.840.113549.1.9.14";

/** The request in a PEM text: certificates.ParseCSR. */
export function parsePemCertificateRequest(pem: string): CertificateRequest {
  const block = decodePem(pem)[0];
  if (block?.type !== "CERTIFICATE REQUEST") {
    throw new CertificateRequestError("PEM block type must be CERTIFICATE REQUEST");
  }
  return parseCertificateRequest(block.bytes);
}

/** x509.ParseCertificateRequest. */
export function parseCertificateRequest(der: Buffer): CertificateRequest {
  try {
    return readRequest(der);
  } catch (error) {
    if (error instanceof DerError) throw new CertificateRequestError(error.message);
    throw error;
  }
}

function readRequest(der: Buffer): CertificateRequest {
  const outer = new DerReader(der);
  const request = outer.sequence("certificateRequest");
  const toBeSigned = request.expect(derTags.sequence, "tbsCertificateRequest");
  const info = new DerReader(toBeSigned.content);
  info.expect(derTags.integer, "int");
  const subject = info.expect(derTags.sequence, "RawValue");
  const keyInfo = info.expect(derTags.sequence, "publicKeyInfo");
  const names = info.done ? noAlternativeNames() : readAttributes(info.any().content);
  const algorithm = readAlgorithm(request.sequence("AlgorithmIdentifier"));
  const signature = request.expect(derTags.bitString, "BitString").content.subarray(1);
  if (!outer.done) throw new DerError("asn1: syntax error: trailing data");
  const publicKey = readKey(keyInfo.whole);
  return {
    ...readSubject(new DerReader(subject.content)),
    ...names,
    subject: subject.whole,
    publicKey,
    checkSignature() {
      if (typeof algorithm === "string") throw new CertificateRequestError(algorithm);
      checkSignature(algorithm, toBeSigned.whole, publicKey, signature);
    },
  };
}

function readKey(der: Buffer): KeyObject {
  try {
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    throw new DerError("x509: unknown public key algorithm");
  }
}

/** The algorithm, or what is wrong with it. */
function readAlgorithm(identifier: DerReader): Algorithm | string {
  const oid = oidText(identifier.expect(derTags.oid, "ObjectIdentifier"));
  if (oid === md5) return "x509: cannot verify signature: insecure algorithm MD5-RSA";
  const unknown = "x509: cannot verify signature: algorithm unimplemented";
  if (oid !== rsaPss) return algorithms.get(oid) ?? unknown;
  if (identifier.done) return unknown;
  const parameters = identifier.sequence("pssParameters");
  if (parameters.done) return unknown;
  const hash = new DerReader(parameters.any().content).sequence("AlgorithmIdentifier");
  return pssDigests.get(oidText(hash.expect(derTags.oid, "ObjectIdentifier"))) ?? unknown;
}

function checkSignature(algorithm: Algorithm, data: Buffer, key: KeyObject, signature: Buffer): void {
  const { digest, saltLength } = algorithm;
  if (key.asymmetricKeyType !== algorithm.key) {
    const names = { rsa: "RSA", ec: "ECDSA", ed25519: "Ed25519" };
    const detail = `signature algorithm specifies an ${names[algorithm.key]} public key, but have public key of another type`;
    throw new CertificateRequestError(`x509: ${detail}`);
  }
  // RSA_PKCS1_PSS_PADDING is 6.
  const options = saltLength === undefined ? key : { key, padding: 6, saltLength };
  if (!verify(digest, data, options, signature)) throw new CertificateRequestError(failures[algorithm.key]);
}

function readSubject(name: DerReader): { commonName: string; organizations: string[] } {
  let commonName = "";
  const organizations: string[] = [];
  while (!name.done) {
    const set = new DerReader(name.expect(derTags.set, "RelativeDistinguishedNameSET").content);
    while (!set.done) {
      const pair = set.sequence("AttributeTypeAndValue");
      const oid = oidText(pair.expect(derTags.oid, "ObjectIdentifier"));
      const value = pair.any().content.toString("utf8");
      if (oid === commonNameOid) commonName = value;
      if (oid === organizationOid) organizations.push(value);
    }
  }
  return { commonName, organizations };
}

/** The subject alternative names that a request asks for. */
function readAttributes(content: Buffer): AlternativeNames {
  const attributes = new DerReader(content);
  while (!attributes.done) {
    const attribute = attributes.sequence("attribute");
    if (oidText(attribute.expect(derTags.oid, "ObjectIdentifier")) !== extensionRequestOid) continue;
    const values = new DerReader(attribute.expect(derTags.set, "values").content);
    if (values.done) continue;
    const extensions = values.sequence("extensions");
    while (!extensions.done) {
      const extension = extensions.sequence("Extension");
      if (oidText(extension.expect(derTags.oid, "ObjectIdentifier")) !== subjectAltNameOid) continue;
      let value = extension.any();
      // A boolean before it says whether the extension is critical.
      if (value.tag === 1) value = extension.any();
      return readAlternativeNames(value.content);
    }
  }
  return noAlternativeNames();
}
