import { timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { EventRecorder } from "../../client/events.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { blocksOf, containing, offering, overlapping, type ServiceCidr } from "./address-ranges.ts";

const group = { group: "networking.k8s.io", version: "v1" } as const;
const rangesResource = { ...group, resource: "servicecidrs" } as const;
const addressesResource = { ...group, resource: "ipaddresses" } as const;
const fieldManager = "service-cidr-controller";
const finalizer = "networking.k8s.io/service-cidr-finalizer";
const workers = 5;
/** Until every API server knows that it gives away no more of the addresses. */
const deletionGrace = 10_000;

interface Condition {
  status: "True" | "False";
  reason: string;
  message: string;
}

const ready: Condition = { status: "True", reason: "", message: "Kubernetes Service CIDR is ready" };
const inUse: Condition = {
  status: "False",
  reason: "Terminating",
  message:
    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
};

/** Keeps ranges of Service addresses as long as an address of them is in use. Source: pkg/controller/servicecidrs. */
export function makeServiceCidrController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers } = context;
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, fieldManager);
  const ranges = informers.of<ServiceCidr>(rangesResource);
  const addresses = informers.of(addressesResource);

  /** Whether all its blocks, or else all its addresses in use, are in other ranges as well. */
  const isFree = (range: ServiceCidr): boolean => {
    const all = [...ranges.objects.values()];
    const isOnly = (found: ServiceCidr[]) =>
      found.length === 0 || (found.length === 1 && found[0]!.metadata.name === range.metadata.name);
    if (!blocksOf(range).some((block) => isOnly(containing(all, block)))) return true;
    return ![...addresses.objects.values()].filter(isAllocated).some(({ metadata: { name = "" } }) => {
      const offered = offering(all, name);
      return offered.length === 1 && isOnly(offered);
    });
  };

  const setCondition = async (range: ServiceCidr, condition: Condition): Promise<void> => {
    const known = range.status?.conditions?.find(({ type }) => type === "Ready");
    const isSame =
      known?.status === condition.status &&
      (known.reason ?? "") === condition.reason &&
      known.message === condition.message;
    if (isSame) return;
    const { name = "" } = range.metadata;
    const patch = {
      ...{ kind: "ServiceCIDR", apiVersion: "networking.k8s.io/v1", metadata: { name } },
      status: { conditions: [{ type: "Ready", ...condition, lastTransitionTime: timestamp(clock) }] },
    };
    const options = { type: "apply", force: true, fieldManager, subresource: "status" } as const;
    await client.patch(rangesResource, name, patch, options);
  };

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready: context.ready, workers },
    async work(name) {
      const range = ranges.objects.get(name);
      if (!range) return;
      const { deletionTimestamp, finalizers = [] } = range.metadata;
      if (deletionTimestamp === undefined) {
        if (!finalizers.includes(finalizer)) {
          const patch = { metadata: { finalizers: [finalizer] } };
          await tolerateRace(client.patch(rangesResource, name, patch, { type: "strategic" }));
        }
        await setCondition(range, ready).catch((error: unknown) => {
          recorder.record(notReady(range));
          throw error;
        });
      } else if (!isFree(range)) {
        await setCondition(range, inUse);
      } else {
        const left = Date.parse(deletionTimestamp) + deletionGrace - clock.now();
        if (left > 0) queue.addAfter(name, left);
        else if (finalizers.includes(finalizer)) {
          const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": [finalizer] } };
          await tolerateRace(client.patch(rangesResource, name, patch, { type: "strategic" }));
        }
      }
    },
  });

  ranges.onChange((now, before) => {
    if (now) queue.add(now.metadata.name ?? "");
    // One that is new may set others free.
    if (!now || before) return;
    for (const block of blocksOf(now as ServiceCidr)) {
      for (const { metadata } of overlapping(ranges.objects.values(), block)) queue.add(metadata.name ?? "");
    }
  });
  addresses.onChange((now, before) => {
    const address = (now ?? before)!;
    if ((now && before) || !isAllocated(address)) return;
    for (const { metadata } of offering(ranges.objects.values(), address.metadata.name ?? ""))
      queue.add(metadata.name ?? "");
  });
}

const isAllocated = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.["ipaddress.kubernetes.io/managed-by"] === "ipallocator.k8s.io";

const notReady = ({ metadata: { name = "", uid = "" } }: ServiceCidr) =>
  ({
    about: { kind: "ServiceCIDR", apiVersion: "networking.k8s.io/v1", name, uid },
    type: "Warning",
    reason: "KubernetesServiceCIDRError",
    message: "The ServiceCIDR Status can not be set to Ready=True",
  }) as const;
