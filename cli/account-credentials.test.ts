import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { notFound } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import { accountCredentials } from "./account-credentials.ts";

test("a token of an account, which is made first, is used for most of its time, or until it is refused", async () => {
  const clock = new ManualClock();
  const made: unknown[] = [];
  let tokens = 0;
  const client = {
    async create({ resource }: { resource: string }, { metadata }: KubeObject, options?: { name?: string }) {
      if (options?.name === undefined) return made.push(metadata);
      if (made.length === 0) throw notFound({ group: "", resource }, options.name);
      const expirationTimestamp = new Date(clock.now() + 3_600_000).toISOString();
      return { status: { token: `${options.name}-${++tokens}`, expirationTimestamp } };
    },
  } as unknown as Client;
  const credentials = accountCredentials(client, clock, "robot");
  const token = async () => (await credentials.get()).authorization;
  expect(await Promise.all([token(), token()])).toEqual(["Bearer robot-1", "Bearer robot-1"]);
  expect(made).toEqual([{ name: "robot", namespace: "kube-system" }]);
  clock.advance(0.79 * 3_600_000);
  expect(await token()).toBe("Bearer robot-1");
  clock.advance(0.01 * 3_600_000);
  expect(await token()).toBe("Bearer robot-2");
  credentials.refused?.();
  expect(await token()).toBe("Bearer robot-3");
});
