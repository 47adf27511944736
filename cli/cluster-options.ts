import type { Clock, Random } from "../api/clock.ts";
import type { JsonObject } from "../api/object.ts";
import type { WebhookTarget } from "../server/auth/webhook-client.ts";

/**
 * How a cluster is made. Names follow kube-apiserver's flags; see
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/.
 */
export interface ClusterOptions {
  /** Where objects are kept: in this process only, or in LevelDB under dataDir. Default memory. */
  storage?: "memory" | "level";
  /** Directory of the store and of the cluster's keys; required for level. */
  dataDir?: string;
  /** Name of the cluster, user and context in the kubeconfig. Default kubefacade. */
  name?: string;
  /** Default 127.0.0.1. */
  bindAddress?: string;
  /** Address that Service default/kubernetes leads to. Default: bindAddress, or the machine's own where that is loopback. */
  advertiseAddress?: string;
  /** 0 (the default): any free port. */
  securePort?: number;
  /** PEM; default: made by the cluster's own authority. */
  tls?: { cert: string; key: string };
  /** PEM of authorities whose client certificates are believed, besides the cluster's own. */
  clientCa?: string;
  /** Text of a --token-auth-file. */
  tokenAuthFile?: string;
  /** What tokens of service accounts name as their issuer and audience. Default https://kubernetes.default.svc.cluster.local. */
  serviceAccountIssuer?: string;
  /** false: requests without credentials are refused. Default true, but with AlwaysAllow always false. */
  anonymousAuth?: boolean;
  /** Asked in this order until one decides: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny. Default Node, RBAC. */
  authorizationMode?: readonly string[];
  /** Text of an --authorization-policy-file, which decides in the mode ABAC: a policy in JSON a line. */
  authorizationPolicyFile?: string;
  /** Whom the mode Webhook asks. */
  authorizationWebhook?: AuthorizationWebhook;
  /**
   * Controllers of kube-controller-manager that run with the server: "*" all, a name one, "-" and a name all but it.
   * Default all.
   */
  controllers?: readonly string[];
  /** Admission plug-ins besides those that are on by default. */
  enableAdmissionPlugins?: readonly string[];
  /** Admission plug-ins that are not wanted although they are on by default. */
  disableAdmissionPlugins?: readonly string[];
  /** Configurations of admission plug-ins by their names, as they stand in an AdmissionConfiguration: of PodSecurity and EventRateLimit. */
  admissionConfigurations?: Readonly<Record<string, JsonObject>>;
  /** Seconds that new pods tolerate a node that is not ready. Default 300. */
  defaultNotReadyTolerationSeconds?: number;
  /** Seconds that new pods tolerate a node that cannot be reached. Default 300. */
  defaultUnreachableTolerationSeconds?: number;
  /** "api/all=true,apps/v1/deployments=false" */
  runtimeConfig?: string;
  /** "Gate=true,Other=false" */
  featureGates?: string;
  /** One CIDR, or one of each IP family. Default 10.0.0.0/24. */
  serviceClusterIpRange?: string;
  /** Default 30000-32767. */
  serviceNodePortRange?: string;
  /** Default 400. */
  maxRequestsInflight?: number;
  /** Default 200. */
  maxMutatingRequestsInflight?: number;
  /** Seconds; watches last once to twice as long. Default 1800. */
  minRequestTimeout?: number;
  /** Seconds between compactions: history is kept once to twice as long. 0: as long as there is room. Default 300. */
  etcdCompactionInterval?: number;
  /** Seconds that events are kept. Default 3600. */
  eventTtl?: number;
  clock?: Clock;
  random?: Random;
  /** Told of internal errors. Default: written to standard error. */
  onError?(error: unknown): void;
}

export interface AuthorizationWebhook {
  target: WebhookTarget;
  /** Of the SubjectAccessReviews that it gets. Default v1beta1. */
  version?: "v1" | "v1beta1";
  /** Milliseconds for which it is believed that somebody may; 0: it is asked every time. Default 5 minutes. */
  authorizedTtl?: number;
  /** The same for what somebody may not. Default 30 seconds. */
  unauthorizedTtl?: number;
}

/** A mistake in what the user gave: one line says it, and there is no stack to show. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a parser of an option; its complaint is the user's mistake, not ours. */
export function readOption<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
