import { describe, expect, test } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import type { KubeObject } from "../../../api/object.ts";
import { conflict } from "../../../api/status.ts";
import type { ResourceQuota } from "../resource-quota/charge.ts";
import { type LimitedResource, readLimitedResources } from "../resource-quota/limited-resources.ts";
import { admitted, gates, named } from "../testing.ts";
import { resourceQuota } from "./resource-quota.ts";

/** Quotas of a namespace, as they are kept: a status is written only on top of the newest. */
function keeping(...quotas: object[]) {
  return keepingLimited([], ...quotas);
}

/** The same where the configuration limits resources to those who have a quota. */
function keepingLimited(limitedResources: readonly LimitedResource[], ...quotas: object[]) {
  const kept = new Map(quotas.map((quota) => [(quota as KubeObject).metadata.name, quota as ResourceQuota]));
  let writes = 0;
  /** Somebody else writes before one of ours. */
  let rivals: (() => void)[] = [];
  const plugin = resourceQuota({
    gates,
    clock: new ManualClock(),
    limitedResources,
    objects: {
      get: async () => undefined,
      list: async () => [...kept.values()] as KubeObject[],
    },
    async updateStatus(quota) {
      await Promise.resolve();
      rivals.shift()?.();
      const { name = "", resourceVersion } = quota.metadata;
      if (kept.get(name)?.metadata.resourceVersion !== resourceVersion) {
        throw conflict({ group: "", resource: "resourcequotas" }, name, "stale");
      }
      kept.set(name, bumped(quota as ResourceQuota));
      writes++;
    },
  });
  return {
    used: (name: string) => kept.get(name)?.status?.used,
    writes: () => writes,
    beforeWrites: (...own: (() => void)[]) => {
      rivals = own;
    },
    rewrite: (name: string, used: Record<string, string>) => {
      const quota = kept.get(name)!;
      kept.set(name, bumped({ ...quota, status: { ...quota.status, used } }));
    },
    create: (object: object, more: object = {}) => admitted(plugin, { resource: "pods", object, ...more }),
  };
}

const bumped = (quota: ResourceQuota): ResourceQuota => ({
  ...quota,
  metadata: { ...quota.metadata, resourceVersion: String(Number(quota.metadata.resourceVersion) + 1) },
});

const quota = (name: string, hard: object, used: object, spec: object = {}) =>
  named(name, { spec, status: { hard, used } }, { resourceVersion: "1" });
const pod = (cpu = "1") =>
  named("p", { spec: { containers: [{ name: "c", resources: { requests: { cpu } } }] } });

describe("a quota", () => {
  test("is charged, and refuses what is too much", async () => {
    const cluster = keeping(
      quota("q", { pods: "2", "requests.cpu": "3" }, { pods: "0", "requests.cpu": "500m" }),
    );
    expect((await cluster.create(pod())).error).toBeUndefined();
    expect(cluster.used("q")).toEqual({ pods: "1", "requests.cpu": "1500m" });
    const { error } = await cluster.create(pod("2"));
    expect(error).toMatchObject({
      code: 403,
      message:
        'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=1500m, limited: requests.cpu=3',
    });
    expect(cluster.writes()).toBe(1);
  });

  test("is not charged for a dry run, nor for what it does not measure", async () => {
    const cluster = keeping(quota("q", { pods: "1" }, { pods: "0" }));
    expect((await cluster.create(pod(), { dryRun: true })).error).toBeUndefined();
    expect((await cluster.create(named("s"), { resource: "secrets" })).error).toBeUndefined();
    expect((await cluster.create(named("b"), { subresource: "binding" })).error).toBeUndefined();
    expect(cluster.writes()).toBe(0);
  });

  test("whose usage is not known refuses everything", async () => {
    const cluster = keeping(quota("q", { pods: "1", "count/pods": "1" }, { pods: "0" }));
    expect((await cluster.create(pod())).error?.message).toBe(
      'pods "p" is forbidden: status unknown for quota: q, resources: count/pods,pods',
    );
  });

  test("asks containers to say what it limits", async () => {
    const cluster = keeping(quota("q", { "limits.cpu": "1" }, { "limits.cpu": "0" }));
    expect((await cluster.create(pod())).error?.message).toBe(
      'pods "p" is forbidden: failed quota: q: must specify limits.cpu for: c',
    );
  });

  test("of other scopes is no concern", async () => {
    const cluster = keeping(quota("q", { pods: "0" }, { pods: "0" }, { scopes: ["Terminating"] }));
    expect((await cluster.create(pod())).error).toBeUndefined();
  });

  test("is charged the growth of an update only", async () => {
    const cluster = keeping(quota("q", { "requests.cpu": "3" }, { "requests.cpu": "1" }));
    const resize = { subresource: "resize", oldObject: pod() };
    expect((await cluster.create(pod("3"), resize)).error).toBeUndefined();
    expect(cluster.used("q")).toEqual({ "requests.cpu": "3" });
    expect(
      (await cluster.create(pod("500m"), { subresource: "resize", oldObject: pod("3") })).error,
    ).toBeUndefined();
    expect(cluster.used("q")).toEqual({ "requests.cpu": "3" });
    expect((await cluster.create(pod("2"), resize)).error?.code).toBe(403);
  });
});

