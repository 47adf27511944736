import { expect, test } from "vitest";
import { HealthResults } from "./health-results.ts";

test("results of checks are counted by name and endpoint", async () => {
  const results = new HealthResults();
  let failing = true;
  const check = () => {
    if (failing) throw new Error("down");
  };
  const { readyz } = results.watching({ healthz: [], livez: [], readyz: [{ name: "etcd", check }] });
  await expect(readyz[0]!.check()).rejects.toThrow("down");
  expect(results.expose()).toContain('kubernetes_healthcheck{name="etcd",type="readyz"} 0\n');
  failing = false;
  await readyz[0]!.check();
  expect(results.expose().split("\n").slice(2)).toEqual([
    'kubernetes_healthcheck{name="etcd",type="readyz"} 1',
    "# HELP kubernetes_healthchecks_total [STABLE] This metric records the results of all healthcheck.",
    "# TYPE kubernetes_healthchecks_total counter",
    'kubernetes_healthchecks_total{name="etcd",status="error",type="readyz"} 1',
    'kubernetes_healthchecks_total{name="etcd",status="success",type="readyz"} 1',
    "",
  ]);
});
