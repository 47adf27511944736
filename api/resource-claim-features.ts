/**
 * Fields of resource claims that belong to features which are off: dropped, unless the old object uses them.
 * Source: pkg/api/resourceclaimspec/util.go and pkg/registry/resource/resourceclaim/strategy.go.
 */
import type { FeatureGates } from "./feature-gates.ts";
import type { Schemas } from "./types.ts";

type Spec = Schemas["io.k8s.api.resource.v1.ResourceClaimSpec"];
type Status = Schemas["io.k8s.api.resource.v1.ResourceClaimStatus"];
type Request = Schemas["io.k8s.api.resource.v1.DeviceRequest"];

const requestsOf = (spec: Spec): Request[] => spec.devices.requests ?? [];

/** The requests for devices, whether they are alternatives or not. */
const wantsOf = (spec: Spec) =>
  requestsOf(spec).flatMap(({ exactly, firstAvailable = [] }) => [
    ...(exactly ? [exactly] : []),
    ...firstAvailable,
  ]);

interface FeatureFields<T> {
  gate: string;
  inUse(object: T): boolean;
  drop(object: T): void;
}

const specFeatures: readonly FeatureFields<Spec>[] = [
  {
    gate: "DRAPrioritizedList",
    inUse: (spec) => requestsOf(spec).some(({ firstAvailable }) => firstAvailable?.length),
    drop(spec) {
      for (const request of requestsOf(spec)) delete request.firstAvailable;
    },
  },
  {
    gate: "DRADeviceTaints",
    inUse: (spec) => wantsOf(spec).some(({ tolerations }) => tolerations?.length),
    drop(spec) {
      for (const want of wantsOf(spec)) delete want.tolerations;
    },
  },
  {
    gate: "DRAConsumableCapacity",
    inUse: (spec) =>
      (spec.devices.constraints ?? []).some(({ distinctAttribute }) => distinctAttribute !== undefined) ||
      wantsOf(spec).some(({ capacity }) => capacity),
    drop(spec) {
      for (const constraint of spec.devices.constraints ?? []) delete constraint.distinctAttribute;
      for (const want of wantsOf(spec)) delete want.capacity;
    },
  },
];

/** Changes the spec in place. */
export function dropDisabledClaimFields(spec: Spec, old: Spec | undefined, gates: FeatureGates): void {
  for (const { gate, inUse, drop } of specFeatures) {
    if (!gates.enabled(gate) && !(old && inUse(old))) drop(spec);
  }
}

const resultsOf = (status: Status) => status.allocation?.devices?.results ?? [];

interface ClaimParts {
  spec: Spec;
  status: Status;
}

const statusFeatures: readonly FeatureFields<ClaimParts>[] = [
  {
    gate: "DRAResourceClaimDeviceStatus",
    inUse: ({ status }) => (status.devices ?? []).length > 0,
    drop({ status }) {
      delete status.devices;
    },
  },
  {
    gate: "DRAConsumableCapacity",
    inUse: ({ spec, status }) =>
      specFeatures.find(({ gate }) => gate === "DRAConsumableCapacity")!.inUse(spec) ||
      resultsOf(status).some((result) => result.shareID !== undefined || result.consumedCapacity) ||
      (status.devices ?? []).some(({ shareID }) => shareID !== undefined),
    drop({ status }) {
      for (const result of resultsOf(status)) {
        delete result.shareID;
        delete result.consumedCapacity;
      }
      for (const device of status.devices ?? []) delete device.shareID;
    },
  },
  {
    gate: "DRADeviceBindingConditions",
    inUse: ({ status }) =>
      resultsOf(status).some((result) => result.bindingConditions ?? result.bindingFailureConditions),
    drop({ status }) {
      for (const result of resultsOf(status)) {
        delete result.bindingConditions;
        delete result.bindingFailureConditions;
      }
    },
  },
];

/** Changes the status in place. */
export function dropDisabledClaimStatusFields(claim: ClaimParts, old: ClaimParts, gates: FeatureGates): void {
  for (const { gate, inUse, drop } of statusFeatures) {
    if (!gates.enabled(gate) && !inUse(old)) drop(claim);
  }
}