describe("many writes at once", () => {
  test("leave exactly what the quota allows, with few updates of it", async () => {
    const cluster = keeping(quota("q", { pods: "100" }, { pods: "0" }));
    const all = await Promise.all(Array.from({ length: 200 }, () => cluster.create(pod())));
    expect(all.filter(({ error }) => error === undefined)).toHaveLength(100);
    expect(cluster.used("q")).toEqual({ pods: "100" });
    expect(cluster.writes()).toBeLessThan(5);
  });

  test("are charged again on top of what somebody else has written", async () => {
    const cluster = keeping(
      quota("q", { pods: "2" }, { pods: "0" }),
      quota("other", { pods: "9" }, { pods: "0" }),
    );
    cluster.beforeWrites(() => cluster.rewrite("q", { pods: "1" }));
    const all = await Promise.all([cluster.create(pod()), cluster.create(pod())]);
    expect(all.map(({ error }) => error?.code)).toEqual([undefined, 403]);
    expect(cluster.used("q")).toEqual({ pods: "2" });
  });

  test("fail with the conflict when that goes on", async () => {
    const cluster = keeping(quota("q", { pods: "2" }, { pods: "0" }));
    const rival = () => cluster.rewrite("q", { pods: "0" });
    cluster.beforeWrites(rival, rival, rival, rival);
    expect((await cluster.create(pod())).error).toMatchObject({ code: 409, reason: "Conflict" });
  });
});

describe("what is limited to those who have a quota", () => {
  const configuration = (limitedResources: object[]) =>
    readLimitedResources({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "ResourceQuotaConfiguration",
      limitedResources: limitedResources as never,
    });
  const cpu = configuration([{ resource: "pods", matchContains: ["requests.c"] }]);
  const refusal = 'pods "p" is forbidden: insufficient quota to consume: requests.cpu';

  test("is not to be had without one that measures it", async () => {
    expect((await keepingLimited(cpu).create(pod())).error?.message).toBe(refusal);
    const other = quota("q", { pods: "2" }, { pods: "0" });
    expect((await keepingLimited(cpu, other).create(pod())).error?.message).toBe(refusal);
    const own = quota("q", { "requests.cpu": "2" }, { "requests.cpu": "0" });
    expect((await keepingLimited(cpu, own).create(pod())).error).toBeUndefined();
    expect((await keepingLimited(cpu).create(pod("0"))).error).toBeUndefined();
  });

  test("an update that uses no more needs none", async () => {
    const update = { operation: "UPDATE", oldObject: pod("2") };
    expect((await keepingLimited(cpu).create(pod("1"), update)).error).toBeUndefined();
  });

  test("a scope may be limited, too", async () => {
    const scope = { scopeName: "PriorityClass", operator: "In", values: ["high", "higher"] };
    const limited = configuration([{ resource: "pods", matchScopes: [scope] }]);
    const high = named("p", { spec: { containers: [{ name: "c" }], priorityClassName: "high" } });
    expect((await keepingLimited(limited).create(high)).error).toMatchObject({
      code: 500,
      message: "insufficient quota to match these scopes: [{PriorityClass In [high higher]}]",
    });
    expect((await keepingLimited(limited).create(pod())).error).toBeUndefined();
    const matchExpressions = [{ scopeName: "PriorityClass", operator: "Exists" }];
    const covering = quota("q", { pods: "1" }, { pods: "0" }, { scopeSelector: { matchExpressions } });
    expect((await keepingLimited(limited, covering).create(high)).error).toBeUndefined();
  });

  test("must be named in a configuration of the right kind", () => {
    expect(() => configuration([{}])).toThrow("limitedResources[0].resource: Required value");
    expect(() => readLimitedResources({ kind: "Configuration" })).toThrow("no kind");
  });
});
