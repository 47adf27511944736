import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { WebhookTarget } from "../server/auth/webhook-client.ts";
import { UsageError } from "./cluster-options.ts";

interface Kubeconfig {
  "current-context"?: string;
  clusters?: Named<
    "cluster",
    Partial<Record<ClusterField, string>> & { "insecure-skip-tls-verify"?: boolean }
  >[];
  users?: Named<"user", Partial<Record<UserField, string>>>[];
  contexts?: Named<"context", { cluster?: string; user?: string }>[];
}

type ClusterField = "server" | "certificate-authority" | "certificate-authority-data" | "tls-server-name";
type UserField =
  | "client-certificate"
  | "client-certificate-data"
  | "client-key"
  | "client-key-data"
  | "token"
  | "tokenFile"
  | "username"
  | "password";
type Named<K extends string, T> = { name?: string } & Partial<Record<K, T>>;

/**
 * Where a webhook is, from a kubeconfig: its cluster is the webhook, its user the API server.
 * flag: names the file in errors. @throws UsageError
 */
export async function readWebhookTarget(flag: string, path: string): Promise<WebhookTarget> {
  const refuse = (problem: string): never => {
    throw new UsageError(`${flag}: ${path}: ${problem}`);
  };
  const config = await parsed(path).catch((error: Error) => refuse(error.message));
  const { context } = config.contexts?.find(({ name }) => name === config["current-context"]) ?? {};
  if (!context) return refuse("its current-context names no context");
  const { cluster } = config.clusters?.find(({ name }) => name === context.cluster) ?? {};
  if (!cluster?.server) return refuse("its context names no cluster with a server");
  // Who cannot be sure of the webhook tells it nothing secret, as client-go has it.
  const isSecure = cluster.server.startsWith("https:");
  const { user = {} } = (isSecure && config.users?.find(({ name }) => name === context.user)) || {};
  const text = async (data: string | undefined, file: string | undefined): Promise<string | undefined> => {
    if (data) return Buffer.from(data, "base64").toString("utf8");
    if (!file) return undefined;
    return readFile(resolve(dirname(path), file), "utf8").catch((error: Error) => refuse(error.message));
  };
  const target = {
    ca: await text(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: await text(user["client-certificate-data"], user["client-certificate"]),
    key: await text(user["client-key-data"], user["client-key"]),
    serverName: cluster["tls-server-name"],
    authorization: credentials(user, user.token ?? (await text(undefined, user.tokenFile))?.trim()),
  };
  const present = Object.entries(target).filter(([, value]) => value !== undefined);
  return {
    url: cluster.server,
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    ...(Object.fromEntries(present) as Partial<WebhookTarget>),
  };
}

async function parsed(path: string): Promise<Kubeconfig> {
  const { parseYaml } = await import("../api/yaml.ts");
  const { value } = parseYaml(await readFile(path));
  if (typeof value !== "object" || value === null) throw new TypeError("it is no kubeconfig");
  return value as Kubeconfig;
}

function credentials(
  { username, password = "" }: Partial<Record<UserField, string>>,
  token: string | undefined,
): string | undefined {
  if (token) return `Bearer ${token}`;
  return username ? `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` : undefined;
}
