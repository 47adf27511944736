import { createPrivateKey, generateKeyPair } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SigningKey } from "../../server/auth/jwt.ts";
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
