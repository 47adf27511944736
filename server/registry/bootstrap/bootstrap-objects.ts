/** Everything that a bare kube-apiserver 1.36 makes for itself at its start. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { bootstrapApiServices, isUnwantedApiService, localApiService } from "./api-services.ts";
import {
  type AuthenticationTrust,
  bootstrapAuthenticationTrust,
  bootstrapIdentityLease,
  bootstrapKubernetesService,
  bootstrapNamespaces,
  bootstrapPriorityClasses,
  bootstrapServiceCidr,
  bootstrapTokenTracking,
  type KubernetesServiceConfig,
} from "./control-plane-objects.ts";
import { bootstrapFlowControl, isUnwantedFlowControl } from "./flow-control.ts";
import {
  bootstrapClusterRoleBindings,
  bootstrapClusterRoles,
  bootstrapRoleBindings,
  bootstrapRoles,
} from "./rbac-policy.ts";
import { reconcileRole, reconcileRoleBinding } from "./rbac-reconcile.ts";
import { type BootstrapObject, serverFieldManager } from "./reconcile.ts";

export interface BootstrapConfig extends KubernetesServiceConfig {
  gates: FeatureGates;
  /** Milliseconds since the epoch. */
  now: number;
  /** Identity of this run of the server. */
  uuid: string;
  hostname: string;
  serviceCidrs: readonly string[];
  trust: AuthenticationTrust;
  /** What the server serves by itself. */
  groupVersions: readonly { group: string; version: string }[];
  /** Whether the RBAC authorizer is on: only then are its objects made. */
  rbac: boolean;
}

/** In an order in which they can be written one after the other. */
export function bootstrapObjects(config: BootstrapConfig): BootstrapObject[] {
  const iso = new Date(config.now).toISOString();
  const now = `${iso.slice(0, 19)}Z`;
  return [
    ...bootstrapNamespaces(),
    ...bootstrapApiServices(config.groupVersions).map(erase),
    ...(config.rbac ? rbacObjects(config.gates) : []),
    ...bootstrapFlowControl().map(erase),
    ...bootstrapPriorityClasses(),
    erase(bootstrapServiceCidr(config.serviceCidrs, now)),
    ...bootstrapKubernetesService(config),
    ...bootstrapAuthenticationTrust(config.trust, config.now).map(erase),
    erase(bootstrapTokenTracking(now)),
    ...identityLease(config, `${iso.slice(0, 23)}000Z`),
  ];
}

function identityLease({ gates, ...config }: BootstrapConfig, now: string): BootstrapObject[] {
  if (!gates.enabled("APIServerIdentity")) return [];
  const { advertiseAddress, securePort } = config;
  const host = advertiseAddress.includes(":") ? `[${advertiseAddress}]` : advertiseAddress;
  const peer = gates.enabled("UnknownVersionInteroperabilityProxy") ? `${host}:${securePort}` : undefined;
  return [bootstrapIdentityLease(config.hostname, config.uuid, now, peer)];
}

/** Whether the starting server deletes this FlowSchema, PriorityLevelConfiguration or APIService of an earlier run. */
export function isUnwanted(existing: KubeObject, config: BootstrapConfig): boolean {
  if (existing.kind !== "APIService") return isUnwantedFlowControl(existing);
  const wanted = config.groupVersions.find(
    ({ group, version }) => existing.metadata.name === `${version}.${group}`,
  );
  const name = wanted && localApiService(wanted.group, wanted.version)?.metadata.name;
  return isUnwantedApiService(existing, new Set(name === undefined ? [] : [name]));
}

function rbacObjects(gates: FeatureGates): BootstrapObject[] {
  const roles = [...bootstrapClusterRoles(gates), ...bootstrapRoles(gates)].map((object) => ({
    object,
    fieldManager: serverFieldManager,
    reconcile: (existing: typeof object) => reconcileRole(existing, object),
  }));
  const bindings = [...bootstrapClusterRoleBindings(gates), ...bootstrapRoleBindings()].map((object) => ({
    object,
    fieldManager: serverFieldManager,
    reconcile: (existing: typeof object) => reconcileRoleBinding(existing, object),
  }));
  return [...roles.map(erase), ...bindings.map(erase)];
}

/** A list holds objects of all kinds; each is only ever reconciled with one of its own kind. */
function erase<T extends KubeObject>(object: BootstrapObject<T>): BootstrapObject {
  return object as unknown as BootstrapObject;
}
