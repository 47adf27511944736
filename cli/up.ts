import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { controllerNames } from "../controllers/controller-manager.ts";
import { defaultPluginNames } from "../server/admission/plugins.ts";
import { kubernetesVersion } from "../server/http/version.ts";
import { readAdmissionConfiguration } from "./admission-configuration.ts";
import {
  type AuthenticationFlags,
  addAuthenticationFlags,
  authenticationOptions,
} from "./authentication-flags.ts";
import {
  type AuthorizationFlags,
  addAuthorizationFlags,
  authorizationOptions,
} from "./authorization-flags.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";
import { defaultDataDir } from "./data-dir.ts";
import { endSignal } from "./end-signal.ts";
import { joined, listed, milliseconds, portNumber, readFlagFile, wholeNumber } from "./flag-values.ts";
import { version } from "./package-version.ts";
import { writeAtomically } from "./write-atomically.ts";

interface UpFlags extends AuthenticationFlags, AuthorizationFlags {
  bindAddress: string;
  advertiseAddress?: string;
  securePort: number;
  tlsCertFile?: string;
  tlsPrivateKeyFile?: string;
  serviceClusterIpRange: string;
  serviceNodePortRange: string;
  runtimeConfig?: string;
  featureGates?: string;
  controllers?: string[];
  admissionControlConfigFile?: string;
  enableAdmissionPlugins: string[];
  disableAdmissionPlugins: string[];
  defaultNotReadyTolerationSeconds: number;
  defaultUnreachableTolerationSeconds: number;
  maxRequestsInflight: number;
  maxMutatingRequestsInflight: number;
  minRequestTimeout: number;
  eventTtl: number;
  etcdCompactionInterval: number;
  dataDir: string;
  storage: "memory" | "level";
  kubeconfigOut?: string;
}

const drainMilliseconds = 10_000;

/** kubefacade up: a cluster in the foreground. */
export function upCommand(exit: (code: number) => void): Command {
  const command = new Command("up")
    .description("Run a cluster in the foreground; Ctrl-C or SIGTERM ends it.")
    .option("--bind-address <ip>", "address to serve on", "127.0.0.1")
    .option("--advertise-address <ip>", "address that Service default/kubernetes leads to")
    .option("--secure-port <port>", "port to serve on; 0: any free one", portNumber, 6443)
    .addOption(
      new Option("--storage <kind>", "where objects are kept").choices(["memory", "level"]).default("level"),
    )
    .option(
      "--data-dir <dir>",
      "directory of the store, the keys and the kubeconfig",
      defaultDataDir(process.env, process.platform),
    )
    .option("--kubeconfig-out <file>", "also write the administrator's kubeconfig to this file")
    .option("--tls-cert-file <file>", "PEM of the certificate to serve with; default: the cluster's own")
    .option("--tls-private-key-file <file>", "PEM of its key");
  return addAuthorizationFlags(addAuthenticationFlags(command))
    .option(
      "--controllers <names>",
      `controllers to run: "*" for all, a name for one, -name for all but it; default: * (${controllerNames.join(", ")})`,
      listed,
    )
    .option(
      "--enable-admission-plugins <names>",
      `admission plug-ins besides those that are on by default (${defaultPluginNames.join(", ")})`,
      listed,
      [],
    )
    .option(
      "--disable-admission-plugins <names>",
      "admission plug-ins that are not wanted although they are on by default",
      listed,
      [],
    )
    .option(
      "--admission-control-config-file <file>",
      "AdmissionConfiguration with those of PodSecurity and EventRateLimit",
    )
    .option(
      "--default-not-ready-toleration-seconds <seconds>",
      "how long new pods tolerate a node that is not ready",
      wholeNumber,
      300,
    )
    .option(
      "--default-unreachable-toleration-seconds <seconds>",
      "how long new pods tolerate a node that cannot be reached",
      wholeNumber,
      300,
    )
    .option(
      "--service-cluster-ip-range <cidrs>",
      "addresses of Services; one CIDR, or one of each IP family",
      "10.0.0.0/24",
    )
    .option("--service-node-port-range <range>", "ports of NodePort Services", "30000-32767")
    .option(
      "--runtime-config <settings>",
      "API versions and resources, as api/all=true or GROUP/VERSION=true",
      joined,
    )
    .option("--feature-gates <settings>", "feature gates, as Gate=true", joined)
    .option("--max-requests-inflight <n>", "reads that are answered at a time; 0: no limit", wholeNumber, 400)
    .option(
      "--max-mutating-requests-inflight <n>",
      "writes that are answered at a time; 0: no limit",
      wholeNumber,
      200,
    )
    .option("--min-request-timeout <seconds>", "watches last once to twice as long", wholeNumber, 1800)
    .option("--event-ttl <seconds>", "how long events are kept", wholeNumber, 3600)
    .addOption(
      new Option(
        "--etcd-compaction-interval <duration>",
        "time between compactions: history is kept once to twice as long; 0: as long as there is room",
      )
        .argParser(milliseconds)
        .default(300_000, "5m0s"),
    )
    .action(async (flags: UpFlags) => exit(await up(flags)));
}

