/**
 * Fields of resource slices that belong to features which are off: dropped, unless the old slice uses them.
 * Source: pkg/registry/resource/resourceslice/strategy.go.
 */
import type { FeatureGates } from "./feature-gates.ts";
import type { Schemas } from "./types.ts";

type Spec = Schemas["io.k8s.api.resource.v1.ResourceSliceSpec"];
type Device = Schemas["io.k8s.api.resource.v1.Device"];

interface FeatureFields {
  /** All of them must be on. */
  gates: readonly string[];
  spec?: readonly (keyof Spec)[];
  device?: readonly (keyof Device)[];
  /** Fields further down: removes them, and tells whether there were any. */
  deep?(device: Device): boolean;
}

const listKinds = ["bools", "ints", "strings", "versions"] as const;

const features: readonly FeatureFields[] = [
  { gates: ["DRADeviceTaints"], device: ["taints"] },
  {
    gates: ["DRAPartitionableDevices"],
    spec: ["sharedCounters", "perDeviceNodeSelection"],
    device: ["consumesCounters", "nodeName", "nodeSelector", "allNodes"],
  },
  {
    gates: ["DRADeviceBindingConditions", "DRAResourceClaimDeviceStatus"],
    device: ["bindingConditions", "bindingFailureConditions", "bindsToNode"],
  },
  {
    gates: ["DRAConsumableCapacity"],
    device: ["allowMultipleAllocations"],
    deep: ({ capacity }) => removeFrom(capacity, ["requestPolicy"]),
  },
  { gates: ["DRANodeAllocatableResources"], device: ["nodeAllocatableResourceMappings"] },
  { gates: ["DRAListTypeAttributes"], deep: ({ attributes }) => removeFrom(attributes, listKinds) },
];

function removeFrom<T extends object>(
  map: Readonly<Record<string, T>> | undefined,
  fields: readonly (keyof T)[],
): boolean {
  let removed = false;
  for (const item of Object.values(map ?? {})) {
    for (const field of fields) {
      removed ||= item[field] !== undefined;
      delete item[field];
    }
  }
  return removed;
}

/** Changes the spec in place. */
export function dropDisabledSliceFields(spec: Spec, old: Spec | undefined, gates: FeatureGates): void {
  for (const feature of features) {
    if (feature.gates.every((gate) => gates.enabled(gate))) continue;
    if (!old || !remove(feature, structuredClone(old))) remove(feature, spec);
  }
}

/** Whether there was anything to remove. */
function remove(
  { spec: specFields = [], device: deviceFields = [], deep }: FeatureFields,
  spec: Spec,
): boolean {
  let removed = specFields.some((field) => spec[field] !== undefined);
  for (const field of specFields) delete spec[field];
  for (const device of spec.devices ?? []) {
    removed ||= deviceFields.some((field) => device[field] !== undefined);
    for (const field of deviceFields) delete device[field];
    if (deep?.(device)) removed = true;
  }
  return removed;
}
