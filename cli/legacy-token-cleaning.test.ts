import { expect, test, vi } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { createCluster } from "./cluster.ts";

const inside = (resource: string) => ({ group: "", version: "v1", resource, namespace: "default" });
const day = 86_400_000;

test("a generated token that nobody uses is marked after a year, and deleted a year later", async () => {
  const clock = new ManualClock();
  const controllers = ["legacy-serviceaccount-token-cleaner-controller", "serviceaccount-token-controller"];
  const cluster = await createCluster({ clock, controllers });
  const { client } = cluster;
  const account = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: "robot" } };
  await client.create(inside("serviceaccounts"), { ...account, secrets: [{ name: "made" }] } as KubeObject);
  const annotations = { "kubernetes.io/service-account.name": "robot" };
  for (const name of ["made", "asked-for"]) {
    await client.create(inside("secrets"), {
      ...{ kind: "Secret", apiVersion: "v1", metadata: { name, annotations } },
      type: "kubernetes.io/service-account-token",
    } as KubeObject);
  }
  const labelsOf = async (name: string) => (await client.get(inside("secrets"), name)).metadata.labels;
  for (const year of [1, 2]) {
    for (let days = 0; days < 368; days++) {
      clock.advance(day);
      if (days % 30 === 0 || days > 360) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (year === 1) {
      await vi.waitFor(async () => {
        expect(await labelsOf("made")).toHaveProperty(["kubernetes.io/legacy-token-invalid-since"]);
      }, 5000);
    }
  }
  await vi.waitFor(() => expect(labelsOf("made")).rejects.toMatchObject({ code: 404 }), 5000);
  expect(await labelsOf("asked-for")).toBeUndefined();
  await cluster.close();
}, 30_000);
