/** Tables of core/v1 kinds other than pods and what makes pods. */
import { joinHostPort } from "../host-port.ts";
import type { ObjectOf } from "../object-of.ts";
import { labelSelectorFromSet } from "../selectors.ts";
import { accessModesText, storageClassOf } from "../volume-facts.ts";
import {
  ageColumn,
  type Column,
  defineTable,
  type FieldDoc,
  nameColumn,
  type TableDefinition,
} from "./columns.ts";
import { age } from "./human-duration.ts";
import { loadBalancerAddresses } from "./load-balancer-addresses.ts";

const doc = (kind: string, field: string): FieldDoc => ({ struct: `io.k8s.api.core.v1.${kind}`, field });
const text = (name: string, description: string | FieldDoc, priority = 0): Column => ({
  name,
  type: "string",
  description,
  priority,
});

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;
type ServicePort = NonNullable<NonNullable<Service["spec"]>["ports"]>[number];

const service = defineTable<Service>({
  columns: [
    nameColumn,
    text("Type", doc("ServiceSpec", "type")),
    text("Cluster-IP", doc("ServiceSpec", "clusterIP")),
    text("External-IP", doc("ServiceSpec", "externalIPs")),
    text("Port(s)", doc("ServiceSpec", "ports")),
    ageColumn,
    text("Selector", doc("ServiceSpec", "selector"), 1),
  ],
  row(object, { now }) {
    const { metadata, spec } = object;
    return [
      metadata.name ?? "",
      spec?.type ?? "",
      spec?.clusterIPs?.[0] ?? "<none>",
      externalAddresses(object),
      (spec?.ports ?? []).map(portText).join(",") || "<none>",
      age(metadata.creationTimestamp, now),
      labelSelectorFromSet(spec?.selector).toString() || "<none>",
    ];
  },
});

function externalAddresses({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case "ClusterIP":
    case "NodePort":
      return external.join(",") || "<none>";
    case "LoadBalancer":
      return [...loadBalancerAddresses(status?.loadBalancer?.ingress), ...external].join(",") || "<pending>";
    case "ExternalName":
      return spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

function portText({ port, nodePort, protocol }: ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

type Endpoints = ObjectOf<"io.k8s.api.core.v1.Endpoints">;

const endpoints = defineTable<Endpoints>({
  columns: [nameColumn, text("Endpoints", doc("Endpoints", "subsets")), ageColumn],
  row(object, { now }) {
    const { name = "", creationTimestamp } = object.metadata;
    return [name, endpointsText(object), age(creationTimestamp, now)];
  },
});

const shownEndpoints = 3;

function endpointsText({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return "<none>";
  const all = subsets.flatMap(({ addresses = [], ports }) => {
    if (!ports?.length) return addresses.map(({ ip }) => ip);
    return ports.flatMap(({ port }) => addresses.map(({ ip }) => joinHostPort(ip, port)));
  });
  const shown = all.slice(0, shownEndpoints).join(",");
  return all.length > shownEndpoints ? `${shown} + ${all.length - shownEndpoints} more...` : shown;
}

type Node = ObjectOf<"io.k8s.api.core.v1.Node">;

const node = defineTable<Node>({
  columns: [
    nameColumn,
    text("Status", "The status of the node"),
    text("Roles", "The roles of the node"),
    ageColumn,
    text("Version", doc("NodeSystemInfo", "kubeletVersion")),
    text("Internal-IP", doc("NodeStatus", "addresses"), 1),
    text("External-IP", doc("NodeStatus", "addresses"), 1),
    text("OS-Image", doc("NodeSystemInfo", "osImage"), 1),
    text("Kernel-Version", doc("NodeSystemInfo", "kernelVersion"), 1),
    text("Container-Runtime", doc("NodeSystemInfo", "containerRuntimeVersion"), 1),
  ],
  row(object, { now }) {
    const { metadata, status } = object;
    const info = status?.nodeInfo;
    const kernel = info?.kernelVersion || "<unknown>";
    const addressOf = (type: string): string =>
      status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";
    return [
      metadata.name ?? "",
      nodeStatus(object),
      nodeRoles(metadata.labels ?? {}),
      age(metadata.creationTimestamp, now),
      info?.kubeletVersion ?? "",
      addressOf("InternalIP"),
      addressOf("ExternalIP"),
      info?.osImage || "<unknown>",
      info?.architecture ? `${kernel} (${info.architecture})` : kernel,
      info?.containerRuntimeVersion || "<unknown>",
    ];
  },
});

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === "Ready");
  const text = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text;
}

const rolePrefix = "node-role.kubernetes.io/";

function nodeRoles(labels: Readonly<Record<string, string>>): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(rolePrefix)) roles.add(key.slice(rolePrefix.length));
    else if (key === "kubernetes.io/role") roles.add(value);
  }
  roles.delete("");
  return [...roles].sort().join(",") || "<none>";
}

