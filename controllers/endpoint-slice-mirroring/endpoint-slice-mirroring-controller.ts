import type { KubeObject } from "../../api/object.ts";
import { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import type { ControllerContext } from "../controller.ts";
import { SliceWriter } from "../endpoint-slice/slice-writer.ts";
import { type EndpointSlice, slicesResource } from "../endpoint-slice/slices.ts";
import { type Service, servicesResource } from "../endpoints/service-pods.ts";
import { type Endpoints, endpointsKind, mirror, mirroringManager, mostAddresses } from "./mirrored-slices.ts";

const endpointsResource = { group: "", version: "v1", resource: "endpoints" } as const;
const skipLabel = "endpointslice.kubernetes.io/skip-mirror";
const leader = "control-plane.alpha.kubernetes.io/leader";
const workers = 5;
const firstRetry = 1_000;
const longestRetry = 100_000;

/**
 * Shows Endpoints that users write for Services without a selector as EndpointSlices, too.
 * Source: pkg/controller/endpointslicemirroring.
 */
export function makeEndpointSliceMirroringController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready } = context;
  const component = "endpoint-slice-mirroring-controller";
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, component);
  const services = informers.of<Service>(servicesResource);
  const endpoints = informers.of<Endpoints>(endpointsResource);

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers, firstRetry, longestRetry },
    async work(key) {
      const [namespace = ""] = key.split("/");
      const its = endpoints.objects.get(key);
      const service = services.objects.get(key);
      if (!its || !isMirrored(its) || !service || service.spec?.selector) {
        await writer.write(namespace, { create: [], update: [], remove: writer.of(key) }, undefined, false);
        return;
      }
      const { changes, invalid, skipped } = mirror(its, writer.of(key));
      const warn = (reason: string, message: string) =>
        recorder.record({ about: referenceTo(its, endpointsKind), type: "Warning", reason, message });
      if (invalid > 0) {
        warn("InvalidIPAddress", `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`);
      }
      if (skipped > invalid) {
        warn(
          "TooManyAddressesToMirror",
          `A max of ${mostAddresses} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
        );
      }
      await writer.write(namespace, changes, undefined, its.metadata.deletionTimestamp === undefined);
    },
  });
  const slices = informers.of<EndpointSlice>(slicesResource);
  const writer = new SliceWriter(client, slices, mirroringManager, (key) => queue.add(key));

  endpoints.onChange((now, before) => {
    if ((now && isMirrored(now)) || (before && isMirrored(before))) queue.add(objectKey((now ?? before)!));
  });
  services.onChange((now, before) => {
    const isSelecting = (service: KubeObject) => (service as Service).spec?.selector !== undefined;
    const concerns =
      now && before ? isSelecting(now) !== isSelecting(before) : !isSelecting((now ?? before)!);
    if (concerns) queue.add(objectKey((now ?? before)!));
  });
}

const isMirrored = ({ metadata: { labels, annotations } }: KubeObject): boolean =>
  labels?.[skipLabel] !== "true" && annotations?.[leader] === undefined;
