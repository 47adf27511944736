import fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import type { Entry, Storage, StorageError, WatchEvent } from "./contract.ts";
import { never, type OpenStorage, text } from "./suite-helpers.ts";

/** What a key holds in the model: text and revision. */
type State = ReadonlyMap<string, { text: string; revision: number }>;

/** A store so simple that it is plainly right: the whole state at every revision. */
class Model {
  states: State[] = [new Map(), new Map()];
  compacted = 1;

  get revision(): number {
    return this.states.length - 1;
  }

  get state(): State {
    return this.states[this.revision] as State;
  }

  commit(key: string, text: string | undefined): void {
    const next = new Map(this.state);
    const revision = this.revision + 1;
    if (text === undefined) next.delete(key);
    else next.set(key, { text, revision });
    this.states.push(next);
  }

  list(
    prefix: string,
    after: string,
    limit: number,
    revision: number,
  ): { keys: string[]; remaining: number } {
    const state = this.states[revision] as State;
    const keys = [...state.keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
    const rest = keys.filter((key) => byBytes(key, after) > 0);
    const shown = limit === 0 ? rest : rest.slice(0, limit);
    return { keys: shown, remaining: rest.length - shown.length };
  }
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const keys = ["/a", "/a/1", "/a/2", "/a/2/x", "/b/1", "/b/🔑", "/b/\uffee"];
const prefixes = ["", "/", "/a", "/a/", "/b/", "/b/🔑", "/c"];

type Step =
  | { do: "create" | "update" | "delete"; key: string; text: string; stale: boolean }
  | { do: "list"; prefix: string; after: string; limit: number; back: number }
  | { do: "compact"; back: number }
  | { do: "watch"; prefix: string; back: number };

const key = fc.constantFrom(...keys);
const prefix = fc.constantFrom(...prefixes);
const back = fc.nat({ max: 12 });
const write = fc.record({
  do: fc.constantFrom("create" as const, "update" as const, "update" as const, "delete" as const),
  key,
  text: fc.string({ maxLength: 8 }),
  stale: fc.nat({ max: 9 }).map((number) => number === 0),
});
const list = fc.record({
  do: fc.constant("list" as const),
  prefix,
  after: fc.constantFrom("", ...keys),
  limit: fc.nat({ max: 4 }),
  back,
});
const compact = fc.record({ do: fc.constant("compact" as const), back });
const watch = fc.record({ do: fc.constant("watch" as const), prefix, back });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: write },
    { weight: 3, arbitrary: list },
    { weight: 1, arbitrary: compact },
    {
      weight: 1,
      arbitrary: watch,
    },
  ),
  { maxLength: 60 },
);

/** Runs random steps against the store and the model; they must never differ. */
export function modelTests(open: OpenStorage): void {
  test("any sequence of steps does what a simple model does", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const storage = await open({ clock: new ManualClock() });
        try {
          const model = new Model();
          for (const step of sequence) await run(storage, model, step);
          await checkAll(storage, model);
        } finally {
          await storage.close();
        }
      }),
      { numRuns: 60 },
    );
  });
}

const codeOf = (error: unknown) => (error as StorageError).code;

async function run(storage: Storage, model: Model, step: Step): Promise<void> {
  if (step.do === "list") return runList(storage, model, step);
  if (step.do === "watch") return checkWatch(storage, model, step.prefix, model.revision - step.back);
  if (step.do === "compact") {
    const revision = model.revision - step.back;
    await storage.compact(revision);
    model.compacted = Math.max(model.compacted, revision);
    return;
  }
  await runWrite(storage, model, step);
  expect(storage.revision).toBe(model.revision);
}

async function runWrite(
  storage: Storage,
  model: Model,
  step: Extract<Step, { stale: boolean }>,
): Promise<void> {
  const current = model.state.get(step.key);
  const revision = step.stale ? model.revision + 1 : (current?.revision ?? 1);
  const value = { bytes: Buffer.from(step.text), revisionAt: -1 };
  let refused: string | undefined;
  let writing: Promise<Entry>;
  if (step.do === "create") {
    if (current !== undefined) refused = "KeyExists";
    writing = storage.create(step.key, value);
  } else {
    if (current === undefined) refused = "KeyMissing";
    else if (current.revision !== revision) refused = "RevisionMismatch";
    writing =
      step.do === "update" ? storage.update(step.key, revision, value) : storage.delete(step.key, revision);
  }
  if (refused !== undefined) {
    expect(await writing.then(() => "accepted", codeOf)).toBe(refused);
    return;
  }
  const entry = await writing;
  model.commit(step.key, step.do === "delete" ? undefined : step.text);
  expect(entry.revision).toBe(model.revision);
}

async function runList(storage: Storage, model: Model, step: Extract<Step, { do: "list" }>): Promise<void> {
  const revision = model.revision - step.back;
  const listing = storage.list(step.prefix, { revision, limit: step.limit, after: step.after || undefined });
  if (revision < model.compacted) {
    expect(await listing.then(() => "accepted", codeOf)).toBe("RevisionCompacted");
    return;
  }
  const result = await listing;
  const expected = model.list(step.prefix, step.after, step.limit, revision);
  expect(result.entries.map((entry) => entry.key)).toEqual(expected.keys);
  expect(result.remaining).toBe(expected.remaining);
  expect(result.revision).toBe(revision);
  for (const entry of result.entries) {
    expect({ text: text(entry), revision: entry.revision }).toEqual(model.states[revision]?.get(entry.key));
  }
}

async function checkWatch(storage: Storage, model: Model, prefix: string, after: number): Promise<void> {
  const events: WatchEvent[] = [];
  const stream = storage.watch(prefix, { after, signal: never() });
  const reading = (async () => {
    for await (const batch of stream) {
      events.push(...batch.events);
      if (batch.revision === model.revision) break;
    }
  })();
  if (after < model.compacted) {
    expect(await reading.then(() => "accepted", codeOf)).toBe("RevisionCompacted");
    return;
  }
  await reading;
  expect(events.map(describeEvent)).toEqual(eventsOf(model, prefix, after));
}

const describeEvent = ({ type, entry, previous, revision }: WatchEvent) =>
  `${revision} ${type} ${entry.key} ${text(entry)} was ${previous && text(previous)}`;

function eventsOf(model: Model, prefix: string, after: number): string[] {
  const events: string[] = [];
  for (let revision = after + 1; revision <= model.revision; revision++) {
    const [before, now] = [model.states[revision - 1] as State, model.states[revision] as State];
    const changed = keys.find((key) => before.get(key) !== now.get(key)) as string;
    if (!changed.startsWith(prefix)) continue;
    const [previous, next] = [before.get(changed), now.get(changed)];
    const type = previous === undefined ? "create" : next === undefined ? "delete" : "update";
    events.push(`${revision} ${type} ${changed} ${next?.text ?? previous?.text} was ${previous?.text}`);
  }
  return events;
}

async function checkAll(storage: Storage, model: Model): Promise<void> {
  for (const prefix of prefixes) {
    const { keys } = model.list(prefix, "", 0, model.revision);
    expect(await storage.count(prefix)).toBe(prefix === "" ? model.state.size : keys.length);
  }
  for (let revision = model.compacted; revision <= model.revision; revision++) {
    await runList(storage, model, {
      do: "list",
      prefix: "/",
      after: "",
      limit: 0,
      back: model.revision - revision,
    });
  }
  await checkWatch(storage, model, "/", model.compacted);
}