const namespace = defineTable<ObjectOf<"io.k8s.api.core.v1.Namespace">>({
  columns: [nameColumn, text("Status", "The status of the namespace"), ageColumn],
  row: ({ metadata, status }, { now }) => [
    metadata.name ?? "",
    status?.phase ?? "",
    age(metadata.creationTimestamp, now),
  ],
});

const sizeOf = (map: object | undefined): number => Object.keys(map ?? {}).length;

const secret = defineTable<ObjectOf<"io.k8s.api.core.v1.Secret">>({
  columns: [nameColumn, text("Type", doc("Secret", "type")), text("Data", doc("Secret", "data")), ageColumn],
  row: ({ metadata, type, data }, { now }) => [
    metadata.name ?? "",
    type ?? "",
    sizeOf(data),
    age(metadata.creationTimestamp, now),
  ],
});

const configMap = defineTable<ObjectOf<"io.k8s.api.core.v1.ConfigMap">>({
  columns: [nameColumn, text("Data", doc("ConfigMap", "data")), ageColumn],
  row: ({ metadata, data, binaryData }, { now }) => [
    metadata.name ?? "",
    sizeOf(data) + sizeOf(binaryData),
    age(metadata.creationTimestamp, now),
  ],
});

const serviceAccount: TableDefinition = {
  columns: [nameColumn, ageColumn],
  row: ({ metadata }, { now }) => [metadata.name ?? "", age(metadata.creationTimestamp, now)],
};

const persistentVolume = defineTable<ObjectOf<"io.k8s.api.core.v1.PersistentVolume">>({
  columns: [
    nameColumn,
    text("Capacity", doc("PersistentVolumeSpec", "capacity")),
    text("Access Modes", doc("PersistentVolumeSpec", "accessModes")),
    text("Reclaim Policy", doc("PersistentVolumeSpec", "persistentVolumeReclaimPolicy")),
    text("Status", doc("PersistentVolumeStatus", "phase")),
    text("Claim", doc("PersistentVolumeSpec", "claimRef")),
    text("StorageClass", "StorageClass of the pv"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
    text("Reason", doc("PersistentVolumeStatus", "reason")),
    ageColumn,
    text("VolumeMode", doc("PersistentVolumeSpec", "volumeMode"), 1),
  ],
  row: (object, { now }) => {
    const { metadata, spec, status } = object;
    const claim = spec?.claimRef;
    return [
      metadata.name ?? "",
      spec?.capacity?.["storage"] ?? "0",
      accessModesText(spec?.accessModes),
      spec?.persistentVolumeReclaimPolicy ?? "",
      metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
      claim ? `${claim.namespace ?? ""}/${claim.name ?? ""}` : "",
      storageClassOf(object),
      spec?.volumeAttributesClassName ?? "<unset>",
      status?.reason ?? "",
      age(metadata.creationTimestamp, now),
      spec?.volumeMode ?? "<unset>",
    ];
  },
});

const persistentVolumeClaim = defineTable<ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">>({
  columns: [
    nameColumn,
    text("Status", doc("PersistentVolumeClaimStatus", "phase")),
    text("Volume", doc("PersistentVolumeClaimSpec", "volumeName")),
    text("Capacity", doc("PersistentVolumeClaimStatus", "capacity")),
    text("Access Modes", doc("PersistentVolumeClaimStatus", "accessModes")),
    text("StorageClass", "StorageClass of the pvc"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
    ageColumn,
    text("VolumeMode", doc("PersistentVolumeClaimSpec", "volumeMode"), 1),
  ],
  row: (object, { now }) => {
    const { metadata, spec, status } = object;
    const bound = !!spec?.volumeName;
    return [
      metadata.name ?? "",
      metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
      spec?.volumeName ?? "",
      bound ? (status?.capacity?.["storage"] ?? "0") : "",
      bound ? accessModesText(status?.accessModes) : "",
      storageClassOf(object),
      spec?.volumeAttributesClassName ?? "<unset>",
      age(metadata.creationTimestamp, now),
      spec?.volumeMode ?? "<unset>",
    ];
  },
});

