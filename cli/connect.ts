import type { Clock } from "../api/clock.ts";
import type { Client } from "../client/client.ts";
import { credentialsOf } from "../client/http/credentials.ts";
import { HttpClient } from "../client/http/http-client.ts";
import { readKubeconfig } from "../client/http/kubeconfig.ts";
import { version } from "./package-version.ts";
import { systemClock } from "./system-clock.ts";

export interface ConnectOptions {
  /** Path of a kubeconfig, whose current context tells the server and the user. */
  kubeconfig: string;
  userAgent?: string;
  clock?: Clock;
}

/** How long an answer may take, in milliseconds: a little more than API servers give themselves. */
export const answerTimeout = 65_000;

/**
 * A client of any API server. close lets go of its connections.
 * @throws KubeconfigError where the kubeconfig leads to none
 */
export async function connect(options: ConnectOptions): Promise<Client & { close(): void }> {
  const { kubeconfig, clock = systemClock, userAgent = `kubefacade/${version}` } = options;
  const access = await readKubeconfig(kubeconfig);
  const credentials = await credentialsOf(access, clock);
  return new HttpClient({ access, credentials, clock, userAgent, timeout: answerTimeout });
}
