import { defaultAuthorizationModes } from "./authorization.ts";
import type { ClusterOptions } from "./cluster-options.ts";

/** Where the server is found: the advertised address, and host:port of its socket. */
interface Addresses {
  advertised: string;
  address: string;
}

/** A cluster's options as /flagz shows them: by the names and in the form of kube-apiserver's flags. */
export function flagsOf(options: ClusterOptions, { advertised, address }: Addresses): Record<string, string> {
  const modes = options.authorizationConfig === undefined ? defaultAuthorizationModes : [];
  const list = (...items: string[]) => `[${items.join(",")}]`;
  return {
    "advertise-address": advertised,
    "anonymous-auth": String(options.anonymousAuth ?? true),
    "api-audiences": list(...(options.apiAudiences ?? [])),
    "authentication-config": options.authenticationConfig ?? "",
    "authorization-config": options.authorizationConfig ?? "",
    "authorization-mode": list(...(options.authorizationMode ?? modes)),
    "bind-address": options.bindAddress ?? "",
    "default-not-ready-toleration-seconds": String(options.defaultNotReadyTolerationSeconds),
    "default-unreachable-toleration-seconds": String(options.defaultUnreachableTolerationSeconds),
    "disable-admission-plugins": list(...(options.disableAdmissionPlugins ?? [])),
    "enable-admission-plugins": list(...(options.enableAdmissionPlugins ?? [])),
    "etcd-compaction-interval": goDuration(options.etcdCompactionInterval ?? 0),
    "enable-bootstrap-token-auth": String(options.enableBootstrapTokenAuth ?? false),
    "event-ttl": goDuration(options.eventTtl ?? 0),
    "feature-gates": options.featureGates ?? "",
    "max-mutating-requests-inflight": String(options.maxMutatingRequestsInflight),
    "max-requests-inflight": String(options.maxRequestsInflight),
    "min-request-timeout": String(options.minRequestTimeout),
    "runtime-config": options.runtimeConfig ?? "",
    "secure-port": address.slice(address.lastIndexOf(":") + 1),
    "service-account-issuer": list(...[options.serviceAccountIssuer ?? ""].flat()),
    "service-cluster-ip-range": options.serviceClusterIpRange ?? "",
    "service-node-port-range": options.serviceNodePortRange ?? "",
  };
}

/** "1h0m0s", as time.Duration prints seconds. */
function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
