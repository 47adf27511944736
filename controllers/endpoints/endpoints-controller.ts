import type { EndpointAddress, EndpointSubset, Endpoints as EndpointsObject } from "../../api/core-types.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import { namespaceOf } from "../controllees/owners.ts";
import { type Pod, podsResource } from "../controllees/pod-facts.ts";
import type { ControllerContext } from "../controller.ts";
import {
  addressesOf,
  hasManagedEndpoints,
  hostnameIn,
  type IpFamily,
  isHeadless,
  podsBehind,
  portsOf,
  type Service,
  servicesOfChange,
  servicesResource,
  shouldBeInEndpoints,
} from "./service-pods.ts";
import { isOverCapacity, repackSubsets, truncated } from "./subsets.ts";
import { TriggerTimes, triggerTimeAnnotation } from "./trigger-times.ts";

type Endpoints = Omit<EndpointsObject, "metadata"> & KubeObject;

const endpointsResource = { group: "", version: "v1", resource: "endpoints" } as const;
const endpointsKind = { group: "", version: "v1", kind: "Endpoints" } as const;
const component = "endpoint-controller";
const managedBy = "endpoints.kubernetes.io/managed-by";
const headless = "service.kubernetes.io/headless";
const overCapacity = "endpoints.kubernetes.io/over-capacity";
const leader = "control-plane.alpha.kubernetes.io/leader";
const workers = 5;

/** Writes where Services lead, as Endpoints. Source: pkg/controller/endpoint. */
export function makeEndpointsController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready } = context;
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, component);
  const services = informers.of<Service>(servicesResource);
  const pods = informers.of<Pod>(podsResource);
  const endpoints = informers.of<Endpoints>(endpointsResource);
  const servicesIn = services.index(namespaceOf);
  const podsIn = pods.index(namespaceOf);
  const times = new TriggerTimes();

  const write = async (service: Service, wanted: Endpoints, isNew: boolean): Promise<void> => {
    const { namespace = "", name } = service.metadata;
    const place = { ...endpointsResource, namespace };
    try {
      const written = await (isNew ? client.create(place, wanted) : client.update(place, wanted));
      endpoints.objects.remember(written);
    } catch (error) {
      if (isNew && isNamespaceTerminating(error)) return;
      const about = referenceTo({ ...wanted, metadata: { ...wanted.metadata, namespace } }, endpointsKind);
      const [reason, doing] = isNew
        ? ["FailedToCreateEndpoint", "create endpoint for service"]
        : ["FailedToUpdateEndpoint", "update endpoint"];
      const message = `Failed to ${doing} ${namespace}/${name}: ${(error as Error).message}`;
      recorder.record({ about, type: "Warning", reason, message });
      throw error;
    }
  };

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const service = services.objects.get(key);
      if (!service) {
        times.forget(key);
        await removeEndpoints(context, key);
      } else if (hasManagedEndpoints(service)) {
        const behind = podsBehind(service, podsIn);
        const time = times.next(key, service, behind);
        const current = endpoints.objects.get(key);
        const subsets = repackSubsets(behind.flatMap((pod) => subsetsOf(service, pod)));
        if (current && isCurrent(current, subsets, service)) return;
        await write(service, endpointsOf(service, subsets, time, current), !current);
      }
    },
  });

  services.onChange((now, before) => queue.add(objectKey((now ?? before)!)));
  pods.onChange((now, before) => {
    for (const key of servicesOfChange(now as Pod | undefined, before as Pod | undefined, servicesIn))
      queue.add(key);
  });
  endpoints.onChange((now, before) => {
    if (!now) queue.add(objectKey(before!));
  });
  // What was left behind while nobody looked.
  void ready.then(() => {
    for (const { metadata } of endpoints.objects.values()) {
      if (metadata.annotations?.[leader] === undefined) queue.add(`${metadata.namespace}/${metadata.name}`);
    }
  });
}

