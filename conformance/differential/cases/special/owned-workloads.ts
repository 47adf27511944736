import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named } from "../../objects.ts";

const scaleTargetRef = { kind: "Deployment", name: "d", apiVersion: "apps/v1" };
const autoscaler = (version: string, spec: JsonObject) =>
  named(`autoscaling/${version}`, "HorizontalPodAutoscaler", "a", { spec });
const cpu = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

export const cases = [
  test("workloads: owners of fields across versions", async (t) => {
    const v1 = t.path("autoscaling/v1/horizontalpodautoscalers/a");
    const v2 = t.path("autoscaling/v2/horizontalpodautoscalers/a");
    await t.apply(
      v1,
      autoscaler("v1", { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 }),
      "one",
    );
    await t.get(v2);
    await t.apply(v2, autoscaler("v2", { scaleTargetRef, maxReplicas: 3, metrics: [cpu(50)] }), "two");
    await t.get(v1);
    await t.apply(v2, autoscaler("v2", { scaleTargetRef, maxReplicas: 4 }), "two");
    await t.apply(v2, autoscaler("v2", { scaleTargetRef, maxReplicas: 4, metrics: [cpu(60)] }), "two", {
      query: { force: true },
    });
    await t.apply(v1, autoscaler("v1", { scaleTargetRef, maxReplicas: 3 }), "one");
    await t.apply(v1, autoscaler("v1", { scaleTargetRef, minReplicas: 2 }), "one");
    await t.patch(v1, { spec: { targetCPUUtilizationPercentage: 70 } }, { query: { fieldManager: "three" } });
    const behavior = { scaleDown: { policies: [{ type: "Pods", value: 1, periodSeconds: 10 }] } };
    await t.apply(v2, autoscaler("v2", { behavior }), "four");
    await t.get(v1);
    await t.put(v1, (await t.get(v1)).with({ "metadata.labels": { a: "b" } }), {
      query: { fieldManager: "five" },
    });
    await t.patch(`${v1}/status`, { status: { currentCPUUtilizationPercentage: 5, desiredReplicas: 2 } });
    await t.apply(
      `${v2}/status`,
      named("autoscaling/v2", "HorizontalPodAutoscaler", "a", { status: { desiredReplicas: 3 } }),
      "six",
    );
    await t.get(v2);
    await t.apply(v2, autoscaler("v2", {}), "two");
    await t.apply(v1, autoscaler("v1", {}), "one");
  }),
  test("workloads: owners of containers", async (t) => {
    const at = t.path("apps/v1/deployments/a");
    const base = deployment("a");
    const withSpec = (spec: JsonObject) => named("apps/v1", "Deployment", "a", { spec });
    const template = (containers: JsonObject[], more: JsonObject = {}) => ({
      template: { spec: { containers, ...more } },
    });
    await t.apply(at, base, "base");
    await t.apply(at, withSpec(template([{ name: "side", image: "s" }])), "side");
    await t.apply(at, withSpec(template([{ name: "c", env: [{ name: "A", value: "1" }] }])), "env");
    await t.apply(at, withSpec(template([{ name: "c", env: [{ name: "A", value: "2" }] }])), "other");
    await t.apply(at, withSpec(template([{ name: "c", env: [{ name: "A", value: "2" }] }])), "other", {
      query: { force: true },
    });
    const port = (containerPort: number, more: JsonObject = {}) => ({ containerPort, ...more });
    await t.apply(
      at,
      withSpec(template([{ name: "c", ports: [port(80), port(80, { protocol: "UDP" }), port(81)] }])),
      "ports",
    );
    await t.apply(at, withSpec(template([{ name: "c", ports: [port(80), port(80)] }])), "twice");
    await t.apply(at, withSpec(template([{ name: "c", ports: [port(80, { name: "web" })] }])), "ports");
    await t.apply(at, withSpec(template([{ image: "nameless" }])), "nameless");
    await t.apply(
      at,
      withSpec(template([], { nodeSelector: { a: "b" }, tolerations: [{ key: "t" }] })),
      "place",
    );
    await t.apply(at, withSpec({ replicas: 5 }), "scaler");
    await t.patch(`${at}/scale`, { spec: { replicas: 6 } }, { query: { fieldManager: "autoscaler" } });
    await t.apply(at, withSpec({ replicas: 5 }), "scaler");
    await t.apply(at, withSpec({}), "side");
    await t.apply(at, withSpec({ strategy: { type: "Recreate" } }), "strategist");
    await t.apply(at, withSpec({ strategy: { type: "Recreate", rollingUpdate: null } }), "strategist");
    await t.get(at);
  }),
  test("workloads: strategic patches", async (t) => {
    const all = t.path("apps/v1/deployments");
    const at = `${all}/a`;
    await t.post(all, deployment("a"));
    const pods = (spec: JsonObject) => ({ spec: { template: { spec } } });
    const patches: Record<string, JsonObject> = {
      "a container": pods({ containers: [{ name: "d", image: "j" }] }),
      "an image": pods({ containers: [{ name: "c", image: "new" }] }),
      "an order": pods({
        "$setElementOrder/containers": [{ name: "d" }, { name: "c" }],
      }),
      "no container": pods({ containers: [{ name: "d", $patch: "delete" }] }),
      "other containers": pods({ containers: [{ $patch: "replace" }, { name: "e", image: "k" }] }),
      "a nameless one": pods({ containers: [{ image: "k" }] }),
      "an unknown directive": pods({ containers: [{ name: "e", $patch: "explode" }] }),
      env: pods({
        containers: [
          {
            name: "e",
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "2" },
            ],
          },
        ],
      }),
      "less env": pods({ containers: [{ name: "e", env: [{ name: "A", $patch: "delete" }] }] }),
      ports: pods({ containers: [{ name: "e", ports: [{ containerPort: 80 }, { containerPort: 81 }] }] }),
      "the same port": pods({ containers: [{ name: "e", ports: [{ containerPort: 80, protocol: "UDP" }] }] }),
      args: pods({ containers: [{ name: "e", args: ["a", "b"] }] }),
      tolerations: pods({ tolerations: [{ key: "a" }] }),
      volumes: pods({ volumes: [{ name: "v", emptyDir: {} }] }),
      "another source": pods({ volumes: [{ name: "v", emptyDir: null, configMap: { name: "m" } }] }),
      "kept keys": pods({
        volumes: [{ $retainKeys: ["name", "hostPath"], name: "v", hostPath: { path: "/x" } }],
      }),
      strategy: { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
      "no strategy": { spec: { strategy: null } },
      finalizers: { metadata: { finalizers: ["a.example.com/x", "b.example.com/y"] } },
      "fewer finalizers": { metadata: { "$deleteFromPrimitiveList/finalizers": ["a.example.com/x"] } },
      "whole labels": { metadata: { labels: { $patch: "replace", x: "y" } } },
      "whole spec": { spec: { $patch: "replace" } },
      "null key": pods({ containers: [null] }),
      "bad list": pods({ containers: { name: "e" } }),
      "bad order": pods({ "$setElementOrder/containers": "x" }),
    };
    for (const [remark, patch] of Object.entries(patches)) {
      await t.patch(at, patch, { type: "strategic", remark });
    }
  }),
];
