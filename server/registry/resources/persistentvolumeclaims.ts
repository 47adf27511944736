import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimStatusUpdate,
  validatePersistentVolumeClaimUpdate,
} from "../../../api/validation/core/persistent-volume-claim.ts";
import { persistentVolumeClaimWarnings } from "../../../api/warnings/persistent-volume.ts";
import { defineResource } from "../strategy.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;
type Spec = Claim["spec"];

/** Source: pkg/registry/core/persistentvolumeclaim. */
export const persistentVolumeClaims = defineResource<Claim>({
  group: "",
  resource: "persistentvolumeclaims",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(claim, { gates }) {
      claim.status = {};
      prepareSpec(claim.spec, undefined, gates);
    },
    validate: (claim, { gates }) => validatePersistentVolumeClaim(claim, gates),
    warningsOnCreate: persistentVolumeClaimWarnings,
    prepareForUpdate(claim, old, { gates }) {
      claim.status = old.status;
      prepareSpec(claim.spec, old.spec, gates);
    },
    validateUpdate: (claim, old, { gates }) => validatePersistentVolumeClaimUpdate(claim, old, gates),
    warningsOnUpdate: persistentVolumeClaimWarnings,
    defaultOnRead({ status }) {
      status.phase ||= "Pending";
    },
    resetFields: { v1: ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(claim, old, { gates }) {
        claim.spec = old.spec;
        dropDisabledStatusFields(claim, old, gates);
      },
      validateUpdate: (claim, old, { gates }) => validatePersistentVolumeClaimStatusUpdate(claim, old, gates),
      resetFields: { v1: ["spec"] },
    },
  },
});

/** KEP-1495: dataSource is an older name of dataSourceRef, and was silently dropped where it names something else. */
function prepareSpec(spec: Spec, old: Spec | undefined, gates: FeatureGates): void {
  if (!gates.enabled("VolumeAttributesClass") && old?.volumeAttributesClassName === undefined) {
    delete spec.volumeAttributesClassName;
  }
  const acrossNamespaces = gates.enabled("CrossNamespaceVolumeDataSource");
  if (!acrossNamespaces && spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  const hadSource = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  if (!hadSource && !spec.dataSourceRef && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...reference } = dataSourceRef;
    spec.dataSource = reference;
  }
}

function isClaimOrSnapshot(source: Spec["dataSource"]): boolean {
  const { kind } = source ?? {};
  const apiGroup = source?.apiGroup ?? "";
  if (kind === "PersistentVolumeClaim") return apiGroup === "";
  return kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io";
}

function dropDisabledStatusFields({ status }: Claim, old: Claim, gates: FeatureGates): void {
  const drop = (field: keyof Claim["status"]): void => {
    if (old.status[field] === undefined) delete status[field];
  };
  if (!gates.enabled("VolumeAttributesClass")) {
    drop("currentVolumeAttributesClassName");
    drop("modifyVolumeStatus");
  }
  if (!gates.enabled("RecoverVolumeExpansionFailure")) {
    drop("allocatedResources");
    drop("allocatedResourceStatuses");
  }
}
