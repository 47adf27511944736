import type { HealthCheck, HealthChecks } from "./health.ts";

/** What the server's health hangs on. */
export interface HealthFacts {
  /** Throws where the store cannot be read or written any more. */
  storage(): void;
  /** The server is ending: not ready any more, but alive. */
  shuttingDown(): boolean;
  /** The server's own objects exist. */
  started(): boolean;
  /** RBAC decides who may do what. */
  rbac: boolean;
}

const rbacHook = "rbac/bootstrap-roles";

/**
 * Hooks of a starting kube-apiserver, by the names under which clients exclude or ask for them. Here all of that work is
 * one step, so that they are well together. Source: a live 1.36.3 with default flags.
 */
const startHooks = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "peer-endpoint-reconciler-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "storage-readiness",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  rbacHook,
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
];
const lateHooks = ["apiservice-openapi-controller", "apiservice-openapiv3-controller"];

export function healthChecks({ storage, shuttingDown, started, rbac }: HealthFacts): HealthChecks {
  const fine = (name: string): HealthCheck => ({ name, check: () => {} });
  const store = (name: string): HealthCheck => ({ name, check: storage });
  const hook = (name: string): HealthCheck => ({
    name,
    check() {
      if (!started()) throw new Error("not finished");
    },
  });
  const hooks = [
    ...startHooks.filter((name) => rbac || name !== rbacHook).map((name) => hook(`poststarthook/${name}`)),
    hook("autoregister-completion"),
    ...lateHooks.map((name) => hook(`poststarthook/${name}`)),
  ];
  const live = [fine("ping"), fine("log"), fine("loopback-serving-certificate"), store("etcd"), ...hooks];
  const shutdown: HealthCheck = {
    name: "shutdown",
    check() {
      if (shuttingDown()) throw new Error("process is shutting down");
    },
  };
  const ready = [
    fine("ping"),
    fine("log"),
    store("etcd"),
    store("etcd-readiness"),
    hook("informer-sync"),
    ...hooks,
    shutdown,
  ];
  return { healthz: live, livez: live, readyz: ready };
}
