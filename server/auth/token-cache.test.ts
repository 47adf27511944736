import { expect, test } from "vitest";
import type { AuthenticationResult, Credentials } from "./authenticator.ts";
import { cachedTokens } from "./token-cache.ts";

/** An authenticator that knows every token but "bad", and counts. */
function cache() {
  let now = 0;
  const asked: Credentials[] = [];
  const authenticator = {
    async authenticate(credentials: Credentials): Promise<AuthenticationResult> {
      asked.push(credentials);
      if (credentials.bearerToken === "bad") return { problem: "bad" };
      return { user: { name: `user of ${credentials.bearerToken}`, groups: [] } };
    },
  };
  const clock = { now: () => 0, monotonic: () => now, setTimer: () => () => {} };
  const cached = cachedTokens(authenticator, clock);
  const ask = (bearerToken: string, audiences?: string[]) =>
    cached.authenticate({ certificateRejected: false, bearerToken, ...(audiences ? { audiences } : {}) });
  return {
    ask,
    asked,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test("a good token is believed for ten seconds, at once and as the same user", async () => {
  const { ask, asked, pass } = cache();
  const first = await ask("a");
  expect(first).toEqual({ user: { name: "user of a", groups: ["system:authenticated"] } });
  pass(9_999);
  expect(ask("a")).toBe(first);
  pass(1);
  await ask("a");
  expect(asked).toHaveLength(2);
});

test("a bad token is looked at each time", async () => {
  const { ask, asked } = cache();
  expect(await ask("bad")).toEqual({ problem: "bad" });
  await ask("bad");
  expect(asked).toHaveLength(2);
});

test("a token that is good for some audiences says nothing about others, whatever it looks like", async () => {
  const { ask, asked } = cache();
  await ask("a", ["x"]);
  await ask("a");
  await ask("a", ["y"]);
  await ask(JSON.stringify(["a", ["x"]]));
  expect(asked).toHaveLength(4);
});
