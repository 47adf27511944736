import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { systemClock } from "./system-clock.ts";

const ranges = { group: "networking.k8s.io", version: "v1", resource: "servicecidrs" };
const services = { group: "", version: "v1", resource: "services", namespace: "default" };

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  // Nobody waits ten seconds for a deletion to be known.
  const setTimer = (delay: number, callback: () => void) =>
    systemClock.setTimer(delay > 100 && delay <= 10_000 ? 5 : delay, callback);
  const start = systemClock.now();
  const clock = { ...systemClock, now: () => start + 20 * (systemClock.now() - start), setTimer };
  cluster = await createCluster({ clock, onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

const soon = { timeout: 10_000, interval: 5 };
const finalizer = "networking.k8s.io/service-cidr-finalizer";

const is = (name: string, status: string, message: string) =>
  vi.waitFor(async () => {
    const range = (await cluster.client.get(ranges, name)) as KubeObject & {
      status?: { conditions?: object[] };
    };
    expect(range.metadata.finalizers).toEqual([finalizer]);
    expect(range.status?.conditions).toEqual([expect.objectContaining({ type: "Ready", status, message })]);
  }, soon);

test("a range is ready, and goes only when none of its addresses is in use", async () => {
  const ready = "Kubernetes Service CIDR is ready";
  await is("kubernetes", "True", ready);
  const range = {
    ...{ kind: "ServiceCIDR", apiVersion: "networking.k8s.io/v1", metadata: { name: "more" } },
    spec: { cidrs: ["10.99.0.0/24"] },
  };
  await cluster.client.create(ranges, range as KubeObject);
  await is("more", "True", ready);
  const service = {
    ...{ kind: "Service", apiVersion: "v1", metadata: { name: "s" } },
    spec: { clusterIP: "10.99.0.7", ports: [{ port: 80 }] },
  };
  await vi.waitFor(() => cluster.client.create(services, service as KubeObject), soon);
  await cluster.client.delete(ranges, "more");
  await is(
    "more",
    "False",
    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
  );
  await cluster.client.delete(services, "s");
  await vi.waitFor(
    () => expect(cluster.client.get(ranges, "more")).rejects.toMatchObject({ code: 404 }),
    soon,
  );
});