async function removeEndpoints({ client }: ControllerContext, key: string): Promise<void> {
  const [namespace = "", name = ""] = key.split("/");
  try {
    await client.delete({ ...endpointsResource, namespace }, name);
  } catch (error) {
    if (!(error instanceof StatusError && error.code === 404)) throw error;
  }
}

/** A subset for each port of the pod, to be packed together. */
function subsetsOf(service: Service, pod: Pod): EndpointSubset[] {
  const { publishNotReadyAddresses = false, ports = [] } = service.spec ?? {};
  if (!shouldBeInEndpoints(pod, publishNotReadyAddresses)) return [];
  const [ip] = addressesOf(pod, familyOf(service, pod));
  if (ip === undefined) return [];
  const { namespace, name, uid } = pod.metadata;
  const hostname = hostnameIn(service, pod);
  const address: EndpointAddress = {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    nodeName: pod.spec?.nodeName ?? "",
    targetRef: { kind: "Pod", namespace, name, uid },
  };
  const isReady = publishNotReadyAddresses || isPodReady(pod);
  const addresses = isReady ? { addresses: [address] } : { notReadyAddresses: [address] };
  if (ports.length === 0) return service.spec?.clusterIP === "None" ? [addresses] : [];
  return portsOf(service, pod).map((port) => ({ ...addresses, ports: [port] }));
}

/** Endpoints have one family: the Service's first. */
function familyOf({ spec }: Service, { status }: Pod): IpFamily {
  const [first] = spec?.ipFamilies ?? [];
  if (first === "IPv4" || first === "IPv6") return first;
  const address = isHeadless({ spec } as Service) ? status?.podIP : spec?.clusterIP;
  return address?.includes(":") ? "IPv6" : "IPv4";
}

const ownLabels = ({ metadata }: KubeObject): Record<string, string> => {
  const { [headless]: _, [managedBy]: __, ...labels } = metadata.labels ?? {};
  return labels;
};

function isCurrent(current: Endpoints, subsets: readonly EndpointSubset[], service: Service): boolean {
  const { labels = {}, annotations = {} } = current.metadata;
  const present = withoutVersions(current.subsets ?? []);
  return (
    (jsonEqual(present, subsets) || jsonEqual(repackSubsets(present), subsets)) &&
    labels[managedBy] === component &&
    jsonEqual(ownLabels(current), service.metadata.labels ?? {}) &&
    !isOverCapacity(present) &&
    annotations[overCapacity] === undefined
  );
}

/** Which state of a pod somebody has seen makes no difference. */
function withoutVersions(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const plain = (addresses: readonly EndpointAddress[] | undefined) =>
    addresses?.map(({ targetRef, ...address }) => {
      if (!targetRef) return address;
      const { resourceVersion: _, ...target } = targetRef;
      return { ...address, targetRef: target };
    });
  return subsets.map(({ addresses, notReadyAddresses, ...subset }) => ({
    ...subset,
    ...(addresses ? { addresses: plain(addresses) } : {}),
    ...(notReadyAddresses ? { notReadyAddresses: plain(notReadyAddresses) } : {}),
  }));
}

function endpointsOf(
  service: Service,
  subsets: readonly EndpointSubset[],
  time: string | undefined,
  current: Endpoints | undefined,
): Endpoints {
  const {
    [overCapacity]: _,
    [triggerTimeAnnotation]: __,
    ...annotations
  } = current?.metadata.annotations ?? {};
  const isTooMuch = isOverCapacity(subsets);
  const { [headless]: ___, ...labels } = service.metadata.labels ?? {};
  return {
    ...{ kind: "Endpoints", apiVersion: "v1" },
    metadata: {
      ...(current?.metadata ?? { name: service.metadata.name }),
      labels: { ...labels, ...(isHeadless(service) ? { [headless]: "" } : {}), [managedBy]: component },
      annotations: {
        ...annotations,
        ...(time === undefined ? {} : { [triggerTimeAnnotation]: time }),
        ...(isTooMuch ? { [overCapacity]: "truncated" } : {}),
      },
    },
    subsets: isTooMuch ? truncated(subsets) : [...subsets],
  };
}
