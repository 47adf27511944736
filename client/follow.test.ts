import { expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { forbidden, pathNotFound } from "../api/status.ts";
import type { Client } from "./client.ts";
import { type Follower, follow } from "./follow.ts";

const things = { group: "example.com", version: "v1", resource: "things" };
const options = { signal: new AbortController().signal, onError: () => undefined };

function followed() {
  const told: (readonly KubeObject[])[] = [];
  const follower = { replace: (objects) => told.push(objects), set() {}, delete() {} } satisfies Follower;
  return { told, follower };
}

const refusing = (error: Error) => ({ list: async () => Promise.reject(error) }) as unknown as Client;

test("of what is not served there is nothing", async () => {
  const { told, follower } = followed();
  await follow(refusing(pathNotFound()), things, follower, options);
  expect(told).toEqual([[]]);
});

test("what cannot be listed otherwise is not taken for nothing", async () => {
  const { told, follower } = followed();
  const refusal = forbidden(things, "", "no");
  await expect(follow(refusing(refusal), things, follower, options)).rejects.toBe(refusal);
  expect(told).toEqual([]);
});
