import type { ObjectOf } from "../object-of.ts";
import { docsOf, integer, text } from "./column-builders.ts";
import { ageColumn, type Cell, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;
type PoolRequest = ObjectOf<"io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest">;
type PoolStatus = NonNullable<PoolRequest["status"]>;

const doc = docsOf("resource.v1");

const nameAndAge = defineTable({
  columns: [nameColumn, ageColumn],
  row({ metadata }, { now }) {
    return [metadata.name ?? "", age(metadata.creationTimestamp, now)];
  },
});

const claim = defineTable<Claim>({
  columns: [
    nameColumn,
    text("State", "A summary of the current state (allocated, pending, reserved, etc.)."),
    ageColumn,
  ],
  row(object, { now }) {
    const { name = "", creationTimestamp } = object.metadata;
    return [name, claimState(object), age(creationTimestamp, now)];
  },
});

function claimState({ metadata, status }: Claim): string {
  const states = metadata.deletionTimestamp ? ["deleted"] : [];
  if (status.allocation) states.push("allocated", ...(status.reservedFor?.length ? ["reserved"] : []));
  else if (!metadata.deletionTimestamp) states.push("pending");
  return states.join(",");
}

const slice = defineTable<ObjectOf<"io.k8s.api.resource.v1.ResourceSlice">>({
  columns: [
    nameColumn,
    text("Node", doc("ResourceSliceSpec", "nodeName")),
    text("Driver", doc("ResourceSliceSpec", "driver")),
    text("Pool", doc("ResourcePool", "name")),
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    const { nodeName = "", driver, pool } = spec;
    return [metadata.name ?? "", nodeName, driver, pool.name, age(metadata.creationTimestamp, now)];
  },
});

const taintRule = defineTable<ObjectOf<"io.k8s.api.resource.v1alpha3.DeviceTaintRule">>({
  columns: [
    nameColumn,
    text("Key", doc("DeviceTaint", "key")),
    text("Value", doc("DeviceTaint", "value")),
    text("Effect", doc("DeviceTaint", "effect")),
    text("TimeAdded", doc("DeviceTaint", "timeAdded")),
    ageColumn,
  ],
  row({ metadata, spec }, { now }) {
    const { key, value = "", effect, timeAdded } = spec.taint;
    return [
      metadata.name ?? "",
      key,
      value,
      effect,
      timeAdded ? age(timeAdded, now) : "",
      age(metadata.creationTimestamp, now),
    ];
  },
});

const poolRequest = defineTable<PoolRequest>({
  columns: [
    nameColumn,
    text("Driver", "The driver to query pools for."),
    text("Total", "Total number of devices across all pools."),
    text("Available", "Number of available devices across all pools."),
    text("Allocated", "Number of allocated devices across all pools."),
    text("Unavailable", "Number of unavailable devices across all pools."),
    text("Errors", "Number of pools with validation errors."),
    integer("Pools", "Total number of matching pools."),
    text("Status", "Processing status."),
    text("Completed", "Time since the observation completed."),
  ],
  row({ metadata, spec, status }, { now }) {
    const outcome = (status?.conditions ?? []).find(
      ({ type, status: value }) => value === "True" && (type === "Complete" || type === "Failed"),
    );
    const poolCount = status?.poolCount ?? 0;
    return [
      metadata.name ?? "",
      spec.driver,
      ...(status && outcome?.type !== "Failed" ? poolSums(status) : ["-", "-", "-", "-", "-"]),
      poolCount,
      outcome?.type === "Complete" ? completeText(poolCount, status) : (outcome?.type ?? "Pending"),
      outcome?.type === "Complete" ? age(outcome.lastTransitionTime, now) : "<none>",
    ];
  },
});

function poolSums({ pools = [] }: PoolStatus): Cell[] {
  const keys = ["totalDevices", "availableDevices", "allocatedDevices", "unavailableDevices"] as const;
  const sums = keys.map((key) => pools.reduce((sum, pool) => sum + (pool[key] ?? 0), 0));
  const errors = pools.filter(({ validationError }) => validationError !== undefined).length;
  return [...sums, errors].map(String);
}

function completeText(poolCount: number, status: PoolRequest["status"]): string {
  const listed = status?.pools?.length ?? 0;
  return poolCount > listed ? `Complete (${listed}/${poolCount} pools)` : "Complete";
}

export const resourceTables: TablesByKind = {
  DeviceClass: nameAndAge,
  ResourceClaim: claim,
  ResourceClaimTemplate: nameAndAge,
  ResourceSlice: slice,
  DeviceTaintRule: taintRule,
  ResourcePoolStatusRequest: poolRequest,
};
