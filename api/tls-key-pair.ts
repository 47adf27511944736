/**
 * Whether a certificate and a key belong together, in the words of Go's crypto/tls.X509KeyPair (what a Secret of type
 * kubernetes.io/tls is warned about).
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

interface PemBlock {
  type: string;
  der: Buffer;
}

const blockPattern = /-----BEGIN ([^\n-]{0,64})-----[ \t\r]*\n([^-]*)\n?-----END \1-----/g;

function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(blockPattern)].map(([, type = "", body = ""]) => ({
    type,
    // Headers ("Proc-Type: …") end at an empty line.
    der: Buffer.from(body.replace(/^(?:[^\n:]+:[^\n]*\n)+\r?\n/, ""), "base64"),
  }));
}

/** undefined: they are a pair. Both texts are PEM. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const blocks = pemBlocks(certificate);
  const leaf = blocks.find(({ type }) => type === "CERTIFICATE");
  if (!leaf) return noCertificate(blocks.map(({ type }) => type));
  const keyBlocks = pemBlocks(key);
  const keyBlock = keyBlocks.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (!keyBlock) return noKey(keyBlocks.map(({ type }) => type));
  const publicKey = publicKeyOf(leaf);
  if (!publicKey) return "x509: malformed certificate";
  const privateKey = privateKeyOf(keyBlock);
  if (!privateKey) return "tls: failed to parse private key";
  if (publicKey.asymmetricKeyType !== privateKey.asymmetricKeyType) {
    return "tls: private key type does not match public key type";
  }
  const own = createPublicKey(privateKey);
  return own.equals(publicKey) ? undefined : "tls: private key does not match public key";
}

function noCertificate(types: readonly string[]): string {
  if (types.length === 0) return "tls: failed to find any PEM data in certificate input";
  if (types.length === 1 && types[0]!.endsWith("PRIVATE KEY")) {
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function noKey(types: readonly string[]): string {
  if (types.length === 0) return "tls: failed to find any PEM data in key input";
  if (types.length === 1 && types[0] === "CERTIFICATE") {
    return "tls: found a certificate rather than a key in the PEM for the private key";
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function publicKeyOf({ der }: PemBlock): KeyObject | undefined {
  try {
    return new X509Certificate(der).publicKey;
  } catch {
    return undefined;
  }
}

/** As Go does, whatever the block says: PKCS #1, then PKCS #8, then SEC 1. */
function privateKeyOf({ der }: PemBlock): KeyObject | undefined {
  for (const type of ["pkcs1", "pkcs8", "sec1"] as const) {
    try {
      return createPrivateKey({ key: der, format: "der", type });
    } catch {
      // Not of this form: the next one.
    }
  }
  return undefined;
}
