/**
 * Defaults of resource.k8s.io. Sources: pkg/apis/resource/{v1,v1beta1,v1beta2,v1alpha3}/defaults.go.
 * The time of a taint is filled in by the strategies of the resources, which have a clock.
 */
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import type { DefaultsTable } from "./table.ts";

interface DeviceCount {
  allocationMode?: string;
  count?: number;
}

interface Toleration {
  operator?: string;
}

function defaultCount(request: DeviceCount): void {
  request.allocationMode ||= "ExactCount";
  if (request.allocationMode === "ExactCount") request.count ||= 1;
}

function defaultTolerations(tolerations: readonly Toleration[] | undefined): void {
  for (const toleration of tolerations ?? []) toleration.operator ||= "Equal";
}

type Request = Schemas["io.k8s.api.resource.v1.DeviceRequest"];
type OldRequest = Schemas["io.k8s.api.resource.v1beta1.DeviceRequest"];

function defaultRequests(requests: readonly Request[] | null | undefined): void {
  for (const { exactly, firstAvailable } of requests ?? []) {
    if (exactly) {
      defaultCount(exactly);
      defaultTolerations(exactly.tolerations);
    }
    for (const choice of firstAvailable ?? []) {
      defaultCount(choice);
      defaultTolerations(choice.tolerations);
    }
  }
}

/** v1beta1 has the fields of `exactly` in the request itself. */
function defaultOldRequests(requests: readonly OldRequest[] | null | undefined): void {
  for (const request of requests ?? []) {
    if (request.deviceClassName) defaultCount(request);
    for (const choice of request.firstAvailable ?? []) {
      defaultCount(choice);
      defaultTolerations(choice.tolerations);
    }
    defaultTolerations(request.tolerations);
  }
}

interface Allocated {
  allocation?: { devices?: { results?: readonly { tolerations?: readonly Toleration[] }[] } };
}

function defaultAllocation(status: Allocated | undefined): void {
  for (const result of status?.allocation?.devices?.results ?? []) defaultTolerations(result.tolerations);
}

function defaultClaim({ spec, status }: ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">): void {
  defaultRequests(spec.devices.requests);
  defaultAllocation(status);
}

function defaultClaimTemplate({ spec }: ObjectOf<"io.k8s.api.resource.v1.ResourceClaimTemplate">): void {
  defaultRequests(spec.spec.devices.requests);
}

function defaultOldClaim({ spec, status }: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaim">): void {
  defaultOldRequests(spec.devices.requests);
  defaultAllocation(status);
}

function defaultOldClaimTemplate({
  spec,
}: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaimTemplate">): void {
  defaultOldRequests(spec.spec.devices.requests);
}

interface DeviceMappings {
  nodeAllocatableResourceMappings?: Record<string, { allocationMultiplier?: string }>;
}

function defaultDevice(device: DeviceMappings): void {
  for (const mapping of Object.values(device.nodeAllocatableResourceMappings ?? {})) {
    mapping.allocationMultiplier ??= "1";
  }
}

function defaultSlice({ spec }: ObjectOf<"io.k8s.api.resource.v1.ResourceSlice">): void {
  for (const device of spec.devices ?? []) defaultDevice(device);
}

function defaultOldSlice({ spec }: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceSlice">): void {
  for (const { basic } of spec.devices ?? []) if (basic) defaultDevice(basic);
}

function defaultPoolStatusRequest({
  spec,
}: ObjectOf<"io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest">): void {
  spec.limit ??= 100;
}

const current = {
  ResourceClaim: defaultClaim,
  ResourceClaimTemplate: defaultClaimTemplate,
  ResourceSlice: defaultSlice,
};

export const resourceDefaults: DefaultsTable = {
  "resource.k8s.io/v1": current,
  "resource.k8s.io/v1beta2": current,
  "resource.k8s.io/v1beta1": {
    ResourceClaim: defaultOldClaim,
    ResourceClaimTemplate: defaultOldClaimTemplate,
    ResourceSlice: defaultOldSlice,
  },
  "resource.k8s.io/v1alpha3": { ResourcePoolStatusRequest: defaultPoolStatusRequest },
};
