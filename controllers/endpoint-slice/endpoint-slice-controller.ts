import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { controllerRefTo, referenceTo } from "../controllees/controller-ref.ts";
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
} from "../endpoints/service-pods.ts";
import { TriggerTimes } from "../endpoints/trigger-times.ts";
import { type Changes, fillSlices, reuseSlices } from "./fill-slices.ts";
import { SliceWriter } from "./slice-writer.ts";
import {
  type Draft,
  type Endpoint,
  type EndpointSlice,
  endpointsOf,
  headlessLabel,
  managedByLabel,
  namePrefix,
  portsInOrder,
  portsKey,
  type SlicePort,
  serviceNameLabel,
  slicePortsOf,
  slicesResource,
} from "./slices.ts";
import { asksForTopology, type Hinted, TopologyHints } from "./topology-hints.ts";
import { hintingOf, withHints } from "./traffic-distribution.ts";
import { isNodeReady, type Node, zoneOf } from "./zone-allocation.ts";

const nodesResource = { group: "", version: "v1", resource: "nodes" } as const;
const serviceKind = { group: "", version: "v1", kind: "Service" } as const;
const manager = "endpointslice-controller.k8s.io";
const mostEndpoints = 100;
const workers = 5;
/** Several slices of a Service change together. */
const changeDelay = 1000;
const firstRetry = 1000;

/** Writes where Services lead, as EndpointSlices. Source: pkg/controller/endpointslice and k8s.io/endpointslice. */
export function makeEndpointSliceController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready, gates } = context;
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, "endpoint-slice-controller");
  const services = informers.of<Service>(servicesResource);
  const pods = informers.of<Pod>(podsResource);
  const nodes = informers.of<Node>(nodesResource);
  const servicesIn = services.index(namespaceOf);
  const podsIn = pods.index(namespaceOf);
  const times = new TriggerTimes();
  const topology = new TopologyHints();

  const tell = (service: Service, event: NonNullable<Hinted["event"]>) =>
    recorder.record({ about: referenceTo(service, serviceKind), ...event });

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers, firstRetry },
    async work(key) {
      const service = services.objects.get(key);
      if (!service) {
        times.forget(key);
        for (const family of ["IPv4", "IPv6"]) topology.remove(key, family);
      }
      if (!service || !hasManagedEndpoints(service)) return;
      const behind = podsBehind(service, podsIn);
      const time = times.next(key, service, behind);
      try {
        await reconcile(service, behind, time);
      } catch (error) {
        const message = `Error updating Endpoint Slices for Service ${key}: ${(error as Error).message}`;
        tell(service, { type: "Warning", reason: "FailedToUpdateEndpointSlices", message });
        throw error;
      }
    },
  });
  const slices = informers.of<EndpointSlice>(slicesResource);
  const writer = new SliceWriter(client, slices, manager, (key) => queue.addAfter(key, changeDelay));

  const hinted = (
    service: Service,
    family: IpFamily,
    changes: Changes,
    existing: readonly EndpointSlice[],
  ): Hinted => {
    const key = objectKey(service);
    const touched = new Set([...changes.update, ...changes.remove].map(({ metadata }) => metadata.name));
    const unchanged = existing.filter(({ metadata }) => !touched.has(metadata.name));
    if (asksForTopology(service)) return topology.add(key, family, changes, unchanged);
    const event = topology.remove(key, family);
    return { changes: withHints(changes, unchanged, hintingOf(service, gates)), ...(event ? { event } : {}) };
  };

  const reconcile = async (service: Service, behind: readonly Pod[], time: string | undefined) => {
    const { namespace = "", deletionTimestamp } = service.metadata;
    const families = familiesOf(service);
    const existing = writer.of(objectKey(service));
    const problems: string[] = [];
    for (const family of families) {
      const its = existing.filter(({ addressType }) => addressType === family);
      const planned = changesOf({ service, family, pods: behind, nodes, existing: its, problems });
      const { changes, event } = hinted(service, family, planned, its);
      const reused = reuseSlices(changes, (slice) => isOwnedBy(slice, service));
      await writer.write(namespace, reused, time, deletionTimestamp === undefined);
      if (event) tell(service, event);
    }
    const remove = existing.filter(({ addressType }) => !families.includes(addressType as IpFamily));
    await writer.write(namespace, { create: [], update: [], remove }, time, false);
    const [first, ...more] = new Set(problems);
    if (first !== undefined) throw new Error(more.length > 0 ? `[${[first, ...more].join(", ")}]` : first);
  };

  const topologyQueue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work() {
      for (const key of topology.setNodes(nodes.objects.values())) queue.add(key);
    },
  });
  nodes.onChange((now, before) => {
    const is = (node: Node) => `${isNodeReady(node)} ${zoneOf(node)}`;
    if (!now || !before || is(now as Node) !== is(before as Node)) topologyQueue.add("nodes");
  });
  services.onChange((now, before) => queue.add(objectKey((now ?? before)!)));
  pods.onChange((now, before) => {
    for (const key of servicesOfChange(now as Pod | undefined, before as Pod | undefined, servicesIn))
      queue.add(key);
  });
}

