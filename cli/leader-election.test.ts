import { expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { runAsLeader } from "../client/leader-election.ts";
import { createCluster } from "./cluster.ts";
import { systemClock, systemRandom } from "./system-clock.ts";

test("a lease of the server's is taken, renewed and given back", async () => {
  const cluster = await createCluster();
  const { client } = cluster;
  const leases = { group: "coordination.k8s.io", version: "v1", resource: "leases", namespace: "default" };
  const read = async () =>
    (await client.get(leases, "l")) as KubeObject & { spec: Record<string, string | number> };
  const ending = new AbortController();
  const errors: unknown[] = [];
  await runAsLeader({
    ...{ client, clock: systemClock, random: systemRandom, signal: ending.signal },
    ...{ namespace: "default", name: "l", identity: "me", retryPeriod: 5, releaseOnEnd: true },
    onError: (error) => errors.push(error),
    async lead() {
      const first = await read();
      expect(first.spec).toMatchObject({
        holderIdentity: "me",
        leaseDurationSeconds: 15,
        leaseTransitions: 0,
      });
      while ((await read()).spec["renewTime"] === first.spec["renewTime"]) await new Promise(setImmediate);
      ending.abort();
    },
  });
  expect((await read()).spec).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
  expect(errors).toEqual([]);
  await cluster.close();
});
