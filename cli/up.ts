import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { controllerNames } from "../controllers/controller-manager.ts";
import { defaultPluginNames } from "../server/admission/plugins.ts";
import { kubernetesVersion } from "../server/http/version.ts";
import { readAdmissionConfiguration } from "./admission-configuration.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";
import { defaultDataDir } from "./data-dir.ts";
import { endSignal } from "./end-signal.ts";
import {
  flagBoolean,
  joined,
  listed,
  milliseconds,
  portNumber,
  readFlagFile,
  wholeNumber,
} from "./flag-values.ts";
import { version } from "./package-version.ts";
import { readWebhookTarget } from "./webhook-target.ts";
import { writeAtomically } from "./write-atomically.ts";

interface UpFlags {
  bindAddress: string;
  advertiseAddress?: string;
  securePort: number;
  tokenAuthFile?: string;
  clientCaFile?: string;
  tlsCertFile?: string;
  tlsPrivateKeyFile?: string;
  serviceAccountIssuer: string;
  anonymousAuth: boolean;
  serviceClusterIpRange: string;
  serviceNodePortRange: string;
  runtimeConfig?: string;
  featureGates?: string;
  authorizationMode: string;
  authorizationPolicyFile?: string;
  authorizationWebhookConfigFile?: string;
  authorizationWebhookVersion: "v1" | "v1beta1";
  authorizationWebhookCacheAuthorizedTtl: number;
  authorizationWebhookCacheUnauthorizedTtl: number;
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
  return new Command("up")
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
    .option("--token-auth-file <file>", 'CSV of token,user,uid,"group1,group2" to log in with')
    .option("--client-ca-file <file>", "PEM of further authorities whose client certificates are believed")
    .option("--tls-cert-file <file>", "PEM of the certificate to serve with; default: the cluster's own")
    .option("--tls-private-key-file <file>", "PEM of its key")
    .option(
      "--service-account-issuer <url>",
      "issuer and audience of the tokens of service accounts",
      "https://kubernetes.default.svc.cluster.local",
    )
    .option(
      "--anonymous-auth <bool>",
      "answer requests without credentials as system:anonymous; never with AlwaysAllow",
      flagBoolean,
      true,
    )
    .option(
      "--authorization-mode <modes>",
      "who may do what, asked in this order: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny",
      "Node,RBAC",
    )
    .option("--authorization-policy-file <file>", "policies of mode ABAC, one in JSON a line")
    .option(
      "--authorization-webhook-config-file <file>",
      "kubeconfig that leads to the webhook of mode Webhook",
    )
    .addOption(
      new Option("--authorization-webhook-version <version>", "of the SubjectAccessReviews that it gets")
        .choices(["v1", "v1beta1"])
        .default("v1beta1"),
    )
    .addOption(
      new Option(
        "--authorization-webhook-cache-authorized-ttl <duration>",
        "how long it is believed that somebody may; 0: it is asked every time",
      )
        .argParser(milliseconds)
        .default(300_000, "5m0s"),
    )
    .addOption(
      new Option(
        "--authorization-webhook-cache-unauthorized-ttl <duration>",
        "how long it is believed that somebody may not",
      )
        .argParser(milliseconds)
        .default(30_000, "30s"),
    )
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
  const [tokenAuthFile, authorizationPolicyFile, clientCa, cert, key] = await Promise.all([
    readFlagFile("--token-auth-file", flags.tokenAuthFile),
    readFlagFile("--authorization-policy-file", flags.authorizationPolicyFile),
    readFlagFile("--client-ca-file", flags.clientCaFile),
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
    serviceAccountIssuer: flags.serviceAccountIssuer,
    anonymousAuth: flags.anonymousAuth,
    authorizationMode: flags.authorizationMode.split(","),
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
    ...(await webhookOf(flags)),
    ...(flags.controllers === undefined ? {} : { controllers: flags.controllers }),
    ...(flags.advertiseAddress === undefined ? {} : { advertiseAddress: flags.advertiseAddress }),
    ...(tokenAuthFile === undefined ? {} : { tokenAuthFile }),
    ...(authorizationPolicyFile === undefined ? {} : { authorizationPolicyFile }),
    ...(clientCa === undefined ? {} : { clientCa }),
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    ...(flags.runtimeConfig === undefined ? {} : { runtimeConfig: flags.runtimeConfig }),
    ...(flags.featureGates === undefined ? {} : { featureGates: flags.featureGates }),
  };
}

async function webhookOf(flags: UpFlags): Promise<Pick<ClusterOptions, "authorizationWebhook">> {
  const file = flags.authorizationWebhookConfigFile;
  if (file === undefined) return {};
  const authorizationWebhook = {
    target: await readWebhookTarget("--authorization-webhook-config-file", file),
    version: flags.authorizationWebhookVersion,
    authorizedTtl: flags.authorizationWebhookCacheAuthorizedTtl,
    unauthorizedTtl: flags.authorizationWebhookCacheUnauthorizedTtl,
  };
  return { authorizationWebhook };
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