/** Source: getAddressTypesForService. */
function familiesOf({ spec }: Service): IpFamily[] {
  if (spec?.ipFamilies?.length) return spec.ipFamilies as IpFamily[];
  if (isHeadless({ spec } as Service)) return ["IPv4", "IPv6"];
  return [spec?.clusterIP?.includes(":") ? "IPv6" : "IPv4"];
}

interface Reconciling {
  service: Service;
  family: IpFamily;
  pods: readonly Pod[];
  nodes: Informer<Node>;
  existing: readonly EndpointSlice[];
  /** Collects what keeps a pod from being told of. */
  problems: string[];
}

/** Source: reconcileByAddressType. */
function changesOf({ service, family, pods, nodes, existing, problems }: Reconciling): Changes {
  const isOwned = (slice: EndpointSlice) => isOwnedBy(slice, service);
  const owned = Map.groupBy(existing.filter(isOwned), (slice) => portsKey(slicePortsOf(slice)));
  const wanted = new Map<string, { ports: readonly SlicePort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!shouldBeInEndpoints(pod, true)) continue;
    const ports = portsInOrder(portsOf(service, pod).map((port) => ({ ...port, name: port.name ?? "" })));
    const key = portsKey(ports);
    const group = wanted.get(key) ?? { ports, endpoints: [] };
    wanted.set(key, group);
    const { nodeName = "" } = pod.spec ?? {};
    const node = nodes.objects.get(nodeName);
    if (!node && !service.spec?.publishNotReadyAddresses) {
      const { namespace, name } = service.metadata;
      problems.push(
        `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}: Node ${nodeName} Not Found`,
      );
      continue;
    }
    const endpoint = endpointOf(pod, node, service, family);
    if (endpoint.addresses.length > 0) group.endpoints.push(endpoint);
  }

  const changes: Changes = { create: [], update: [], remove: existing.filter((slice) => !isOwned(slice)) };
  for (const [key, { ports, endpoints }] of wanted) {
    const part = fillSlices({
      existing: owned.get(key) ?? [],
      wanted: endpoints,
      most: mostEndpoints,
      newDraft: () => newDraft(service, family, ports),
      changedLabels: (slice) => changedLabels(slice, service),
    });
    changes.create.push(...part.create);
    changes.update.push(...part.update);
    changes.remove.push(...part.remove);
  }
  for (const [key, its] of owned) if (!wanted.has(key)) changes.remove.push(...its);

  if (existing.length === changes.remove.length && changes.create.length === 0) {
    // There is always one, if only an empty one.
    const placeholder = newDraft(service, family, []);
    const [only] = changes.remove;
    if (changes.remove.length === 1 && isPlaceholder(only!, placeholder)) changes.remove = [];
    else changes.create.push(placeholder);
  }
  return changes;
}

/** Not by a former Service of the same name. */
const isOwnedBy = ({ metadata }: EndpointSlice, service: Service): boolean =>
  metadata.ownerReferences?.some(({ uid, kind }) => uid === service.metadata.uid && kind === "Service") ===
  true;

function endpointOf(pod: Pod, node: KubeObject | undefined, service: Service, family: IpFamily): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const hostname = hostnameIn(service, pod);
  const nodeName = pod.spec?.nodeName;
  const zone = node && zoneOf(node);
  return {
    addresses: addressesOf(pod, family),
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      ...{ serving, terminating },
    },
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(nodeName ? { nodeName } : {}),
    ...(zone ? { zone } : {}),
    ...(hostname === undefined ? {} : { hostname }),
  };
}

function newDraft(service: Service, family: IpFamily, ports: readonly SlicePort[]): Draft {
  const { name = "", namespace } = service.metadata;
  const metadata = {
    labels: labelsOf(service),
    generateName: namePrefix(name),
    ownerReferences: [controllerRefTo(service, serviceKind)],
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { metadata, addressType: family, ports, endpoints: [] };
}

const reserved = [serviceNameLabel, managedByLabel, headlessLabel];
const plainLabels = (labels: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !reserved.includes(key)));

/** Those of the Service, and the controller's own. Source: setEndpointSliceLabels. */
const labelsOf = (service: Service): Record<string, string> => ({
  ...plainLabels(service.metadata.labels),
  ...(isHeadless(service) ? { [headlessLabel]: "" } : {}),
  [serviceNameLabel]: service.metadata.name ?? "",
  [managedByLabel]: manager,
});

const changedLabels = ({ metadata }: EndpointSlice, service: Service): Record<string, string> | undefined =>
  jsonEqual(plainLabels(metadata.labels), plainLabels(service.metadata.labels))
    ? undefined
    : labelsOf(service);

const isPlaceholder = (slice: EndpointSlice, { metadata, addressType }: Draft): boolean =>
  slice.addressType === addressType &&
  endpointsOf(slice).length === 0 &&
  slicePortsOf(slice).length === 0 &&
  jsonEqual(slice.metadata.labels ?? {}, metadata.labels);