const resourceQuota = defineTable<ObjectOf<"io.k8s.api.core.v1.ResourceQuota">>({
  columns: [
    nameColumn,
    text("Request", "Request represents a minimum amount of cpu/memory that a container may consume."),
    text(
      "Limit",
      "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
    ),
    ageColumn,
  ],
  row: ({ metadata, status }, { now }) => {
    const hard = status?.hard ?? {};
    const show = (limits: boolean): string =>
      Object.keys(hard)
        .sort()
        .filter((resource) => resource.startsWith("limits.") === limits)
        .map((resource) => `${resource}: ${status?.used?.[resource] ?? "0"}/${hard[resource]}`)
        .join(", ");
    return [metadata.name ?? "", show(false), show(true), age(metadata.creationTimestamp, now)];
  },
});

const componentStatus = defineTable<ObjectOf<"io.k8s.api.core.v1.ComponentStatus">>({
  columns: [
    nameColumn,
    text("Status", "Status of the component conditions"),
    text("Message", "Message of the component conditions"),
    text("Error", "Error of the component conditions"),
  ],
  row: ({ metadata, conditions }) => {
    const healthy = conditions?.find(({ type }) => type === "Healthy");
    const status = healthy === undefined ? "Unknown" : healthy.status === "True" ? "Healthy" : "Unhealthy";
    return [metadata.name ?? "", status, healthy?.message ?? "", healthy?.error ?? ""];
  },
});

type Event = ObjectOf<"io.k8s.api.core.v1.Event">;

/** Also of events.k8s.io: the table is made of the stored object. */
const event = defineTable<Event>({
  columns: [
    text("Last Seen", doc("Event", "lastTimestamp")),
    text("Type", doc("Event", "type")),
    text("Reason", doc("Event", "reason")),
    text("Object", doc("Event", "involvedObject")),
    text("Subobject", doc("ObjectReference", "fieldPath"), 1),
    text("Source", doc("Event", "source"), 1),
    text("Message", doc("Event", "message")),
    text("First Seen", doc("Event", "firstTimestamp"), 1),
    text("Count", doc("Event", "count"), 1),
    { ...nameColumn, priority: 1 },
  ],
  row(object, { now }) {
    const { involvedObject: involved, series, firstTimestamp, lastTimestamp, eventTime } = object;
    const kind = (involved?.kind ?? "").toLowerCase();
    const firstSeen = age(firstTimestamp ?? eventTime, now);
    const lastSeen = lastTimestamp ? age(lastTimestamp, now) : firstSeen;
    return [
      series ? age(series.lastObservedTime, now) : lastSeen,
      object.type ?? "",
      object.reason ?? "",
      involved?.name ? `${kind}/${involved.name}` : kind,
      involved?.fieldPath ?? "",
      eventSource(object),
      (object.message ?? "").trim(),
      firstSeen,
      series ? (series.count ?? 0) : object.count || 1,
      object.metadata.name ?? "",
    ];
  },
});

function eventSource({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || (reportingComponent ?? "");
  const instance = source?.host || (reportingInstance ?? "");
  return instance === "" ? component : `${component}, ${instance}`;
}

export const coreObjectTables: Readonly<Record<string, TableDefinition>> = {
  ComponentStatus: componentStatus,
  ConfigMap: configMap,
  Endpoints: endpoints,
  Event: event,
  Namespace: namespace,
  Node: node,
  PersistentVolume: persistentVolume,
  PersistentVolumeClaim: persistentVolumeClaim,
  ResourceQuota: resourceQuota,
  Secret: secret,
  Service: service,
  ServiceAccount: serviceAccount,
};
