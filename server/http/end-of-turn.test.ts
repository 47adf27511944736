import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { EndOfTurn } from "./end-of-turn.ts";

/** Time that only the test moves. */
class HandClock {
  #now = 0;
  readonly timers: { at: number; callback: () => void }[] = [];

  monotonic(): number {
    return this.#now;
  }

  setTimer(delay: number, callback: () => void): () => void {
    this.timers.push({ at: this.#now + delay, callback });
    return () => undefined;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const { at, callback } of this.timers.splice(0)) {
      if (at <= this.#now) callback();
      else this.timers.push({ at, callback });
    }
  }
}

test("writes of one turn are done together, in their order, when it ends", async () => {
  const done: string[] = [];
  const end = new EndOfTurn(new HandClock(), () => undefined);
  end.add(() => done.push("first"));
  await Promise.resolve();
  end.add(() => done.push("second"));
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual(["first", "second"]);
  end.add(() => done.push("third"));
  await turn();
  expect(done).toEqual(["first", "second", "third"]);
});

test("a write that fails keeps no other from being done", async () => {
  const done: string[] = [];
  const failures: unknown[] = [];
  const end = new EndOfTurn(new HandClock(), (error) => failures.push(error));
  const failure = new Error("broken");
  end.add(() => {
    throw failure;
  });
  end.add(() => done.push("second"));
  await turn();
  expect(done).toEqual(["second"]);
  expect(failures).toEqual([failure]);
});

test("events go behind the answers of their turn", async () => {
  const done: string[] = [];
  const end = new EndOfTurn(new HandClock(), () => undefined);
  end.addEvents(() => done.push("event"));
  end.add(() => done.push("answer"));
  await turn();
  expect(done).toEqual(["answer", "event"]);
});

test("events wait three times as long as the last ones took to write; answers do not", async () => {
  const clock = new HandClock();
  const done: string[] = [];
  const end = new EndOfTurn(clock, () => undefined);
  end.addEvents(() => clock.pass(2));
  await turn();
  end.addEvents(() => done.push("event"));
  end.add(() => done.push("answer"));
  await turn();
  expect(done).toEqual(["answer"]);
  clock.pass(5);
  await turn();
  expect(done).toEqual(["answer"]);
  clock.pass(1);
  await turn();
  expect(done).toEqual(["answer", "event"]);
});

test("events are written although their timer was early", async () => {
  const clock = new HandClock();
  const done: string[] = [];
  const end = new EndOfTurn(clock, () => undefined);
  end.addEvents(() => clock.pass(2));
  await turn();
  end.addEvents(() => done.push("event"));
  const [early] = clock.timers.splice(0);
  clock.pass(4);
  early!.callback();
  await turn();
  expect(done).toEqual([]);
  clock.pass(2);
  await turn();
  expect(done).toEqual(["event"]);
});

test("no event waits for longer than twenty milliseconds", async () => {
  const clock = new HandClock();
  const done: string[] = [];
  const end = new EndOfTurn(clock, () => undefined);
  end.addEvents(() => clock.pass(1000));
  await turn();
  end.addEvents(() => done.push("event"));
  clock.pass(20);
  await turn();
  expect(done).toEqual(["event"]);
});
