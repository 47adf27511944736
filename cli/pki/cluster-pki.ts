import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Random } from "../../api/clock.ts";
import { writeAtomically } from "../write-atomically.ts";
import { type CertificateRequest, issueCertificate, type KeyAndCertificate } from "./certificate.ts";

/** What a cluster needs to prove itself and to know its administrator. */
export interface ClusterPki {
  authority: KeyAndCertificate;
  server: KeyAndCertificate;
  admin: KeyAndCertificate;
}

export interface ServerNames {
  dnsNames: readonly string[];
  ipAddresses: readonly string[];
}

const hour = 3_600_000;
const year = 365 * 24 * hour;

function request(
  clock: Clock,
  random: Random,
  rest: Pick<CertificateRequest, "commonName" | "usage"> & Partial<CertificateRequest>,
): CertificateRequest {
  const now = clock.now();
  return {
    // An hour back, for clients whose clock is a little behind.
    notBefore: now - hour,
    notAfter: now + 10 * year,
    serial: Buffer.from(random.uuid().replaceAll("-", ""), "hex").subarray(0, 8),
    ...rest,
  };
}

function newAuthority(clock: Clock, random: Random): KeyAndCertificate {
  return issueCertificate(request(clock, random, { commonName: "kubefacade-ca", usage: "authority" }));
}

function newServer(
  clock: Clock,
  random: Random,
  authority: KeyAndCertificate,
  names: ServerNames,
): KeyAndCertificate {
  return issueCertificate(
    request(clock, random, { commonName: "kube-apiserver", usage: "server", ...names }),
    authority,
  );
}

function newAdmin(clock: Clock, random: Random, authority: KeyAndCertificate): KeyAndCertificate {
  return issueCertificate(
    request(clock, random, {
      commonName: "kubernetes-admin",
      organizations: ["system:masters"],
      usage: "client",
    }),
    authority,
  );
}

/** For a cluster that keeps nothing. */
export function temporaryPki(clock: Clock, random: Random, names: ServerNames): ClusterPki {
  const authority = newAuthority(clock, random);
  return {
    authority,
    server: newServer(clock, random, authority, names),
    admin: newAdmin(clock, random, authority),
  };
}

/**
 * The cluster's keys and certificates under directory, made at the first start; the server's is made anew when it does
 * not cover the wanted names or is about to end. Rejects with the system's error where a file cannot be read or written.
 */
export async function persistentPki(
  directory: string,
  clock: Clock,
  random: Random,
  names: ServerNames,
): Promise<ClusterPki> {
  const load = (name: string) => loadPair(directory, name);
  const save = async (name: string, pair: KeyAndCertificate) => {
    await savePair(directory, name, pair);
    return pair;
  };
  const authority = (await load("ca")) ?? (await save("ca", newAuthority(clock, random)));
  const server = await load("apiserver");
  const admin = await load("admin");
  return {
    authority,
    server:
      server && covers(server, authority, names, clock)
        ? server
        : await save("apiserver", newServer(clock, random, authority, names)),
    admin:
      admin && covers(admin, authority, { dnsNames: [], ipAddresses: [] }, clock)
        ? admin
        : await save("admin", newAdmin(clock, random, authority)),
  };
}

function covers(
  { certificate }: KeyAndCertificate,
  authority: KeyAndCertificate,
  { dnsNames, ipAddresses }: ServerNames,
  clock: Clock,
): boolean {
  const parsed = new X509Certificate(certificate);
  return (
    parsed.checkIssued(new X509Certificate(authority.certificate)) &&
    parsed.validToDate.getTime() > clock.now() + year / 12 &&
    dnsNames.every((name) => parsed.checkHost(name) !== undefined) &&
    ipAddresses.every((address) => parsed.checkIP(address) !== undefined)
  );
}

async function loadPair(directory: string, name: string): Promise<KeyAndCertificate | undefined> {
  try {
    const [key, certificate] = await Promise.all([
      readFile(join(directory, `${name}.key`), "utf8"),
      readFile(join(directory, `${name}.crt`), "utf8"),
    ]);
    return { key, certificate };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function savePair(
  directory: string,
  name: string,
  { key, certificate }: KeyAndCertificate,
): Promise<void> {
  // The certificate last: a pair without one is made anew.
  await writeAtomically(join(directory, `${name}.key`), key, 0o600);
  await writeAtomically(join(directory, `${name}.crt`), certificate, 0o644);
}
