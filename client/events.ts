import { type Clock, type Random, timestamp } from "../api/clock.ts";
import { isNamespaceTerminating, StatusError } from "../api/status.ts";
import { checkDns1123Subdomain } from "../api/validation/names.ts";
import type { Client } from "./client.ts";
import { EventCorrelator, type ObjectReference, type RecordedEvent } from "./event-correlator.ts";
import { pause } from "./pause.ts";

/** Something that happened to an object. */
export interface Occurrence {
  about: ObjectReference;
  type: RecordedEvent["type"];
  /** Short and in UpperCamelCase. */
  reason: string;
  message: string;
  annotations?: Record<string, string>;
}

export interface EventRecorderOptions {
  client: Client;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** Hears of events that could not be written. */
  onError: (error: unknown) => void;
}

const eventsResource = { group: "", version: "v1", resource: "events" } as const;
const maxQueued = 1000;
const maxTries = 12;
const retryDelay = 10_000;

/** Writes events one after the other, as EventRecorder and its broadcaster do. Source: client-go/tools/record/event.go. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #component: string;
  readonly #correlator: EventCorrelator;
  readonly #queue: RecordedEvent[] = [];
  #isWriting = false;
  #lastTime = 0n;

  constructor(options: EventRecorderOptions, component: string) {
    this.#options = options;
    this.#component = component;
    this.#correlator = new EventCorrelator(options.clock);
  }

  /** Never fails, and never waits for the server. */
  record(occurrence: Occurrence): void {
    const { signal, onError } = this.#options;
    if (signal.aborted) return;
    if (this.#queue.length >= maxQueued) {
      onError(new Error(`too many queued events, dropped ${occurrence.reason}`));
      return;
    }
    this.#queue.push(this.#eventOf(occurrence));
    if (!this.#isWriting) void this.#writeAll();
  }

  #eventOf({ about, type, reason, message, annotations }: Occurrence): RecordedEvent {
    const { clock } = this.#options;
    const time = timestamp(clock);
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name: this.#nameFor(about.name ?? ""),
        namespace: about.namespace || "default",
        ...(annotations ? { annotations } : {}),
      },
      involvedObject: about,
      ...{ reason, message, type },
      ...{ firstTimestamp: time, lastTimestamp: time, count: 1 },
      source: { component: this.#component },
      reportingComponent: this.#component,
      reportingInstance: "",
    };
  }

  /** The object's name and the time in nanoseconds, which our clock has to make up: no two are the same. */
  #nameFor(about: string): string {
    const { clock, random } = this.#options;
    const now = BigInt(Math.trunc(clock.now())) * 1_000_000n;
    this.#lastTime = now > this.#lastTime ? now : this.#lastTime + 1n;
    const name = `${about}.${this.#lastTime.toString(16)}`;
    return checkDns1123Subdomain(name).length === 0 ? name : random.uuid();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      const correlated = this.#correlator.correlate(event);
      if (correlated) await this.#writePersistently(correlated);
    }
    this.#isWriting = false;
  }

  async #writePersistently(event: RecordedEvent): Promise<void> {
    const { clock, random, signal, onError } = this.#options;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        this.#correlator.written(await this.#write(event));
        return;
      } catch (error) {
        // The server does not want it, or has it already: it would say so again.
        const isFinal = error instanceof StatusError || tries === maxTries;
        if (isFinal && !signal.aborted && !isExpected(error)) onError(error);
        if (isFinal) return;
        await pause(clock, tries === 1 ? retryDelay * random.next() : retryDelay, signal);
      }
    }
  }

  async #write(event: RecordedEvent): Promise<RecordedEvent> {
    const { client } = this.#options;
    const { name = "", namespace = "" } = event.metadata;
    const resource = { ...eventsResource, namespace };
    if (event.count > 1) {
      const { count, lastTimestamp, message } = event;
      const patch = { count, lastTimestamp, message };
      try {
        return (await client.patch(resource, name, patch, { type: "strategic" })) as RecordedEvent;
      } catch (error) {
        // It has gone in the meantime.
        if (!(error instanceof StatusError) || error.code !== 404) throw error;
      }
    }
    return (await client.create(resource, event)) as RecordedEvent;
  }
}

const isExpected = (error: unknown): boolean =>
  (error instanceof StatusError && error.reason === "AlreadyExists") || isNamespaceTerminating(error);
