import { type Clock, timestamp } from "../api/clock.ts";
import { LruMap } from "../api/lru-map.ts";
import type { KubeObject } from "../api/object.ts";

export interface ObjectReference {
  kind?: string;
  apiVersion?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
  fieldPath?: string;
}

/** A core/v1 Event. */
export interface RecordedEvent extends KubeObject {
  involvedObject: ObjectReference;
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  source: { component: string };
  firstTimestamp: string;
  lastTimestamp: string;
  count: number;
  reportingComponent?: string;
  reportingInstance?: string;
}

const cacheSize = 4096;
/** From so many different messages on, within so many milliseconds of each other, events are told as one. */
const maxSimilar = 10;
const similarInterval = 600_000;
/** How many events about an object are let through at once, and the milliseconds until there is room for another. */
const burst = 25;
const refill = 300_000;

interface Similar {
  messages: Set<string>;
  last: number;
}

interface Seen {
  count: number;
  firstTimestamp: string;
  name: string;
}

/**
 * What becomes of an event before it is written: many similar ones become one, one that was seen before is counted,
 * and too many about one object are dropped. Source: EventCorrelator of client-go/tools/record/events_cache.go.
 */
export class EventCorrelator {
  readonly #clock: Clock;
  readonly #similar = new LruMap<string, Similar>(cacheSize);
  readonly #seen = new LruMap<string, Seen>(cacheSize);
  readonly #rooms = new LruMap<string, { room: number; at: number }>(cacheSize);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** undefined: it is not to be written. A count above 1: it was written before. */
  correlate(event: RecordedEvent): RecordedEvent | undefined {
    const { event: aggregated, key } = this.#aggregate(event);
    const observed = this.#observe(aggregated, key);
    return this.#hasRoom(observed) ? observed : undefined;
  }

  /** What the server has made of it. */
  written(event: RecordedEvent): void {
    this.#remember(eventKey(event), event);
  }

  #aggregate(event: RecordedEvent): { event: RecordedEvent; key: string } {
    const now = this.#clock.now();
    const { type, reason, reportingComponent = "", reportingInstance = "", message } = event;
    const key = [...subjectOf(event), type, reason, reportingComponent, reportingInstance].join("");
    let similar = this.#similar.get(key);
    if (!similar || now - similar.last > similarInterval) similar = { messages: new Set(), last: now };
    similar.messages.add(message);
    similar.last = now;
    this.#similar.set(key, similar);
    if (similar.messages.size < maxSimilar) return { event, key: eventKey(event) };
    similar.messages.delete(similar.messages.values().next().value!);
    const { reportingComponent: _, reportingInstance: _instance, metadata, ...told } = event;
    const { name = "", namespace = "" } = metadata;
    const time = timestamp(this.#clock);
    const combined = {
      ...told,
      metadata: { name, namespace },
      message: `(combined from similar events): ${message}`,
      ...{ firstTimestamp: time, lastTimestamp: time },
    };
    return { event: combined, key };
  }

  #observe(event: RecordedEvent, key: string): RecordedEvent {
    const seen = this.#seen.get(key);
    const observed = seen
      ? {
          ...event,
          metadata: { ...event.metadata, name: seen.name },
          firstTimestamp: seen.firstTimestamp,
          count: seen.count + 1,
        }
      : event;
    this.#remember(key, observed);
    return observed;
  }

  #remember(key: string, { count, firstTimestamp, metadata: { name = "" } }: RecordedEvent): void {
    this.#seen.set(key, { count, firstTimestamp, name });
  }

  #hasRoom(event: RecordedEvent): boolean {
    const key = [...subjectOf(event), event.type].join("");
    const now = this.#clock.now();
    const { room, at } = this.#rooms.get(key) ?? { room: burst, at: now };
    const available = Math.min(burst, room + (now - at) / refill);
    const isAllowed = available >= 1;
    this.#rooms.set(key, { room: isAllowed ? available - 1 : available, at: now });
    return isAllowed;
  }
}

function subjectOf({ source, involvedObject }: RecordedEvent): string[] {
  const { kind = "", namespace = "", name = "", uid = "", apiVersion = "" } = involvedObject;
  return [source.component, kind, namespace, name, uid, apiVersion];
}

function eventKey(event: RecordedEvent): string {
  const { type, reason, message, involvedObject } = event;
  return [...subjectOf(event), involvedObject.fieldPath ?? "", type, reason, message].join("");
}
