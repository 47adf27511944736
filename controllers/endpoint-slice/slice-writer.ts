import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { triggerTimeAnnotation } from "../endpoints/trigger-times.ts";
import type { Changes } from "./fill-slices.ts";
import {
  type Draft,
  type EndpointSlice,
  managedByLabel,
  serviceNameLabel,
  sliceOf,
  slicesResource,
} from "./slices.ts";

/**
 * Slices of one controller, as they are after its own writes, which their watch tells of later.
 * Source: k8s.io/endpointslice, util/endpointslice_tracker.go.
 */
export class SliceWriter {
  readonly #client: Client;
  readonly #slices: Informer<EndpointSlice>;
  readonly #byService: ObjectIndex<EndpointSlice>;
  readonly #manager: string;
  /** The generation that was written of each, by uid. */
  readonly #written = new Map<string, number>();
  readonly #removed = new Set<string>();

  /** @param concerns hears of the key of a Service whose slices somebody else has changed */
  constructor(
    client: Client,
    slices: Informer<EndpointSlice>,
    manager: string,
    concerns: (key: string) => void,
  ) {
    this.#client = client;
    this.#slices = slices;
    this.#manager = manager;
    this.#byService = slices.index((slice) => (this.#isOwn(slice) ? [serviceKey(slice)] : []));
    slices.onChange((now, before) =>
      this.#changed(now as EndpointSlice | undefined, before as EndpointSlice | undefined, concerns),
    );
  }

  of(key: string): EndpointSlice[] {
    return [...this.#byService.get(key)]
      .map((slice) => this.#slices.objects.get(objectKey(slice)) ?? slice)
      .filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined && !this.#removed.has(metadata.uid ?? ""),
      );
  }

  /** @param mayCreate false: its owner is about to go, and what is created would go with it or stay behind */
  async write(
    namespace: string,
    changes: Changes,
    time: string | undefined,
    mayCreate: boolean,
  ): Promise<void> {
    const place = { ...slicesResource, namespace };
    for (const draft of mayCreate ? changes.create : []) {
      try {
        this.#remember((await this.#client.create(place, timed(draft, time))) as EndpointSlice);
      } catch (error) {
        if (isNamespaceTerminating(error)) return;
        throw error;
      }
    }
    for (const draft of changes.update) {
      this.#remember((await this.#client.update(place, timed(draft, time))) as EndpointSlice);
    }
    for (const { metadata } of changes.remove) {
      try {
        await this.#client.delete(place, metadata.name ?? "");
      } catch (error) {
        if (!(error instanceof StatusError && error.code === 404)) throw error;
      }
      if (this.#slices.objects.has(`${namespace}/${metadata.name}`)) this.#removed.add(metadata.uid ?? "");
    }
  }

  #isOwn({ metadata }: EndpointSlice): boolean {
    return metadata.labels?.[managedByLabel] === this.#manager;
  }

  #remember(slice: EndpointSlice): void {
    const { uid = "", generation = 0 } = slice.metadata;
    this.#written.set(uid, generation);
    if (!this.#slices.objects.has(objectKey(slice))) this.#byService.change(slice, undefined);
    this.#slices.objects.remember(slice);
  }

  #changed(
    now: EndpointSlice | undefined,
    before: EndpointSlice | undefined,
    concerns: (key: string) => void,
  ): void {
    if (!now) {
      const { uid = "" } = before!.metadata;
      const isKnown = this.#written.delete(uid);
      if (!this.#removed.delete(uid) && isKnown && this.#isOwn(before!)) concerns(serviceKey(before!));
      return;
    }
    if (before && serviceKey(before) !== serviceKey(now)) {
      concerns(serviceKey(before));
      concerns(serviceKey(now));
      return;
    }
    const { uid = "", generation = 0 } = now.metadata;
    const written = this.#written.get(uid);
    const isUnexpected = this.#isOwn(now) && (written === undefined || generation > written);
    if (isUnexpected || (before && this.#isOwn(before) !== this.#isOwn(now))) concerns(serviceKey(now));
  }
}

/** Source: ServiceControllerKey. */
const serviceKey = ({ metadata: { namespace, labels = {} } }: EndpointSlice): string =>
  `${namespace}/${labels[serviceNameLabel] ?? ""}`;

function timed(draft: Draft, time: string | undefined): EndpointSlice {
  const { [triggerTimeAnnotation]: _, ...annotations } = draft.metadata.annotations ?? {};
  const all = time === undefined ? annotations : { ...annotations, [triggerTimeAnnotation]: time };
  return sliceOf({ ...draft, metadata: { ...draft.metadata, annotations: all } });
}
