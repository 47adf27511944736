import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodePem } from "../../api/x509/pem.ts";
import { SigningKey, VerificationKey } from "../../server/auth/jwt.ts";
import { UsageError } from "../cluster-options.ts";
import { writeAtomically } from "../write-atomically.ts";

const generate = promisify(generateKeyPair);

/**
 * The key that signs tokens of service accounts, made when it is first needed; kept in directory, if there is one.
 * Rejects with the system's error where the file cannot be read or written.
 */
export function serviceAccountKey(directory: string | undefined): () => Promise<SigningKey> {
  let pending: Promise<SigningKey> | undefined;
  return () => {
    pending ??= loadOrMake(directory);
    return pending;
  };
}

/** The first private key of a PEM text. @throws UsageError. Source: keyutil.ParsePrivateKeyPEM. */
export function signingKeyOf(pem: string): SigningKey {
  const [key] = keysOf(pem, createPrivateKey);
  if (!key) {
    const problem = "data does not contain a valid RSA or ECDSA private key";
    throw new UsageError(`failed to parse service-account-issuer-key-file: ${problem}`);
  }
  return usable(() => new SigningKey(key));
}

/** All keys of a PEM text, public, private and of certificates. @throws UsageError. Source: keyutil.ParsePublicKeysPEM. */
export function verificationKeysOf(pem: string): VerificationKey[] {
  const keys = keysOf(pem, createPublicKey);
  if (keys.length === 0)
    throw new UsageError(
      "service-account-key-file: data does not contain any valid RSA or ECDSA public keys",
    );
  return keys.map((key) => usable(() => new VerificationKey(key)));
}

function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UsageError(`failed to set up service account keys: ${(error as Error).message}`);
  }
}

/** Blocks that hold no such key are passed over, such as EC PARAMETERS. */
function keysOf(pem: string, read: (block: string) => KeyObject): KeyObject[] {
  return decodePem(pem).flatMap(({ type, bytes }) => {
    try {
      return [read(`-----BEGIN ${type}-----\n${bytes.toString("base64")}\n-----END ${type}-----\n`)];
    } catch {
      return [];
    }
  });
}

async function loadOrMake(directory: string | undefined): Promise<SigningKey> {
  const path = directory && join(directory, "sa.key");
  const known = path && (await readIfThere(path));
  if (known) return new SigningKey(createPrivateKey(known));
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  if (path) await writeAtomically(path, privateKey.export({ type: "pkcs8", format: "pem" }) as string, 0o600);
  return new SigningKey(privateKey);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
