import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Clock } from "../../api/clock.ts";
import { type CredentialSource, expiringCredentials } from "./credentials.ts";
import type { ExecPlugin, ServerAccess } from "./server-access.ts";

interface ExecCredential {
  status?: {
    token?: string;
    clientCertificateData?: string;
    clientKeyData?: string;
    expirationTimestamp?: string;
  };
}

const run = promisify(execFile);

/** Asks a program who we are, again when that expires or is refused. Source: client-go/plugin/pkg/client/auth/exec. */
export function execCredentials(plugin: ExecPlugin, access: ServerAccess, clock: Clock): CredentialSource {
  return expiringCredentials(clock, async () => {
    const { status } = await answerOf(plugin, access);
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status ?? {};
    if (!token && !(cert && key)) throw new Error(`exec plugin ${plugin.command} told no credentials`);
    const credentials = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cert && key ? { cert, key } : {}),
    };
    const goodUntil = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY;
    return { credentials, goodUntil };
  });
}

async function answerOf(
  plugin: ExecPlugin,
  { url, ca, serverName, insecure }: ServerAccess,
): Promise<ExecCredential> {
  const { apiVersion, command, args, env, provideClusterInfo } = plugin;
  const cluster = {
    server: url,
    ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
    ...(insecure ? { "insecure-skip-tls-verify": true } : {}),
    ...(ca === undefined ? {} : { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
  };
  const spec = { interactive: false, ...(provideClusterInfo ? { cluster } : {}) };
  const info = JSON.stringify({ kind: "ExecCredential", apiVersion, spec });
  const added = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const { stdout } = await run(command, [...args], {
    env: { ...process.env, ...added, KUBERNETES_EXEC_INFO: info },
  });
  return JSON.parse(stdout) as ExecCredential;
}
