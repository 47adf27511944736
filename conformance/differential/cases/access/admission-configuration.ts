import { join } from "node:path";
import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named, pod } from "../../objects.ts";

export const flags = [
  "--enable-admission-plugins=EventRateLimit",
  `--admission-control-config-file=${join(import.meta.dirname, "admission-configuration.yaml")}`,
];

const NAMESPACES = "/api/v1/namespaces";
const RUNTIMES = "/apis/node.k8s.io/v1/runtimeclasses";
const LAG_MS = 400;
const DRY = { query: { dryRun: "All" } };

const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
  ...named("v1", "Namespace", name),
  metadata: { name, labels },
});

export const cases = [
  test("admission configuration: default levels", async (t) => {
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p"), DRY);
    await t.post(pods, pod("p", { hostPID: true }), DRY);
    const template = {
      metadata: { labels: { app: "d" } },
      spec: { hostPID: true, containers: [{ name: "c", image: "i" }] },
    };
    await t.post(t.path("apps/v1/deployments"), deployment("d", { template }), DRY);
    const labels = {
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "baseline",
    };
    await t.patch(`${NAMESPACES}/${t.namespace}`, { metadata: { labels } });
    await t.pause(LAG_MS);
    await t.post(pods, pod("p", { hostPID: true }), DRY);
  }),
  test("admission configuration: exemptions", async (t) => {
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p", { hostPID: true }), { ...DRY, token: "alice-token" });
    await t.ask(
      "POST",
      RUNTIMES,
      named("node.k8s.io/v1", "RuntimeClass", "exempt-from-security", { handler: "h" }),
    );
    t.leftovers.add(`${RUNTIMES}/exempt-from-security`);
    await t.pause(LAG_MS);
    await t.post(pods, pod("p", { hostPID: true, runtimeClassName: "exempt-from-security" }), DRY);
    const prefix = "pod-security.kubernetes.io/";
    const shapes: Record<string, JsonObject> = {
      nothing: {},
      "the default": {
        [`${prefix}enforce`]: "baseline",
        [`${prefix}enforce-version`]: "v1.30",
        [`${prefix}warn`]: "restricted",
      },
      another: {
        [`${prefix}enforce`]: "restricted",
        [`${prefix}audit-version`]: "v1.20",
        [`${prefix}audit`]: "baseline",
      },
      "no level": { [`${prefix}enforce`]: "privileged", [`${prefix}warn`]: "privileged" },
    };
    for (const [remark, labels] of Object.entries(shapes)) {
      await t.post(NAMESPACES, namespace("exempt-from-security", labels), { ...DRY, remark });
    }
    await t.post(NAMESPACES, namespace("exempt-from-security"));
    t.leftovers.add(`${NAMESPACES}/exempt-from-security`);
    await t.pause(LAG_MS);
    await t.post(t.path("v1/pods", "exempt-from-security"), pod("p", { hostPID: true }), DRY);
    await t.patch(
      `${NAMESPACES}/exempt-from-security`,
      { metadata: { labels: { [`${prefix}enforce`]: "restricted" } } },
      DRY,
    );
  }),
  test("admission configuration: too many events", async (t) => {
    const events = t.path("v1/events");
    const event = (name: string, about: string): JsonObject => ({
      ...named("v1", "Event", name),
      involvedObject: { kind: "Pod", name: about, namespace: t.namespace },
      source: { component: "tester" },
    });
    await t.post(events, event("tried", "p"), DRY);
    await t.post(events, event("a", "p"));
    await t.post(events, event("b", "p"));
    await t.post(events, event("c", "p"));
    await t.post(events, event("d", "q"));
  }),
];
