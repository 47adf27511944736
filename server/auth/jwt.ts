/** JSON Web Tokens in compact form, signed with RS256 (RFC 7515, RFC 7519). */
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { JsonObject } from "../../api/object.ts";

/** A key to sign with, and its public half, which may be published. */
export class SigningKey {
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(privateKey: KeyObject) {
    this.#private = privateKey;
    this.#public = createPublicKey(privateKey);
    const der = this.#public.export({ type: "spki", format: "der" });
    // Source: keyIDFromPublicKey of pkg/serviceaccount.
    this.id = createHash("sha256").update(der).digest("base64url");
  }

  /** The key as a JSON Web Key (RFC 7517). */
  get publicJwk(): JsonObject {
    const { kty = "", n = "", e = "" } = this.#public.export({ format: "jwk" });
    return { use: "sig", kty, kid: this.id, alg: "RS256", n, e };
  }

  sign(claims: object): string {
    const content = `${encode({ alg: "RS256", kid: this.id })}.${encode(claims)}`;
    return `${content}.${sign("sha256", Buffer.from(content), this.#private).toString("base64url")}`;
  }

  verifies({ content, signature }: ParsedJwt): boolean {
    return verify("sha256", Buffer.from(content), this.#public, signature);
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
