/** Source: pkg/apis/resource/validation/validation.go (ValidateResourceClaimStatusUpdate). */
import { goValue } from "../../go-value.ts";
import type { JsonObject } from "../../object.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { validateNodeSelector } from "../core/node-selectors.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "../field.ts";
import { validateInterfaceAddress } from "../ip.ts";
import { validateConditions } from "../labels.ts";
import { isLongerThan } from "../names.ts";
import { validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";
import { validateBindingConditions } from "./binding-conditions.ts";
import {
  maxConfigs,
  maxRequests,
  type RequestNames,
  requestNamesOf,
  validateDeviceConfiguration,
  validateRequestReference,
  validateRequestReferences,
} from "./device-claim.ts";
import { goAllocation } from "./go-layout.ts";
import { validateList, validateSet } from "./lists.ts";
import { validateDriverName, validateLabelName, validatePoolName, validateShareId } from "./names.ts";
import { validateRawExtension } from "./raw-extension.ts";

type Claim = ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">;
type Allocation = Schemas["io.k8s.api.resource.v1.AllocationResult"];
type Result = Schemas["io.k8s.api.resource.v1.DeviceRequestAllocationResult"];
type Consumer = Schemas["io.k8s.api.resource.v1.ResourceClaimConsumerReference"];
type DeviceStatus = Schemas["io.k8s.api.resource.v1.AllocatedDeviceStatus"];
type NetworkData = Schemas["io.k8s.api.resource.v1.NetworkDeviceData"];

const statusPath = FieldPath.of("status");
const maxReservedFor = 256;
const maxDeviceConditions = 8;
const maxDataLength = 10 * 1024;
const maxIps = 16;
const maxInterfaceNameLength = 256;
const maxHardwareAddressLength = 128;

interface DeviceId {
  driver?: string;
  pool?: string;
  device?: string;
  shareID?: string;
}

/** The device that a result or a status is about. */
export function deviceKey(device: DeviceId): string {
  return JSON.stringify([device.driver ?? "", device.pool ?? "", device.device ?? "", device.shareID ?? ""]);
}

/** A key as upstream's SharedDeviceID prints. */
function shownDevice(key: string): JsonObject {
  const [Driver, Pool, Device, ShareID] = JSON.parse(key) as string[];
  return { Driver: Driver!, Pool: Pool!, Device: Device!, ShareID: ShareID! };
}

/** ValidateResourceClaimStatusUpdate. */
export function validateResourceClaimStatusUpdate(claim: Claim, old: Claim): FieldError[] {
  const names = requestNamesOf(claim.spec.devices);
  const { allocation, devices, reservedFor } = claim.status;
  const allocated = new Set((allocation?.devices?.results ?? []).map(deviceKey));
  const errors = validateObjectMetaUpdate(claim.metadata, old.metadata);
  const reservedPath = statusPath.child("reservedFor");
  errors.push(
    ...validateSet(reservedFor, maxReservedFor, validateConsumer, ({ uid }) => uid ?? "", reservedPath),
    ...validateSet(
      devices,
      -1,
      (device, path) => validateDeviceStatus(device, allocated, path),
      deviceKey,
      statusPath.child("devices"),
      shownDevice,
    ),
    ...validateReservation(claim, old),
  );
  const allocationPath = statusPath.child("allocation");
  if (!allocation) return errors;
  if (!old.status.allocation) return [...errors, ...validateAllocation(allocation, names, allocationPath)];
  if (semanticEqual(allocation, old.status.allocation)) return errors;
  return [...errors, invalid(allocationPath, goValue(goAllocation, allocation), immutableError)];
}

function validateReservation({ metadata, status }: Claim, old: Claim): FieldError[] {
  const path = statusPath.child("reservedFor");
  if (!status.reservedFor?.length) return [];
  if (!status.allocation) return [forbidden(path, "may not be specified when `allocated` is not set")];
  if (!metadata.deletionTimestamp) return [];
  const before = old.status.reservedFor ?? [];
  if (status.reservedFor.every((consumer) => before.some((other) => semanticEqual(other, consumer))))
    return [];
  const detail = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
  return [forbidden(path, detail)];
}

function validateConsumer(consumer: Consumer, path: FieldPath): FieldError[] {
  return (["resource", "name", "uid"] as const)
    .filter((key) => !consumer[key])
    .map((key) => required(path.child(key)));
}

function validateAllocation(allocation: Allocation, names: RequestNames, path: FieldPath): FieldError[] {
  const { results, config } = allocation.devices ?? {};
  const errors = validateList(
    results,
    maxRequests,
    (result, at) => validateResult(result, names, at),
    path.child("devices", "results"),
  );
  errors.push(
    ...validateList(
      config,
      2 * maxConfigs,
      ({ source = "", requests, opaque }, at) => [
        ...validateSource(source, at.child("source")),
        ...validateRequestReferences(requests, names, at.child("requests")),
        ...validateDeviceConfiguration(opaque, at, false),
      ],
      path.child("devices", "config"),
    ),
  );
  if (allocation.nodeSelector) {
    errors.push(...validateNodeSelector(allocation.nodeSelector, false, path.child("nodeSelector")));
  }
  return errors;
}

function validateResult(result: Result, names: RequestNames, path: FieldPath): FieldError[] {
  return [
    ...validateRequestReference(result.request ?? "", names, path.child("request")),
    ...validateDriverName(result.driver, path.child("driver")),
    ...validatePoolName(result.pool, path.child("pool")),
    ...validateLabelName(result.device, path.child("device")),
    ...validateBindingConditions(result, path),
    ...(result.shareID === undefined ? [] : validateShareId(result.shareID, path.child("shareID"))),
  ];
}

function validateSource(source: string, path: FieldPath): FieldError[] {
  const known = ["FromClaim", "FromClass"];
  if (source === "") return [required(path)];
  return known.includes(source) ? [] : [notSupported(path, source, known)];
}

function validateDeviceStatus(
  device: DeviceStatus,
  allocated: ReadonlySet<string>,
  path: FieldPath,
): FieldError[] {
  const errors = [
    ...validateDriverName(device.driver, path.child("driver")),
    ...validatePoolName(device.pool, path.child("pool")),
    ...validateLabelName(device.device, path.child("device")),
    ...(device.shareID === undefined ? [] : validateShareId(device.shareID, path.child("shareID"))),
  ];
  const key = deviceKey(device);
  if (!allocated.has(key)) {
    errors.push(invalid(path, shownDevice(key), "must be an allocated device in the claim"));
  }
  const conditionsPath = path.child("conditions");
  const { data, networkData } = device;
  const conditions = device.conditions ?? [];
  if (conditions.length > maxDeviceConditions) {
    errors.push(tooMany(conditionsPath, conditions.length, maxDeviceConditions));
  }
  errors.push(...validateConditions(conditions, conditionsPath));
  if (data !== undefined)
    errors.push(...validateRawExtension(data, path.child("data"), false, maxDataLength));
  if (networkData) errors.push(...validateNetworkData(networkData, path.child("networkData")));
  return errors;
}

function validateNetworkData(data: NetworkData, path: FieldPath): FieldError[] {
  const { interfaceName = "", hardwareAddress = "", ips } = data;
  const errors: FieldError[] = [];
  if (isLongerThan(interfaceName, maxInterfaceNameLength)) {
    errors.push(tooLong(path.child("interfaceName"), maxInterfaceNameLength));
  }
  if (isLongerThan(hardwareAddress, maxHardwareAddressLength)) {
    errors.push(tooLong(path.child("hardwareAddress"), maxHardwareAddressLength));
  }
  const validate = (address: string, at: FieldPath) => validateInterfaceAddress(at, address);
  return [...errors, ...validateSet(ips, maxIps, validate, (address) => address, path.child("ips"))];
}
