import type { ObjectOf } from "../object-of.ts";
import type { Amounts } from "../pod-resources.ts";
import { Quantity } from "../quantity.ts";
import { objectCountName, one, type QuotaEvaluator } from "./evaluator.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;

interface ClassRequest {
  deviceClassName: string;
  allocationMode?: string;
  count?: number;
}

const count = objectCountName({ group: "resource.k8s.io", resource: "resourceclaims" });
const classSuffix = ".deviceclass.resource.k8s.io/devices";

/** So many devices a claim can get at most: AllocationResultsMaxSize. */
const maxDevices = 32;

/** Claims and their devices by device class. Source: evaluator/core/resource_claims.go. */
export const resourceClaimQuota: QuotaEvaluator<Claim> = {
  updates: [""],
  measures: (name) => name === count || name.endsWith(classSuffix),
  usage({ spec }) {
    const usage: Amounts = new Map([[count, one]]);
    for (const { exactly, firstAvailable } of spec.devices?.requests ?? []) {
      for (const [name, devices] of devicesByClass(firstAvailable ?? (exactly ? [exactly] : []))) {
        usage.set(name, (usage.get(name) ?? Quantity.zero).add(Quantity.of(devices)));
      }
    }
    return usage;
  },
};

/** Of alternatives the hungriest counts. */
function devicesByClass(requests: readonly ClassRequest[]): Map<string, number> {
  const devices = new Map<string, number>();
  for (const request of requests) {
    const name = `${request.deviceClassName}${classSuffix}`;
    devices.set(name, Math.max(devices.get(name) ?? 0, devicesOf(request)));
  }
  return devices;
}

function devicesOf({ allocationMode, count = 0 }: ClassRequest): number {
  if (allocationMode === "All") return maxDevices;
  return allocationMode === "ExactCount" ? count : 0;
}
