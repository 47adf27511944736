import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import type { NewCelCompiler } from "../../../api/validation/cel.ts";
import { validateDeviceClass } from "../../../api/validation/resource/device-class.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";

type DeviceClass = ObjectOf<"io.k8s.api.resource.v1.DeviceClass">;

/** Source: pkg/registry/resource/deviceclass. */
export const deviceClasses = (newCompiler: NewCelCompiler | undefined): ResourceDefinition<DeviceClass> =>
  defineResource<DeviceClass>({
    group: "resource.k8s.io",
    resource: "deviceclasses",
    strategy: {
      returnDeletedObject: true,
      prepareForCreate(deviceClass, { gates }) {
        deviceClass.metadata.generation = 1;
        dropExtendedResource(deviceClass, undefined, gates);
      },
      validate: (deviceClass, { gates }) => validateDeviceClass(deviceClass, gates, newCompiler),
      prepareForUpdate(deviceClass, old, { gates }) {
        dropExtendedResource(deviceClass, old, gates);
        countSpecChange(deviceClass, old);
      },
      validateUpdate: (deviceClass, old, { gates }) =>
        validateDeviceClass(deviceClass, gates, newCompiler, old),
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
