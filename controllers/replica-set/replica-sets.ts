import type { PodTemplateSpec } from "../../api/core-types.ts";
import type { GroupVersionKind, KubeObject } from "../../api/object.ts";
import {
  type LabelSelector,
  type LabelSelectorObject,
  labelSelectorFromSet,
  labelSelectorOf,
} from "../../api/selectors.ts";
import type { Schemas } from "../../api/types.ts";
import type { ResourceReference } from "../../client/client.ts";

export type ReplicaSetCondition = Schemas["io.k8s.api.apps.v1.ReplicaSetCondition"];
export type ReplicaSetStatus = Schemas["io.k8s.api.apps.v1.ReplicaSetStatus"];

/** A ReplicaSet or a ReplicationController: what both have. */
export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector: LabelSelectorObject | Record<string, string>;
    template: PodTemplateSpec;
  };
  status?: ReplicaSetStatus;
}

/** One of the two kinds that keep a number of equal pods. */
export interface ReplicaSetKind {
  kind: GroupVersionKind;
  resource: ResourceReference;
  /** Who the events come from. */
  component: string;
  /** Whether its status tells of pods that are about to go, where the feature is on. */
  countsTerminating: boolean;
  selectorOf(set: ReplicaSet): LabelSelector;
}

/** Source: pkg/controller/replicaset. */
export const replicaSets: ReplicaSetKind = {
  kind: { group: "apps", version: "v1", kind: "ReplicaSet" },
  resource: { group: "apps", version: "v1", resource: "replicasets" },
  component: "replicaset-controller",
  countsTerminating: true,
  selectorOf: ({ spec }) => labelSelectorOf(spec.selector as LabelSelectorObject),
};

/** Source: pkg/controller/replication. */
export const replicationControllers: ReplicaSetKind = {
  kind: { group: "", version: "v1", kind: "ReplicationController" },
  resource: { group: "", version: "v1", resource: "replicationcontrollers" },
  component: "replication-controller",
  countsTerminating: false,
  selectorOf: ({ spec }) => labelSelectorFromSet(spec.selector as Record<string, string>),
};

export const desiredReplicas = ({ spec }: ReplicaSet): number => spec.replicas ?? 0;
