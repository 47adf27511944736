import { join } from "node:path";
import type { Clock, Random } from "../api/clock.ts";
import { defaultFeatureGates, parseFeatureGates } from "../api/feature-gates.ts";
import { advertiseAddress } from "./advertise-address.ts";
import { loginSettings } from "./authentication-file.ts";
import { Authorization } from "./authorization.ts";
import { wantedAuthorizers } from "./authorization-file.ts";
import { checkOptions } from "./check-options.ts";
import { type ClusterOptions, readOption } from "./cluster-options.ts";
import { openConfiguration } from "./configuration-file.ts";
import { wantedControllers } from "./controllers.ts";
import { type ClusterPki, persistentPki, temporaryPki } from "./pki/cluster-pki.ts";
import { parsePortRange, parseServiceRanges } from "./service-ranges.ts";
import { systemClock, systemRandom } from "./system-clock.ts";
import { tokenSettings } from "./tokens.ts";

const defaults = {
  name: "kubefacade",
  bindAddress: "127.0.0.1",
  serviceClusterIpRange: "10.0.0.0/24",
  serviceNodePortRange: "30000-32767",
  maxRequestsInflight: 400,
  maxMutatingRequestsInflight: 200,
  minRequestTimeout: 1800,
  eventTtl: 3600,
  etcdCompactionInterval: 300,
  controllers: ["*"] as readonly string[],
  defaultNotReadyTolerationSeconds: 300,
  defaultUnreachableTolerationSeconds: 300,
  serviceAccountIssuer: "https://kubernetes.default.svc.cluster.local" as string | readonly string[],
};

/** All that is decided before anything is opened or served. */
export type ClusterPlan = Awaited<ReturnType<typeof planCluster>>;

/** Rejects with a UsageError for options that cannot be meant. */
export async function planCluster(options: ClusterOptions) {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const settings = settingsOf(options);
  const startTime = clock.now();
  const gates = readOption(() =>
    options.featureGates ? parseFeatureGates(options.featureGates) : defaultFeatureGates(),
  );
  checkOptions(settings, gates);
  const authorizationFile = await openConfiguration(options.authorizationConfig);
  const authorizers = await wantedAuthorizers(settings, authorizationFile);
  const authorization = new Authorization(authorizers, {
    ...{ gates, clock, random },
    ...(options.authorizationPolicyFile === undefined ? {} : { policyFile: options.authorizationPolicyFile }),
  });
  const tokenOptions = tokenSettings(settings, pkiDirectory(settings));
  const { issuers: ownIssuers } = tokenOptions;
  const logins = await loginSettings(options, { anonymousAuth: settings.anonymousAuth, ownIssuers });
  const controllers = wantedControllers(settings.controllers);
  const advertised = options.advertiseAddress ?? advertiseAddress(settings.bindAddress);
  const ranges = parseServiceRanges(settings.serviceClusterIpRange);
  const ports = parsePortRange(settings.serviceNodePortRange);
  const pki = await pkiOf(settings, clock, random);
  return {
    ...{ options, settings, clock, random, gates, startTime, tokenOptions, logins, controllers },
    ...{ authorization, authorizationFile, hasRbac: authorizers.some(({ type }) => type === "RBAC") },
    ...{ advertised, ranges, ports, pki },
    clientCa: [pki.authority.certificate, options.clientCa ?? ""].join("\n"),
    onError: options.onError ?? ((error: unknown) => console.error(error)),
  };
}

/** Where everything is allowed, requests without credentials are refused. Source: ApplyAuthorization. */
function settingsOf(options: ClusterOptions) {
  const settings = { ...defaults, ...options };
  const { authorizationMode = [], anonymousAuth = true } = settings;
  return { ...settings, anonymousAuth: anonymousAuth && !authorizationMode.includes("AlwaysAllow") };
}

/** undefined for a cluster that keeps nothing. */
const pkiDirectory = ({ storage, dataDir }: ClusterOptions): string | undefined =>
  storage === "memory" || dataDir === undefined ? undefined : join(dataDir, "pki");

function pkiOf(
  settings: typeof defaults & ClusterOptions,
  clock: Clock,
  random: Random,
): Promise<ClusterPki> | ClusterPki {
  const { bindAddress } = settings;
  const wildcard = bindAddress === "0.0.0.0" || bindAddress === "::";
  const names = {
    dnsNames: [
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ],
    ipAddresses: [...new Set(["127.0.0.1", "::1", ...(wildcard ? [] : [bindAddress])])],
  };
  const directory = pkiDirectory(settings);
  return directory === undefined
    ? temporaryPki(clock, random, names)
    : persistentPki(directory, clock, random, names);
}
