/**
 * resource.k8s.io/v1beta1, which has the fields of an exact request in the request, and those of a device in
 * `basic`. v1beta2 and v1alpha3 look like v1. Source: pkg/apis/resource/v1beta1/conversion.go.
 */
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import { type ConversionTable, defineConversion } from "./table.ts";

type Request = Schemas["io.k8s.api.resource.v1.DeviceRequest"];
type OldRequest = Schemas["io.k8s.api.resource.v1beta1.DeviceRequest"];
type Device = Schemas["io.k8s.api.resource.v1.Device"];
type OldDevice = Schemas["io.k8s.api.resource.v1beta1.Device"];

function requestToHub({ name, firstAvailable, deviceClassName, ...others }: OldRequest): Request {
  const request: Request = { name };
  // Written even when it is empty, so that alone it does not make an exact request.
  if (deviceClassName || Object.keys(others).length > 0) {
    request.exactly = { deviceClassName: deviceClassName ?? "", ...others };
  }
  if (firstAvailable) request.firstAvailable = firstAvailable;
  return request;
}

function requestFromHub({ name, exactly, firstAvailable }: Request): OldRequest {
  return { name, deviceClassName: "", ...exactly, ...(firstAvailable ? { firstAvailable } : {}) };
}

interface Requests<R> {
  devices: { requests?: R[] };
}

function specToHub<S extends Requests<OldRequest>>(spec: S): S & Requests<Request> {
  const { requests } = spec.devices;
  if (!requests) return spec as S & Requests<Request>;
  return { ...spec, devices: { ...spec.devices, requests: requests.map(requestToHub) } };
}

function specFromHub<S extends Requests<Request>>(spec: S): S & Requests<OldRequest> {
  const { requests } = spec.devices;
  if (!requests) return spec as S & Requests<OldRequest>;
  return { ...spec, devices: { ...spec.devices, requests: requests.map(requestFromHub) } };
}

const claim = defineConversion({
  toHub: (object: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaim">) =>
    ({ ...object, spec: specToHub(object.spec) }) as ObjectOf<"io.k8s.api.resource.v1.ResourceClaim">,
  fromHub: (object) =>
    ({ ...object, spec: specFromHub(object.spec) }) as ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaim">,
});

const claimTemplate = defineConversion({
  toHub: (object: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaimTemplate">) =>
    ({
      ...object,
      spec: { ...object.spec, spec: specToHub(object.spec.spec) },
    }) as ObjectOf<"io.k8s.api.resource.v1.ResourceClaimTemplate">,
  fromHub: (object) =>
    ({
      ...object,
      spec: { ...object.spec, spec: specFromHub(object.spec.spec) },
    }) as ObjectOf<"io.k8s.api.resource.v1beta1.ResourceClaimTemplate">,
});

function deviceToHub({ name, basic }: OldDevice): Device {
  return { name, ...basic };
}

function deviceFromHub({ name, ...basic }: Device): OldDevice {
  return { name, basic };
}

const slice = defineConversion({
  toHub(object: ObjectOf<"io.k8s.api.resource.v1beta1.ResourceSlice">) {
    const { nodeName, allNodes, devices, ...spec } = object.spec;
    const hub = { ...object, spec: { ...spec } } as ObjectOf<"io.k8s.api.resource.v1.ResourceSlice">;
    // Not pointers in v1beta1: zero and absent are the same there.
    if (nodeName) hub.spec.nodeName = nodeName;
    if (allNodes) hub.spec.allNodes = allNodes;
    if (devices) hub.spec.devices = devices.map(deviceToHub);
    return hub;
  },
  fromHub(object) {
    const { nodeName, allNodes, devices, ...spec } = object.spec;
    const old = { ...object, spec: { ...spec } } as ObjectOf<"io.k8s.api.resource.v1beta1.ResourceSlice">;
    if (nodeName) old.spec.nodeName = nodeName;
    if (allNodes) old.spec.allNodes = allNodes;
    if (devices) old.spec.devices = devices.map(deviceFromHub);
    return old;
  },
});

export const resourceConversions: ConversionTable = {
  "resource.k8s.io/v1beta1": {
    ResourceClaim: claim,
    ResourceClaimTemplate: claimTemplate,
    ResourceSlice: slice,
  },
};
