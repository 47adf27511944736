import { delimiter, join, resolve } from "node:path";
import { Command } from "commander";
import type { KubeObject } from "../api/object.ts";
import { StatusError } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import { readKubeconfig } from "../client/http/kubeconfig.ts";
import { UsageError } from "./cluster-options.ts";
import { connect } from "./connect.ts";
import { defaultDataDir } from "./data-dir.ts";
import { listed } from "./flag-values.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { requestCertificate } from "./pki/certificate.ts";

interface Flags {
  user: string;
  group?: string[];
  kubeconfig?: string;
  dataDir: string;
}

const requests = { group: "certificates.k8s.io", version: "v1", resource: "certificatesigningrequests" };
const waitMilliseconds = 30_000;

/** kubefacade kubeconfig: a kubeconfig for somebody else. */
export function kubeconfigCommand(): Command {
  return new Command("kubeconfig")
    .description("Write a kubeconfig for a user of a running cluster, with a certificate of its own.")
    .requiredOption("--user <name>", "who is to log in with it")
    .option("--group <names>", "groups of the user", listed)
    .option(
      "--kubeconfig <file>",
      "kubeconfig of the administrator; default: KUBECONFIG, or that of the data directory",
    )
    .option(
      "--data-dir <dir>",
      "data directory of the cluster",
      defaultDataDir(process.env, process.platform),
    )
    .action(async (flags: Flags) => {
      process.stdout.write(await userKubeconfig(flags));
    });
}

async function userKubeconfig({ user, group = [], dataDir, ...flags }: Flags): Promise<string> {
  const [given] = (process.env["KUBECONFIG"] ?? "").split(delimiter);
  const administrator = resolve(flags.kubeconfig ?? (given || join(dataDir, "kubeconfig")));
  const { url, ca } = await readKubeconfig(administrator);
  if (ca === undefined)
    throw new UsageError(`${administrator}: it names no authority that the cluster is known by`);
  const { key, request } = requestCertificate({ commonName: user, organizations: group });
  const client = await connect({ kubeconfig: administrator });
  try {
    const certificate = await issue(client, request);
    return kubeconfig({ name: user, url, authority: ca, user: { key, certificate } });
  } catch (error) {
    if (error instanceof StatusError) throw new UsageError(error.message);
    throw error;
  } finally {
    client.close();
  }
}

interface Request extends KubeObject {
  status?: { certificate?: string; conditions?: readonly { type: string; message?: string }[] };
}

/** Asks for a certificate, approves it, and waits for it. @throws UsageError where none comes */
async function issue(client: Client, request: string): Promise<string> {
  const asked = await client.create(requests, {
    ...{ kind: "CertificateSigningRequest", apiVersion: "certificates.k8s.io/v1" },
    metadata: { generateName: "kubefacade-" },
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
      request: Buffer.from(request).toString("base64"),
    },
  } as KubeObject);
  const approved = { type: "Approved", status: "True", reason: "KubefacadeKubeconfig" };
  const status = { conditions: [{ ...approved, message: "asked for by the administrator" }] };
  const { metadata } = await client.update(requests, { ...asked, status } as KubeObject, {
    subresource: "approval",
  });
  const events = client.watch(requests, {
    fieldSelector: `metadata.name=${metadata.name}`,
    resourceVersion: "0",
    signal: AbortSignal.timeout(waitMilliseconds),
  });
  for await (const { object } of events) {
    const { certificate, conditions = [] } = (object as Request).status ?? {};
    if (certificate) return Buffer.from(certificate, "base64").toString("utf8");
    const failure = conditions.find(({ type }) => type === "Failed");
    if (failure) throw new UsageError(`the cluster issues no certificate: ${failure.message}`);
  }
  throw new UsageError("the cluster issues no certificate: does the controller that signs them run?");
}
