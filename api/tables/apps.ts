import type { ObjectOf } from "../object-of.ts";
import { usableSelector } from "../validation/usable-selector.ts";
import {
  containerCells,
  containerColumns,
  docsOf,
  integer,
  labelsText,
  selectorText,
  text,
} from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

const doc = docsOf("apps.v1");

const deployment = defineTable<ObjectOf<"io.k8s.api.apps.v1.Deployment">>({
  columns: [
    nameColumn,
    text("Ready", "Number of the pod with ready state"),
    text("Up-to-date", doc("DeploymentStatus", "updatedReplicas")),
    text("Available", doc("DeploymentStatus", "availableReplicas")),
    ageColumn,
    ...containerColumns,
    text("Selector", doc("DeploymentSpec", "selector"), 1),
  ],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      status.updatedReplicas ?? 0,
      status.availableReplicas ?? 0,
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template.spec.containers),
      usableSelector(spec.selector)?.toString() ?? "<invalid>",
    ];
  },
});

const replicaSet = defineTable<ObjectOf<"io.k8s.api.apps.v1.ReplicaSet">>({
  columns: [
    nameColumn,
    integer("Desired", doc("ReplicaSetSpec", "replicas")),
    integer("Current", doc("ReplicaSetStatus", "replicas")),
    integer("Ready", doc("ReplicaSetStatus", "readyReplicas")),
    ageColumn,
    ...containerColumns,
    text("Selector", doc("ReplicaSetSpec", "selector"), 1),
  ],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      spec.replicas ?? 0,
      status.replicas,
      status.readyReplicas ?? 0,
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template.spec.containers),
      selectorText(spec.selector),
    ];
  },
});

const statefulSet = defineTable<ObjectOf<"io.k8s.api.apps.v1.StatefulSet">>({
  columns: [nameColumn, text("Ready", "Number of the pod with ready state"), ageColumn, ...containerColumns],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template.spec.containers),
    ];
  },
});

const daemonSet = defineTable<ObjectOf<"io.k8s.api.apps.v1.DaemonSet">>({
  columns: [
    nameColumn,
    integer("Desired", doc("DaemonSetStatus", "desiredNumberScheduled")),
    integer("Current", doc("DaemonSetStatus", "currentNumberScheduled")),
    integer("Ready", doc("DaemonSetStatus", "numberReady")),
    integer("Up-to-date", doc("DaemonSetStatus", "updatedNumberScheduled")),
    integer("Available", doc("DaemonSetStatus", "numberAvailable")),
    text("Node Selector", docsOf("core.v1")("PodSpec", "nodeSelector")),
    ageColumn,
    ...containerColumns,
    text("Selector", doc("DaemonSetSpec", "selector"), 1),
  ],
  row({ metadata, spec, status }, { now }) {
    return [
      metadata.name ?? "",
      status.desiredNumberScheduled,
      status.currentNumberScheduled,
      status.numberReady,
      status.updatedNumberScheduled ?? 0,
      status.numberAvailable ?? 0,
      labelsText(spec.template.spec.nodeSelector),
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template.spec.containers),
      selectorText(spec.selector),
    ];
  },
});

const controllerRevision = defineTable<ObjectOf<"io.k8s.api.apps.v1.ControllerRevision">>({
  columns: [
    nameColumn,
    text("Controller", "Controller of the object"),
    text("Revision", doc("ControllerRevision", "revision")),
    ageColumn,
  ],
  row({ metadata, revision }, { now }) {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    return [
      metadata.name ?? "",
      owner ? ownerText(owner) : "<none>",
      revision,
      age(metadata.creationTimestamp, now),
    ];
  },
});

function ownerText({ apiVersion, kind, name }: { apiVersion: string; kind: string; name: string }): string {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${apiVersion.slice(0, slash)}`;
  const type = `${kind}${group}`.toLowerCase();
  return `${type}/${name}`;
}

export const appsTables: TablesByKind = {
  Deployment: deployment,
  ReplicaSet: replicaSet,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  ControllerRevision: controllerRevision,
};
