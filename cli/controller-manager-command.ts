import { resolve } from "node:path";
import { Command, Option } from "commander";
import { controllerNames, defaultControllerNames } from "../controllers/controller-manager.ts";
import { UsageError } from "./cluster-options.ts";
import { type ControllerManagerOptions, runControllerManager } from "./controller-manager.ts";
import { endSignal } from "./end-signal.ts";
import { booleanFlag, joined, listed, milliseconds, readFlagFile } from "./flag-values.ts";

interface Flags {
  kubeconfig: string;
  controllers?: string[];
  featureGates?: string;
  useServiceAccountCredentials: boolean;
  clusterSigningCertFile?: string;
  clusterSigningKeyFile?: string;
  clusterSigningDuration: number;
  rootCaFile?: string;
  serviceAccountPrivateKeyFile?: string;
  legacyServiceAccountTokenCleanUpPeriod: number;
  leaderElect: boolean;
  leaderElectLeaseDuration: number;
  leaderElectRenewDeadline: number;
  leaderElectRetryPeriod: number;
  leaderElectResourceName: string;
  leaderElectResourceNamespace: string;
}

const duration = (flag: string, description: string, value: number, shown: string) =>
  new Option(`--${flag} <duration>`, description).argParser(milliseconds).default(value, shown);

const onDemand = controllerNames.filter((name) => !defaultControllerNames.includes(name));
const year = 365 * 24 * 3_600_000;

/** kubefacade controller-manager: the controllers against any API server, in the foreground. */
export function controllerManagerCommand(exit: (code: number) => void): Command {
  return new Command("controller-manager")
    .description(
      "Run the controllers against any API server, by the flags of kube-controller-manager; Ctrl-C or SIGTERM ends it.",
    )
    .requiredOption("--kubeconfig <file>", "kubeconfig of the API server and the user to be")
    .option(
      "--controllers <names>",
      `controllers to run: "*" for all that are on by default, a name for one, -name for all but it; default: * (${controllerNames.join(", ")}); off by default: ${onDemand.join(", ")}`,
      listed,
    )
    .option("--feature-gates <settings>", "feature gates, as Gate=true", joined)
    .addOption(
      booleanFlag(
        "use-service-account-credentials",
        "each controller acts as its own service account",
      ).default(false),
    )
    .option("--cluster-signing-cert-file <file>", "PEM of the authority that certificates are issued by")
    .option("--cluster-signing-key-file <file>", "PEM of its RSA or ECDSA key")
    .addOption(
      duration("cluster-signing-duration", "how long certificates are good at most", year, "8760h0m0s"),
    )
    .option(
      "--root-ca-file <file>",
      "PEM of the authorities that clients within the cluster trust; default: the kubeconfig's",
    )
    .option(
      "--service-account-private-key-file <file>",
      "PEM of the RSA key that tokens in secrets are signed by",
    )
    .addOption(
      duration(
        "legacy-service-account-token-clean-up-period",
        "how long a token in a secret may stay unused, and then be invalid",
        ...([year, "8760h0m0s"] as const),
      ),
    )
    .addOption(booleanFlag("leader-elect", "run only while no other does").default(true))
    .addOption(
      duration("leader-elect-lease-duration", "how long others wait for a silent leader", 15_000, "15s"),
    )
    .addOption(
      duration(
        "leader-elect-renew-deadline",
        "after how long a leader that cannot say so gives up",
        10_000,
        "10s",
      ),
    )
    .addOption(duration("leader-elect-retry-period", "between two attempts to lead or to say so", 2000, "2s"))
    .option("--leader-elect-resource-name <name>", "name of the Lease", "kube-controller-manager")
    .option("--leader-elect-resource-namespace <name>", "namespace of the Lease", "kube-system")
    .action(async (flags: Flags) => exit(await run(flags)));
}

async function run(flags: Flags): Promise<number> {
  const ending = new AbortController();
  void endSignal().then(() => ending.abort());
  // While the server is gone, nothing else keeps the process.
  const stay = setInterval(() => {}, 2 ** 31 - 1);
  try {
    const log = (line: string) => console.error(`kubefacade: ${line}`);
    const ended = await runControllerManager({ ...(await optionsOf(flags)), signal: ending.signal, log });
    if (!ended) log("another leads, or nobody can be told who does");
    return ended ? 0 : 1;
  } finally {
    clearInterval(stay);
  }
}

type Options = Omit<ControllerManagerOptions, "signal" | "log">;

async function optionsOf(flags: Flags): Promise<Options> {
  const [cert, key, rootCa, serviceAccountPrivateKey] = await Promise.all([
    readFlagFile("--cluster-signing-cert-file", flags.clusterSigningCertFile),
    readFlagFile("--cluster-signing-key-file", flags.clusterSigningKeyFile),
    readFlagFile("--root-ca-file", flags.rootCaFile),
    readFlagFile("--service-account-private-key-file", flags.serviceAccountPrivateKeyFile),
  ]);
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError("--cluster-signing-cert-file and --cluster-signing-key-file go together");
  return {
    kubeconfig: resolve(flags.kubeconfig),
    useServiceAccountCredentials: flags.useServiceAccountCredentials,
    clusterSigningDuration: flags.clusterSigningDuration,
    legacyServiceAccountTokenCleanUpPeriod: flags.legacyServiceAccountTokenCleanUpPeriod,
    ...(flags.controllers ? { controllers: flags.controllers } : {}),
    ...(flags.featureGates === undefined ? {} : { featureGates: flags.featureGates }),
    ...(cert === undefined || key === undefined ? {} : { clusterSigning: { cert, key } }),
    ...(rootCa === undefined ? {} : { rootCa }),
    ...(serviceAccountPrivateKey === undefined ? {} : { serviceAccountPrivateKey }),
    ...(flags.leaderElect ? { leaderElection: leaderElectionOf(flags) } : {}),
  };
}

/** Source: validation of client-go's leader election. @throws UsageError */
function leaderElectionOf(flags: Flags): NonNullable<Options["leaderElection"]> {
  const { leaderElectLeaseDuration: leaseDuration, leaderElectRenewDeadline: renewDeadline } = flags;
  const { leaderElectRetryPeriod: retryPeriod } = flags;
  if (leaseDuration <= renewDeadline)
    throw new UsageError("--leader-elect-lease-duration must be greater than --leader-elect-renew-deadline");
  if (renewDeadline <= retryPeriod * 1.2)
    throw new UsageError(
      "--leader-elect-renew-deadline must be greater than 1.2 times --leader-elect-retry-period",
    );
  const { leaderElectResourceName: name, leaderElectResourceNamespace: namespace } = flags;
  return { namespace, name, leaseDuration, renewDeadline, retryPeriod };
}
