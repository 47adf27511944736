import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { validateDeviceClass } from "../../../api/validation/resource/device-class.ts";
import { countSpecChange } from "../generation.ts";
import type { LateCel } from "../late-cel.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";

type DeviceClass = ObjectOf<"io.k8s.api.resource.v1.DeviceClass">;

/** Source: pkg/registry/resource/deviceclass. */
export const deviceClasses = (cel: LateCel): ResourceDefinition<DeviceClass> =>
  defineResource<DeviceClass>({
    group: "resource.k8s.io",
    resource: "deviceclasses",
    strategy: {
      hooks: cel.hooks,
      returnDeletedObject: true,
      prepareForCreate(deviceClass, { gates }) {
        deviceClass.metadata.generation = 1;
        dropExtendedResource(deviceClass, undefined, gates);
      },
      validate: (deviceClass, { gates }) => validateDeviceClass(deviceClass, gates, cel.device),
      prepareForUpdate(deviceClass, old, { gates }) {
        dropExtendedResource(deviceClass, old, gates);
        countSpecChange(deviceClass, old);
      },
      validateUpdate: (deviceClass, old, { gates }) =>
        validateDeviceClass(deviceClass, gates, cel.device, old),
    },
  });

function dropExtendedResource(
  { spec }: DeviceClass,
  old: DeviceClass | undefined,
  gates: FeatureGates,
): void {
  if (gates.enabled("DRAExtendedResource") || old?.spec.extendedResourceName !== undefined) return;
  delete spec.extendedResourceName;
}
