/** Defaults of apps/v1. Source: pkg/apis/apps/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import { coreObjectDefaults } from "./core-objects.ts";
import { defaultPodTemplate } from "./core-pod.ts";
import type { DefaultsContext, DefaultsTable } from "./table.ts";

const rollingUpdate = "RollingUpdate";
const defaultHistory = 10;

function defaultDeployment({ spec }: ObjectOf<"io.k8s.api.apps.v1.Deployment">): void {
  defaultPodTemplate(spec.template);
  spec.replicas ??= 1;
  const { strategy } = spec;
  strategy.type ||= rollingUpdate;
  if (strategy.type === rollingUpdate) {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.maxUnavailable ??= "25%";
    strategy.rollingUpdate.maxSurge ??= "25%";
  }
  spec.revisionHistoryLimit ??= defaultHistory;
  spec.progressDeadlineSeconds ??= 600;
}

function defaultReplicaSet({ spec }: ObjectOf<"io.k8s.api.apps.v1.ReplicaSet">): void {
  spec.replicas ??= 1;
  defaultPodTemplate(spec.template);
}

function defaultDaemonSet({ spec }: ObjectOf<"io.k8s.api.apps.v1.DaemonSet">): void {
  defaultPodTemplate(spec.template);
  const { updateStrategy } = spec;
  updateStrategy.type ||= rollingUpdate;
  if (updateStrategy.type === rollingUpdate) {
    updateStrategy.rollingUpdate ??= {};
    updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= defaultHistory;
}

function defaultStatefulSet(
  { spec }: ObjectOf<"io.k8s.api.apps.v1.StatefulSet">,
  context: DefaultsContext,
): void {
  defaultPodTemplate(spec.template);
  spec.podManagementPolicy ||= "OrderedReady";
  const { updateStrategy } = spec;
  if (!updateStrategy.type) {
    updateStrategy.type = rollingUpdate;
    updateStrategy.rollingUpdate ??= {};
  }
  if (updateStrategy.type === rollingUpdate && updateStrategy.rollingUpdate) {
    updateStrategy.rollingUpdate.partition ??= 0;
    if (context.gates.enabled("MaxUnavailableStatefulSet")) {
      updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    }
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= defaultHistory;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    coreObjectDefaults["PersistentVolumeClaim"]?.(
      claim as ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">,
      context,
    );
  }
}

export const appsDefaults: DefaultsTable = {
  "apps/v1": {
    DaemonSet: defaultDaemonSet,
    Deployment: defaultDeployment,
    ReplicaSet: defaultReplicaSet,
    StatefulSet: defaultStatefulSet,
  },
};
