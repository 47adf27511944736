import type { ObjectOf } from "../../../api/object-of.ts";
import { validateEvent, validateEventUpdate } from "../../../api/validation/core/event.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";

type Event = ObjectOf<"io.k8s.api.core.v1.Event">;

/** Both APIs keep their events in one place; the newer one is stricter. Source: pkg/registry/core/event. */
const eventsOf = (group: string, apiVersion: string, ttlSeconds: number): ResourceDefinition<Event> =>
  defineResource<Event>({
    group,
    resource: "events",
    ...(group === "" ? {} : { storedAs: { group: "", version: "v1" } }),
    ttlSeconds,
    strategy: {
      allowCreateOnUpdate: true,
      defaultGarbageCollectionPolicy: "unsupported",
      validate: (event) => validateEvent(event, apiVersion),
      validateUpdate: (event, old) => validateEventUpdate(event, old, apiVersion),
    },
    selectableFields: {
      "involvedObject.kind": ({ involvedObject }) => involvedObject?.kind ?? "",
      "involvedObject.namespace": ({ involvedObject }) => involvedObject?.namespace ?? "",
      "involvedObject.name": ({ involvedObject }) => involvedObject?.name ?? "",
      "involvedObject.uid": ({ involvedObject }) => involvedObject?.uid ?? "",
      "involvedObject.apiVersion": ({ involvedObject }) => involvedObject?.apiVersion ?? "",
      "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject?.resourceVersion ?? "",
      "involvedObject.fieldPath": ({ involvedObject }) => involvedObject?.fieldPath ?? "",
      reason: ({ reason }) => reason ?? "",
      reportingComponent: ({ reportingComponent }) => reportingComponent ?? "",
      source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ""),
      type: ({ type }) => type ?? "",
    },
  });

/** --event-ttl of a default server. */
export const defaultEventTtlSeconds = 3600;

export const coreEvents = (ttlSeconds = defaultEventTtlSeconds): ResourceDefinition<Event> =>
  eventsOf("", "v1", ttlSeconds);
export const events = (ttlSeconds = defaultEventTtlSeconds): ResourceDefinition<Event> =>
  eventsOf("events.k8s.io", "events.k8s.io/v1", ttlSeconds);
