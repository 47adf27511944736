import type { KubeObject } from "../api/object.ts";
import type { Client, ListOptions, ResourceReference, WatchedEvent, WatchOptions } from "./client.ts";

/** What a watch brings before it ends; an error ends it at once, or in its middle as the last of its events. */
export type WatchAnswer = readonly (WatchedEvent | Error)[] | Error;

export const watched = (
  type: WatchedEvent["type"],
  resourceVersion: string,
  metadata: object = {},
): WatchedEvent => ({ type, object: { metadata: { name: "a", resourceVersion, ...metadata } } });

/** The bookmark after all that there is. */
export const initialEnd = (resourceVersion: string): WatchedEvent =>
  watched("BOOKMARK", resourceVersion, { annotations: { "k8s.io/initial-events-end": "true" } });

export const watchError = (code: number, message = ""): WatchedEvent => ({
  type: "ERROR",
  object: { code, message, metadata: {} } as unknown as KubeObject,
});

export const noChance = { next: () => 0, uuid: () => "" };

/** Waits until all that can go on without a timer has done so. */
export const idle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
};

/**
 * Plays answers to watches one after the other; when there are none left, watches tell nothing and stay open. Lists are
 * answered by pages, which tell by continue what to ask for next.
 */
export class ScriptedClient {
  /** From where each watch was asked for, and each page: "all", a resourceVersion, "page". */
  readonly asked: string[] = [];
  readonly ended: string[] = [];
  readonly #answers: WatchAnswer[];
  readonly #pages: Record<string, readonly KubeObject[] | Error>;

  constructor(answers: WatchAnswer[], pages: Record<string, readonly KubeObject[] | Error> = {}) {
    this.#answers = answers;
    this.#pages = pages;
  }

  get client(): Client {
    return this as unknown as Client;
  }

  async *watch({ resource }: ResourceReference, options: WatchOptions): AsyncIterable<WatchedEvent> {
    const { resourceVersion = "", sendInitialEvents, signal } = options;
    this.asked.push(sendInitialEvents ? "all" : resourceVersion);
    const answer = this.#answers.shift();
    if (answer instanceof Error) throw answer;
    for (const event of answer ?? []) {
      if (event instanceof Error) throw event;
      yield event;
    }
    if (answer || signal?.aborted) return;
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    this.ended.push(resource);
  }

  async list(_resource: ResourceReference, { continue: at = "first" }: ListOptions) {
    this.asked.push(`page ${at}`);
    const items = this.#pages[at]!;
    if (items instanceof Error) throw items;
    const names = Object.keys(this.#pages);
    const next = names[names.indexOf(at) + 1];
    return { metadata: { resourceVersion: "7", ...(next === undefined ? {} : { continue: next }) }, items };
  }
}
