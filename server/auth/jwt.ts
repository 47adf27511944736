/** JSON Web Tokens in compact form and their keys (RFC 7515, RFC 7517, RFC 7518, RFC 7519). */
import { constants, createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

interface Algorithm {
  keyType: "rsa" | "ec";
  hash: "sha256" | "sha384" | "sha512";
  pss?: boolean;
  curve?: string;
}

/** All that sign with a private key, by their names in RFC 7518. */
const algorithms: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ["ES256", { keyType: "ec", hash: "sha256", curve: "prime256v1" }],
  ["ES384", { keyType: "ec", hash: "sha384", curve: "secp384r1" }],
  ["ES512", { keyType: "ec", hash: "sha512", curve: "secp521r1" }],
  ["PS256", { keyType: "rsa", hash: "sha256", pss: true }],
  ["PS384", { keyType: "rsa", hash: "sha384", pss: true }],
  ["PS512", { keyType: "rsa", hash: "sha512", pss: true }],
  ["RS256", { keyType: "rsa", hash: "sha256" }],
  ["RS384", { keyType: "rsa", hash: "sha384" }],
  ["RS512", { keyType: "rsa", hash: "sha512" }],
]);

export const signatureAlgorithms: readonly string[] = [...algorithms.keys()];

function fits(key: KeyObject, { keyType, curve }: Algorithm): boolean {
  return key.asymmetricKeyType === keyType && key.asymmetricKeyDetails?.namedCurve === curve;
}

/** How a signature is made and read. */
const signatureForm = (key: KeyObject, { pss }: Algorithm) => ({
  key,
  dsaEncoding: "ieee-p1363" as const,
  ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : {}),
});

/** Whether a key's private half has signed a token, by the algorithm that the token names. */
export function isSignedBy({ header, content, signature }: ParsedJwt, key: KeyObject): boolean {
  const algorithm = algorithms.get(String(header.alg));
  if (!algorithm || !fits(key, algorithm)) return false;
  return verify(algorithm.hash, Buffer.from(content), signatureForm(key, algorithm), signature);
}

/** A public key that others may know. */
export class VerificationKey {
  readonly id: string;
  readonly key: KeyObject;
  /** What the server signs with its private half. */
  readonly algorithm: string;

  /** @throws RangeError for a key that cannot sign tokens */
  constructor(key: KeyObject) {
    this.key = key.type === "private" ? createPublicKey(key) : key;
    const algorithm = ["RS256", "ES256", "ES384", "ES512"].find((name) =>
      fits(this.key, algorithms.get(name)!),
    );
    if (!algorithm) throw new RangeError("unknown private key curve, must be 256, 384, or 521");
    this.algorithm = algorithm;
    const der = this.key.export({ type: "spki", format: "der" });
    // Source: keyIDFromPublicKey of pkg/serviceaccount.
    this.id = createHash("sha256").update(der).digest("base64url");
  }

  /** The key as a JSON Web Key. */
  get jwk(): object {
    const { kty, crv, x, y, n, e } = this.key.export({ format: "jwk" });
    return { use: "sig", kty, kid: this.id, crv, alg: this.algorithm, x, y, n, e };
  }

  verifies(token: ParsedJwt): boolean {
    return isSignedBy(token, this.key);
  }
}

/** A key to sign with, and its public half. */
export class SigningKey extends VerificationKey {
  readonly #private: KeyObject;

  constructor(privateKey: KeyObject) {
    super(privateKey);
    this.#private = privateKey;
  }

  sign(claims: object): string {
    const algorithm = algorithms.get(this.algorithm)!;
    const content = `${encode({ alg: this.algorithm, kid: this.id })}.${encode(claims)}`;
    const signature = sign(algorithm.hash, Buffer.from(content), signatureForm(this.#private, algorithm));
    return `${content}.${signature.toString("base64url")}`;
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

export interface ParsedJwt {
  header: { alg?: unknown; kid?: unknown };
  /** Not to be trusted before the signature is verified. */
  claims: Readonly<Record<string, unknown>>;
  /** What is signed. */
  content: string;
  signature: Uint8Array;
}

/** The parts of a token; undefined for anything else. */
export function parseJwt(token: string): ParsedJwt | undefined {
  const [header, claims, signature, more] = token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || more !== undefined)
    return undefined;
  const parts = [header, claims].map(decode);
  if (!parts[0] || !parts[1]) return undefined;
  return {
    header: parts[0],
    claims: parts[1],
    content: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
