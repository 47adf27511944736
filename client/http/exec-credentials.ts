import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Clock } from "../../api/clock.ts";
import type { CredentialSource } from "./credentials.ts";
import type { Credentials, ExecPlugin, ServerAccess } from "./server-access.ts";

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
  let asked: Promise<Credentials> | undefined;
  let expiry = Number.POSITIVE_INFINITY;
  const ask = async (): Promise<Credentials> => {
    const { status } = await answerOf(plugin, access);
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status ?? {};
    if (!token && !(cert && key)) throw new Error(`exec plugin ${plugin.command} told no credentials`);
    expiry = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY;
    return {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cert && key ? { cert, key } : {}),
    };
  };
  const forget = () => {
    asked = undefined;
  };
  return {
    get() {
      if (clock.now() >= expiry) forget();
      if (asked) return asked;
      const asking = ask();
      asked = asking;
      asking.catch(forget);
      return asking;
    },
    refused: forget,
  };
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
