import { timestamp } from "../../../api/clock.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validatePersistentVolume,
  validatePersistentVolumeStatusUpdate,
  validatePersistentVolumeUpdate,
} from "../../../api/validation/core/persistent-volume.ts";
import { persistentVolumeWarnings } from "../../../api/warnings/persistent-volume.ts";
import { defineResource } from "../strategy.ts";

type Volume = ObjectOf<"io.k8s.api.core.v1.PersistentVolume">;

/** Source: pkg/registry/core/persistentvolume. */
export const persistentVolumes = defineResource<Volume>({
  group: "",
  resource: "persistentvolumes",
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(volume, { clock, gates }) {
      volume.status = { phase: "Pending", lastPhaseTransitionTime: timestamp(clock) };
      dropDisabledFields(volume, undefined, gates);
    },
    validate: (volume, { gates }) => validatePersistentVolume(volume, gates),
    warningsOnCreate: persistentVolumeWarnings,
    prepareForUpdate(volume, old, { gates }) {
      volume.status = old.status;
      dropDisabledFields(volume, old, gates);
    },
    validateUpdate: (volume, old, { gates }) => validatePersistentVolumeUpdate(volume, old, gates),
    warningsOnUpdate: persistentVolumeWarnings,
    resetFields: { v1: ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(volume, old, { clock }) {
        volume.spec = old.spec;
        const time = old.status.lastPhaseTransitionTime;
        const { phase, lastPhaseTransitionTime: given } = volume.status;
        if (phase === old.status.phase) {
          if (given === undefined && time !== undefined) volume.status.lastPhaseTransitionTime = time;
        } else if (given === undefined || given === time) {
          volume.status.lastPhaseTransitionTime = timestamp(clock);
        }
      },
      validateUpdate: validatePersistentVolumeStatusUpdate,
      resetFields: { v1: ["spec"] },
    },
  },
});

function dropDisabledFields({ spec }: Volume, old: Volume | undefined, gates: FeatureGates): void {
  if (gates.enabled("VolumeAttributesClass") || old?.spec.volumeAttributesClassName !== undefined) return;
  delete spec.volumeAttributesClassName;
}
