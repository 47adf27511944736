import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ExecPlugin, ServerAccess } from "./server-access.ts";

interface Kubeconfig {
  "current-context"?: string;
  clusters?: Named<
    "cluster",
    Partial<Record<ClusterField, string>> & { "insecure-skip-tls-verify"?: boolean }
  >[];
  users?: Named<"user", Partial<Record<UserField, string>> & { exec?: Partial<ExecPlugin> | null }>[];
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

/** A kubeconfig that leads to no server; the message names the file. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/**
 * The server of a kubeconfig's current context, and its user; files are beside it.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ @throws KubeconfigError
 */
export async function readKubeconfig(path: string): Promise<ServerAccess> {
  const refuse = (problem: string): never => {
    throw new KubeconfigError(`${path}: ${problem}`);
  };
  const config = await parsed(path).catch((error: Error) => refuse(error.message));
  const { context } = config.contexts?.find(({ name }) => name === config["current-context"]) ?? {};
  if (!context) return refuse("its current-context names no context");
  const { cluster } = config.clusters?.find(({ name }) => name === context.cluster) ?? {};
  if (!cluster?.server) return refuse("its context names no cluster with a server");
  // Who cannot be sure of the server tells it nothing secret, as client-go has it.
  const isSecure = cluster.server.startsWith("https:");
  const { user = {} } = (isSecure && config.users?.find(({ name }) => name === context.user)) || {};
  const fileOf = (name: string | undefined) => (name ? resolve(dirname(path), name) : undefined);
  const text = async (data: string | undefined, name: string | undefined): Promise<string | undefined> => {
    if (data) return Buffer.from(data, "base64").toString("utf8");
    const file = fileOf(name);
    return file && readFile(file, "utf8").catch((error: Error) => refuse(error.message));
  };
  const token = user.token || (await text(undefined, user.tokenFile))?.trim();
  const access = {
    ca: await text(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: await text(user["client-certificate-data"], user["client-certificate"]),
    key: await text(user["client-key-data"], user["client-key"]),
    serverName: cluster["tls-server-name"],
    authorization: authorizationOf(user, token),
    tokenFile: fileOf(user.tokenFile),
    exec: user.exec ? execPlugin(user.exec, path) : undefined,
  };
  const present = Object.entries(access).filter(([, value]) => value !== undefined);
  return {
    url: cluster.server,
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    ...(Object.fromEntries(present) as Partial<ServerAccess>),
  };
}

async function parsed(path: string): Promise<Kubeconfig> {
  const { parseYaml } = await import("../../api/yaml.ts");
  const { value } = parseYaml(await readFile(path));
  if (typeof value !== "object" || value === null) throw new TypeError("it is no kubeconfig");
  return value as Kubeconfig;
}

function authorizationOf(
  { username, password = "" }: Partial<Record<UserField, string>>,
  token: string | undefined,
): string | undefined {
  if (token) return `Bearer ${token}`;
  return username ? `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` : undefined;
}

/** A command that is a path and not a name is beside the kubeconfig. */
function execPlugin(
  { apiVersion = "", command = "", args, env, provideClusterInfo = false }: Partial<ExecPlugin>,
  path: string,
): ExecPlugin {
  const isPath = command.includes("/");
  return {
    ...{ apiVersion, provideClusterInfo },
    command: isPath ? resolve(dirname(path), command) : command,
    args: args ?? [],
    env: env ?? [],
  };
}
