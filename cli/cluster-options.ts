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
  /**
   * What tokens of service accounts name as their issuer: of several the first, and all are believed.
   * Default https://kubernetes.default.svc.cluster.local.
   */
  serviceAccountIssuer?: string | readonly string[];
  /** Whom tokens must be meant for. Default: the issuers of the tokens of service accounts. */
  apiAudiences?: readonly string[];
  /** PEM of the private key, RSA or ECDSA, that signs tokens of service accounts. Default: the cluster makes its own. */
  serviceAccountSigningKey?: string;
  /** PEM of keys, public or private, whose tokens of service accounts are believed, besides the one that signs. */
  serviceAccountKeys?: readonly string[];
  /** false: legacy tokens are good although their secret or account is gone. Default true. */
  serviceAccountLookup?: boolean;
  /** Where others find the keys of service accounts' tokens. Default: at this server. */
  serviceAccountJwksUri?: string;
  /** Seconds for which a token of a service account is good at most, an hour or more; 0 (the default): no limit. */
  serviceAccountMaxTokenExpiration?: number;
  /** Whether tokens that kubelets mount outlive their time by up to a year. Default true. */
  serviceAccountExtendTokenExpiration?: boolean;
  /** Whether secrets of type bootstrap.kubernetes.io/token in kube-system are tokens to log in with. Default false. */
  enableBootstrapTokenAuth?: boolean;
  /** Who is asked whose a token is that the cluster itself does not know. */
  authenticationTokenWebhook?: AuthenticationTokenWebhook;
  /** Who issues JSON Web Tokens to log in with. */
  oidc?: OidcOptions;
  /** Path of an AuthenticationConfiguration: issuers of JSON Web Tokens, and who is anonymous. It is read again when it changes. */
  authenticationConfig?: string;
  /** How proxies that log users in name them. */
  requestHeader?: RequestHeader;
  /** false: requests without credentials are refused. Default true, but with AlwaysAllow always false. */
  anonymousAuth?: boolean;
  /** Asked in this order until one decides: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny. Default Node, RBAC. */
  authorizationMode?: readonly string[];
  /** Path of an AuthorizationConfiguration, in place of authorizationMode and authorizationWebhook. It is read again when it changes. */
  authorizationConfig?: string;
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

/** As the flags --oidc-… */
export interface OidcOptions {
  /** https */
  issuerUrl?: string;
  clientId?: string;
  /** PEM; default: the system's authorities. */
  ca?: string;
  /** Default sub. */
  usernameClaim?: string;
  /** Default: the issuer and "#", but nothing for email; "-": nothing. */
  usernamePrefix?: string;
  groupsClaim?: string;
  groupsPrefix?: string;
  /** Default RS256. */
  signingAlgs?: readonly string[];
  requiredClaims?: Readonly<Record<string, string>>;
}

/** As the flags --requestheader-… */
export interface RequestHeader {
  /** PEM of the proxies' authorities. */
  clientCa: string;
  /** Common names of the proxies; none: any. */
  allowedNames: readonly string[];
  usernameHeaders: readonly string[];
  uidHeaders: readonly string[];
  groupHeaders: readonly string[];
  extraHeaderPrefixes: readonly string[];
}

export interface AuthenticationTokenWebhook {
  target: WebhookTarget;
  /** Of the TokenReviews that it gets. Default v1beta1. */
  version?: "v1" | "v1beta1";
  /** Milliseconds for which an answer is believed; 0: it is asked every time. Default 2 minutes. */
  cacheTtl?: number;
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
  const refuse = (error: unknown): never => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  };
  try {
    const value = read();
    return value instanceof Promise ? (value.catch(refuse) as T) : value;
  } catch (error) {
    return refuse(error);
  }
}
