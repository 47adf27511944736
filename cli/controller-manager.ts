import { createPrivateKey, X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import type { Clock, Random } from "../api/clock.ts";
import { defaultFeatureGates, parseFeatureGates } from "../api/feature-gates.ts";
import type { Client } from "../client/client.ts";
import { credentialsOf } from "../client/http/credentials.ts";
import { HttpClient } from "../client/http/http-client.ts";
import { readKubeconfig } from "../client/http/kubeconfig.ts";
import { runAsLeader } from "../client/leader-election.ts";
import type { ControllerContext } from "../controllers/controller.ts";
import { startControllers } from "../controllers/controller-manager.ts";
import { SigningKey } from "../server/auth/jwt.ts";
import { issueLegacyToken } from "../server/auth/legacy-tokens.ts";
import { kubernetesVersion } from "../server/http/version.ts";
import { accountCredentials } from "./account-credentials.ts";
import { readOption, UsageError } from "./cluster-options.ts";
import { answerTimeout } from "./connect.ts";
import { wantedControllers } from "./controllers.ts";
import { certificateAuthority } from "./pki/certificate-authority.ts";
import { systemClock, systemRandom } from "./system-clock.ts";

/** There may be other API servers than the one that is talked to. In milliseconds. */
const namespaceDeletionGrace = 5000;

/** Names follow kube-controller-manager's flags; times are in milliseconds, files their PEM. */
export interface ControllerManagerOptions {
  /** Path. */
  kubeconfig: string;
  controllers?: readonly string[];
  /** "Gate=true,Other=false" */
  featureGates?: string;
  /** Each controller acts as its own service account in kube-system. */
  useServiceAccountCredentials?: boolean;
  clusterSigning?: { cert: string; key: string };
  clusterSigningDuration?: number;
  /** Default: the authority of the kubeconfig. */
  rootCa?: string;
  serviceAccountPrivateKey?: string;
  legacyServiceAccountTokenCleanUpPeriod?: number;
  /** undefined: it runs without asking others. */
  leaderElection?: LeaderElection;
  signal: AbortSignal;
  clock?: Clock;
  random?: Random;
  /** Hears of what goes on. */
  log: (line: string) => void;
}

export interface LeaderElection {
  namespace: string;
  name: string;
  leaseDuration: number;
  renewDeadline: number;
  retryPeriod: number;
}

/**
 * Runs controllers against any API server until the signal aborts; resolves to whether it ended for that, and not
 * because another leads now. @throws UsageError, KubeconfigError
 */
export async function runControllerManager(options: ControllerManagerOptions): Promise<boolean> {
  const { clock = systemClock, random = systemRandom, signal, log, leaderElection } = options;
  const onError = (error: unknown) => log(error instanceof Error ? error.message : String(error));
  const { client, context, clients } = await connected(options, clock, random);
  const run = (ending: AbortSignal) =>
    startControllers({ ...context, ...clients, clock, random, onError, signal: ending });
  try {
    if (!leaderElection) {
      await run(signal);
      log("the controllers run");
      await aborted(signal);
      return true;
    }
    await runAsLeader({
      ...{ client, clock, random, signal, onError, ...leaderElection, releaseOnEnd: true },
      identity: `${hostname()}_${random.uuid()}`,
      onNewLeader: (identity) => log(`${identity} leads`),
      async lead(leading) {
        await run(leading);
        log("the controllers run");
        await aborted(leading);
      },
    });
    return signal.aborted;
  } finally {
    client.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

type Clients = Pick<Parameters<typeof startControllers>[0], "client" | "clientOf">;
type Settings = Omit<
  Parameters<typeof startControllers>[0],
  keyof Clients | "clock" | "random" | "onError" | "signal"
>;

async function connected(
  options: ControllerManagerOptions,
  clock: Clock,
  random: Random,
): Promise<{ client: HttpClient; clients: Clients; context: Settings }> {
  const access = await readKubeconfig(options.kubeconfig);
  const credentials = await credentialsOf(access, clock);
  const userAgent = `kube-controller-manager/${kubernetesVersion}`;
  const shared = { access, clock, userAgent, timeout: answerTimeout };
  const client = new HttpClient({ ...shared, credentials });
  const asAccount = (account: string): Client => {
    const { ca, url, serverName, insecure } = access;
    const server = {
      url,
      ...(ca ? { ca } : {}),
      ...(serverName ? { serverName } : {}),
      ...(insecure ? { insecure } : {}),
    };
    return new HttpClient({
      ...shared,
      access: server,
      credentials: accountCredentials(client, clock, account),
    });
  };
  const isPersonal = options.useServiceAccountCredentials ?? false;
  const clientOf = (account: string | undefined): Client =>
    isPersonal && account !== undefined ? asAccount(account) : client;
  const context = settingsOf(options, access.ca ?? "", random);
  return { client, clients: { client, clientOf }, context };
}

function settingsOf(options: ControllerManagerOptions, serverCa: string, random: Random): Settings {
  const { clusterSigning, clusterSigningDuration, rootCa = serverCa, log } = options;
  const { serviceAccountPrivateKey, legacyServiceAccountTokenCleanUpPeriod, featureGates } = options;
  const controllers = wantedControllers(options.controllers ?? ["*"]);
  if (!clusterSigning) log("no certificates are signed: there is no --cluster-signing-cert-file");
  if (serviceAccountPrivateKey === undefined)
    log("no token secrets are filled: there is no --service-account-private-key-file");
  return {
    ...{ controllers, rootCa, namespaceDeletionGrace },
    gates: readOption(() => (featureGates ? parseFeatureGates(featureGates) : defaultFeatureGates())),
    ...(clusterSigning ? { authority: authorityOf(clusterSigning, random) } : {}),
    ...(clusterSigningDuration === undefined ? {} : { signingDuration: clusterSigningDuration }),
    ...(serviceAccountPrivateKey === undefined
      ? {}
      : { legacyToken: legacyTokens(serviceAccountPrivateKey) }),
    ...(legacyServiceAccountTokenCleanUpPeriod === undefined
      ? {}
      : { legacyTokenCleanUpPeriod: legacyServiceAccountTokenCleanUpPeriod }),
  };
}

function authorityOf(files: { cert: string; key: string }, random: Random) {
  try {
    const certificate = new X509Certificate(files.cert);
    if (!certificate.checkPrivateKey(createPrivateKey(files.key))) throw new Error("they are no pair");
    return certificateAuthority({ certificate: files.cert, key: files.key }, random);
  } catch (error) {
    throw new UsageError(
      `--cluster-signing-cert-file and --cluster-signing-key-file: ${(error as Error).message}`,
    );
  }
}

function legacyTokens(pem: string): NonNullable<ControllerContext["legacyToken"]> {
  try {
    const key = new SigningKey(createPrivateKey(pem));
    return async (account, secret) => issueLegacyToken(key, account, secret);
  } catch (error) {
    throw new UsageError(`--service-account-private-key-file: ${(error as Error).message}`);
  }
}
