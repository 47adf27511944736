/** Defaults of core/v1 kinds other than pods and what makes pods. Source: pkg/apis/core/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import { defaultService } from "./core-service.ts";
import { defaultPersistentVolumeSource } from "./persistent-volume-source.ts";
import { defaultResourceList } from "./resource-list.ts";
import type { Defaulter } from "./table.ts";

type Quantities = Record<string, string>;

function defaultNamespace(namespace: ObjectOf<"io.k8s.api.core.v1.Namespace">): void {
  const { metadata } = namespace;
  // A generated name is not known yet here; the strategy's canonicalize does it then.
  if (metadata.name) {
    metadata.labels ??= {};
    metadata.labels["kubernetes.io/metadata.name"] = metadata.name;
  }
  namespace.status ??= {};
  namespace.status.phase ||= "Active";
}

function defaultNode({ spec, status }: ObjectOf<"io.k8s.api.core.v1.Node">): void {
  if (spec) syncPodCidrs(spec);
  if (!status) return;
  defaultAllocatable(status);
  defaultResourceList(status.capacity);
  defaultResourceList(status.allocatable);
}

export function defaultAllocatable(status: { capacity?: Quantities; allocatable?: Quantities }): void {
  if (status.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
}

/**
 * podCIDR is the older name of podCIDRs[0]; the internal type has only the list, so that whatever passes the server
 * has both. Source: Convert_v1_NodeSpec_To_core_NodeSpec and back.
 */
function syncPodCidrs(spec: { podCIDR?: string; podCIDRs?: string[] }): void {
  const first = spec.podCIDRs?.[0];
  if (spec.podCIDR && spec.podCIDR !== first) spec.podCIDRs = [spec.podCIDR];
  else if (first) spec.podCIDR = first;
}

/** stringData is written into data and never kept: Convert_v1_Secret_To_core_Secret. */
function defaultSecret(secret: ObjectOf<"io.k8s.api.core.v1.Secret">): void {
  secret.type ||= "Opaque";
  const { stringData } = secret;
  if (stringData === undefined) return;
  delete secret.stringData;
  const data: Record<string, string> = Object.assign(Object.create(null), secret.data);
  for (const [key, text] of Object.entries(stringData)) data[key] = Buffer.from(text).toString("base64");
  if (Object.keys(data).length > 0) secret.data = data;
}

function defaultEndpoints({ subsets }: ObjectOf<"io.k8s.api.core.v1.Endpoints">): void {
  for (const subset of subsets ?? []) {
    for (const port of subset.ports ?? []) port.protocol ||= "TCP";
  }
}

function defaultPersistentVolume(volume: ObjectOf<"io.k8s.api.core.v1.PersistentVolume">): void {
  volume.status ??= {};
  volume.status.phase ||= "Pending";
  volume.spec ??= {};
  volume.spec.persistentVolumeReclaimPolicy ||= "Retain";
  volume.spec.volumeMode ??= "Filesystem";
  defaultResourceList(volume.spec.capacity);
  defaultPersistentVolumeSource(volume.spec);
}

function defaultPersistentVolumeClaim(claim: ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">): void {
  claim.status ??= {};
  claim.status.phase ||= "Pending";
  claim.spec ??= { resources: {} };
  claim.spec.volumeMode ??= "Filesystem";
  defaultResourceList(claim.spec.resources?.limits);
  defaultResourceList(claim.spec.resources?.requests);
  defaultResourceList(claim.status.capacity);
  defaultResourceList(claim.status.allocatedResources);
}

function defaultResourceQuota({ spec, status }: ObjectOf<"io.k8s.api.core.v1.ResourceQuota">): void {
  defaultResourceList(spec?.hard);
  defaultResourceList(status?.hard);
  defaultResourceList(status?.used);
}

function defaultLimitRange({ spec }: ObjectOf<"io.k8s.api.core.v1.LimitRange">): void {
  for (const item of spec?.limits ?? []) {
    if (item.type === "Container") {
      // A missing default limit is the max; a missing default request is the default limit, else the min.
      const limits = withDefaults(item.default, item.max);
      const requests = withDefaults(withDefaults(item.defaultRequest, limits), item.min);
      if (limits) item.default = limits;
      if (requests) item.defaultRequest = requests;
    }
    defaultResourceList(item.max);
    defaultResourceList(item.min);
    defaultResourceList(item.default);
    defaultResourceList(item.defaultRequest);
    defaultResourceList(item.maxLimitRequestRatio);
  }
}

function withDefaults(own: Quantities | undefined, others: Quantities | undefined): Quantities | undefined {
  if (!others) return own;
  return Object.assign(Object.create(null), others, own) as Quantities;
}

export const coreObjectDefaults: Readonly<Record<string, Defaulter>> = {
  Endpoints: defaultEndpoints,
  LimitRange: defaultLimitRange,
  Namespace: defaultNamespace,
  Node: defaultNode,
  PersistentVolume: defaultPersistentVolume,
  PersistentVolumeClaim: defaultPersistentVolumeClaim,
  ResourceQuota: defaultResourceQuota,
  Secret: defaultSecret,
  Service: defaultService,
};