async function optionsOf(flags: UpFlags): Promise<ClusterOptions> {
  const [authentication, authorization, cert, key] = await Promise.all([
    authenticationOptions(flags),
    authorizationOptions(flags),
    readFlagFile("--tls-cert-file", flags.tlsCertFile),
    readFlagFile("--tls-private-key-file", flags.tlsPrivateKeyFile),
  ]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--tls-cert-file and --tls-private-key-file go together");
  }
  return {
    storage: flags.storage,
    dataDir: resolve(flags.dataDir),
    bindAddress: flags.bindAddress,
    securePort: flags.securePort,
    ...authentication,
    ...authorization,
    ...(flags.controllers ? { controllers: flags.controllers } : {}),
    ...(flags.admissionControlConfigFile === undefined
      ? {}
      : { admissionConfigurations: await readAdmissionConfiguration(flags.admissionControlConfigFile) }),
    enableAdmissionPlugins: flags.enableAdmissionPlugins,
    disableAdmissionPlugins: flags.disableAdmissionPlugins,
    defaultNotReadyTolerationSeconds: flags.defaultNotReadyTolerationSeconds,
    defaultUnreachableTolerationSeconds: flags.defaultUnreachableTolerationSeconds,
    serviceClusterIpRange: flags.serviceClusterIpRange,
    serviceNodePortRange: flags.serviceNodePortRange,
    maxRequestsInflight: flags.maxRequestsInflight,
    maxMutatingRequestsInflight: flags.maxMutatingRequestsInflight,
    minRequestTimeout: flags.minRequestTimeout,
    eventTtl: flags.eventTtl,
    etcdCompactionInterval: flags.etcdCompactionInterval / 1000,
    ...(flags.controllers === undefined ? {} : { controllers: flags.controllers }),
    ...(flags.advertiseAddress === undefined ? {} : { advertiseAddress: flags.advertiseAddress }),
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    ...(flags.runtimeConfig === undefined ? {} : { runtimeConfig: flags.runtimeConfig }),
    ...(flags.featureGates === undefined ? {} : { featureGates: flags.featureGates }),
  };
}

async function up(flags: UpFlags): Promise<number> {
  const ended = endSignal();
  const options = await optionsOf(flags);
  const cluster = await createCluster(options);
  const file = join(options.dataDir!, "kubeconfig");
  await writeAtomically(file, cluster.kubeconfig(), 0o600);
  if (flags.kubeconfigOut) await writeAtomically(resolve(flags.kubeconfigOut), cluster.kubeconfig(), 0o600);
  console.log(readyText(cluster, flags.kubeconfigOut ? resolve(flags.kubeconfigOut) : file));
  const failure = await Promise.race([ended, cluster.failed]);
  await cluster.close(AbortSignal.timeout(drainMilliseconds));
  if (failure instanceof Error) {
    console.error(`kubefacade: the store has failed, nothing more can be written: ${failure.message}`);
    return 1;
  }
  return 0;
}

function readyText({ url }: Cluster, kubeconfigFile: string): string {
  const shown = /^[\w/.+-]+$/.test(kubeconfigFile) ? kubeconfigFile : `'${kubeconfigFile}'`;
  const milliseconds = Math.round(performance.now());
  return `kubefacade ${version} serves Kubernetes ${kubernetesVersion} at ${url} (ready after ${milliseconds} ms)

  export KUBECONFIG=${shown}
  kubectl get namespaces
  kubectl create deployment web --image=nginx

Ctrl-C ends it.`;
}
