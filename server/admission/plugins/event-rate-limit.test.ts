import { describe, expect, test } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import { type EventLimit, readEventLimits } from "../event-rate-limit/configuration.ts";
import { admitted, named } from "../testing.ts";
import { eventRateLimit } from "./event-rate-limit.ts";

const limit = (type: EventLimit["type"], more: object = {}): EventLimit => ({
  type,
  qps: 1,
  burst: 2,
  cacheSize: 9,
  ...more,
});
const limited = (limits: EventLimit[], clock = new ManualClock()) => {
  const plugin = eventRateLimit(limits, clock);
  return async (more: object = {}, about: object = {}) => {
    const object = named("e", {
      source: { component: "kubelet" },
      involvedObject: { kind: "Pod", name: "p", ...about },
    });
    return (await admitted(plugin, { resource: "events", object, ...more })).error;
  };
};

describe("events", () => {
  test("are taken up to a burst, then one by one", async () => {
    const clock = new ManualClock();
    const send = limited([limit("Server")], clock);
    expect([await send(), await send()]).toEqual([undefined, undefined]);
    expect(await send({ dryRun: true })).toBeUndefined();
    expect(await send()).toMatchObject({
      code: 429,
      reason: "TooManyRequests",
      message: "Too many requests: limit reached on type Server for key ",
    });
    clock.advance(1000);
    expect(await send()).toBeUndefined();
    expect((await send())?.code).toBe(429);
  });

  test("count by namespace, user, or origin and object", async () => {
    const one = { burst: 1 };
    const byNamespace = limited([limit("Namespace", one)]);
    expect([await byNamespace(), await byNamespace({ namespace: "other" })]).toEqual([undefined, undefined]);
    expect((await byNamespace())?.message).toContain("limit reached on type Namespace for key ns");
    const byUser = limited([limit("User", one)]);
    expect([await byUser(), await byUser({ user: { name: "else", groups: [] } })]).toEqual([
      undefined,
      undefined,
    ]);
    const byObject = limited([limit("SourceAndObject", one)]);
    expect([await byObject(), await byObject({}, { name: "q" })]).toEqual([undefined, undefined]);
    expect((await byObject())?.message).toContain("for key kubeletPodp");
  });

  test("of forgotten origins begin anew", async () => {
    const send = limited([limit("Namespace", { burst: 1, cacheSize: 1 })]);
    expect(await send()).toBeUndefined();
    expect(await send({ namespace: "other" })).toBeUndefined();
    expect(await send()).toBeUndefined();
  });
});

test("limits that cannot be meant are named", () => {
  const start = { apiVersion: "eventratelimit.admission.k8s.io/v1alpha1", kind: "Configuration" };
  const read =
    (...limits: object[]) =>
    () =>
      readEventLimits({ ...start, limits: limits as never });
  expect(read({ type: "User", qps: 1, burst: 2 })()).toEqual([limit("User", { cacheSize: 4096 })]);
  expect(read()).toThrow("limits: Invalid value: null: must not be empty");
  expect(read({ type: "X", qps: 1, burst: 1 })).toThrow('limits[0].type: Unsupported value: "X"');
  expect(read({ type: "User", qps: 0, burst: 1 })).toThrow(
    "limits[0].qps: Invalid value: 0: must be positive",
  );
  expect(read({ type: "User", qps: 1, burst: 1, cacheSize: -1 })).toThrow("limits[0].cacheSize");
  expect(() => readEventLimits({ kind: "Other" })).toThrow('no kind "Other" is known');
});
