/**
 * events.k8s.io/v1, which names some fields of core/v1 (the hub) otherwise.
 * Source: pkg/apis/events/v1/conversion.go.
 */
import type { ObjectOf } from "../object-of.ts";
import { type ConversionTable, defineConversion } from "./table.ts";

type Event = ObjectOf<"io.k8s.api.events.v1.Event">;
type CoreEvent = ObjectOf<"io.k8s.api.core.v1.Event">;

/** Members that are undefined are left out; the others stand in the order of the Go struct. */
function compact(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function toHub(event: Event): CoreEvent {
  return compact({
    kind: event.kind,
    apiVersion: "v1",
    metadata: event.metadata,
    involvedObject: event.regarding ?? {},
    reason: event.reason,
    message: event.note,
    source: event.deprecatedSource ?? {},
    firstTimestamp: event.deprecatedFirstTimestamp ?? null,
    lastTimestamp: event.deprecatedLastTimestamp ?? null,
    count: event.deprecatedCount,
    type: event.type,
    eventTime: event.eventTime ?? null,
    series: event.series,
    action: event.action,
    related: event.related,
    reportingComponent: event.reportingController ?? "",
    reportingInstance: event.reportingInstance ?? "",
  }) as CoreEvent;
}

function fromHub(event: CoreEvent): Event {
  return compact({
    kind: event.kind,
    apiVersion: "events.k8s.io/v1",
    metadata: event.metadata,
    eventTime: event.eventTime ?? null,
    series: event.series,
    reportingController: event.reportingComponent || undefined,
    reportingInstance: event.reportingInstance || undefined,
    action: event.action,
    reason: event.reason,
    regarding: event.involvedObject ?? {},
    related: event.related,
    note: event.message,
    type: event.type,
    deprecatedSource: event.source ?? {},
    deprecatedFirstTimestamp: event.firstTimestamp ?? null,
    deprecatedLastTimestamp: event.lastTimestamp ?? null,
    deprecatedCount: event.count,
  }) as Event;
}

export const eventsConversions: ConversionTable = {
  "events.k8s.io/v1": { Event: defineConversion({ toHub, fromHub }) },
};
