import { raw, test } from "../../conversation.ts";
import { configMap, deployment, named, pod, service } from "../../objects.ts";

export const cases = [
  test("apply: parameters", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.patch(at, configMap("a"), { type: "apply", remark: "no manager" });
    await t.apply(at, configMap("a"), "m".repeat(129));
    await t.apply(at, configMap("a"), "tab\there");
    await t.apply(at, configMap("a"), "m", { query: { force: "maybe" } });
    await t.apply(at, configMap("b"), "m");
    await t.apply(at, { kind: "ConfigMap", metadata: { name: "a" } }, "m");
    await t.apply(at, { apiVersion: "v1", metadata: { name: "a" } }, "m");
    await t.apply(at, { apiVersion: "v1", kind: "ConfigMap" }, "m");
    await t.apply(at, { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }, "m");
    await t.apply(at, configMap("a", { metadata: { namespace: "elsewhere" } }), "m");
    await t.apply(at, configMap("a", { metadata: { managedFields: [] } }), "m");
    await t.apply(at, configMap("a", { metadata: { managedFields: [{ manager: "x" }] } }), "m");
    await t.apply(at, configMap("a", { metadata: { resourceVersion: "1" } }), "m");
    await t.apply(at, configMap("a", { metadata: { uid: "11111111-1111-1111-1111-111111111111" } }), "m");
    await t.patch(
      at,
      raw("application/apply-patch+yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"),
      {
        query: { fieldManager: "m" },
      },
    );
    await t.patch(at, { data: {} }, { type: "merge", query: { force: true } });
    await t.post(t.path("v1/configmaps"), configMap("q"), { query: { fieldManager: "x".repeat(129) } });
    await t.post(t.path("v1/configmaps"), configMap("q"), { query: { fieldManager: "someone" } });
  }),
  test("apply: owning and giving up fields", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.apply(at, configMap("a", { data: { x: "1", y: "1" } }), "one");
    await t.apply(at, configMap("a", { data: { y: "1", z: "1" } }), "two");
    await t.apply(at, configMap("a", { data: { x: "1" } }), "one");
    await t.apply(at, configMap("a", { data: {} }), "one");
    await t.apply(at, configMap("a"), "two");
    await t.get(at);
  }),
  test("apply: conflicts", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.apply(at, configMap("a", { data: { x: "1", y: "1" }, metadata: { labels: { l: "1" } } }), "one");
    await t.apply(at, configMap("a", { data: { x: "2", y: "2" }, metadata: { labels: { l: "2" } } }), "two");
    await t.apply(at, configMap("a", { data: { x: "1" } }), "two", { remark: "same value" });
    await t.apply(at, configMap("a", { data: { x: "3" } }), "three");
    await t.apply(at, configMap("a", { data: { x: "3" } }), "three", { query: { force: true } });
    await t.patch(at, { data: { y: "9" } }, { query: { fieldManager: "patcher" } });
    await t.apply(at, configMap("a", { data: { x: "3", y: "1" } }), "one");
    await t.put(at, configMap("a", { data: { y: "8" } }), { query: { fieldManager: "putter" } });
    await t.apply(at, configMap("a", { data: { y: "7" } }), "one");
    await t.get(at);
  }),
  test("apply: update and apply of one manager", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.post(t.path("v1/configmaps"), configMap("a", { data: { x: "1" } }), {
      query: { fieldManager: "m" },
    });
    await t.apply(at, configMap("a", { data: { x: "2" } }), "m");
    await t.apply(at, configMap("a", { data: { x: "2" } }), "m", { query: { force: true } });
    await t.apply(at, configMap("a", { data: { y: "2" } }), "m");
    await t.patch(at, { metadata: { managedFields: [{}] } });
    await t.apply(at, configMap("a", { data: { y: "3" } }), "n");
    await t.get(at);
  }),
  test("apply: lists by key, sets and atomic lists", async (t) => {
    const at = `${t.path("apps/v1/deployments")}/d`;
    const containers = (list: { [key: string]: string }[]) => ({
      template: {
        metadata: { labels: { app: "d" } },
        spec: { containers: list },
      },
    });
    await t.apply(at, deployment("d", containers([{ name: "a", image: "i:1" }])), "one");
    await t.apply(at, deployment("d", containers([{ name: "b", image: "i:1" }])), "two");
    await t.apply(at, deployment("d", containers([{ name: "a", image: "i:2" }])), "two");
    await t.apply(
      at,
      deployment(
        "d",
        containers([
          { name: "c", image: "i:1" },
          { name: "a", image: "i:1" },
        ]),
      ),
      "one",
    );
    await t.apply(
      at,
      deployment(
        "d",
        containers([
          { name: "c", image: "i:1" },
          { name: "c", image: "i:2" },
        ]),
      ),
      "one",
      { remark: "duplicate key" },
    );
    await t.apply(at, deployment("d", containers([{ image: "i:1" }])), "one", { remark: "no key" });
    await t.apply(at, deployment("d", { replicas: 3 }), "scaler");
    await t.patch(`${at}/scale`, { spec: { replicas: 5 } }, { query: { fieldManager: "hpa" } });
    await t.apply(at, deployment("d", { replicas: 3 }), "scaler");
    await t.get(at);
    const services = t.path("v1/services");
    await t.apply(`${services}/s`, service("s", { ports: [{ port: 80, name: "a" }] }), "one");
    await t.apply(`${services}/s`, service("s", { ports: [{ port: 81, name: "b" }] }), "two");
    await t.apply(
      `${services}/s`,
      service("s", { ports: [{ port: 80, protocol: "UDP", name: "c" }] }),
      "three",
    );
    await t.get(`${services}/s`);
  }),
  test("apply: finalizers, owners, pods", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.apply(at, configMap("a", { metadata: { finalizers: ["example.com/a"] } }), "one");
    await t.apply(at, configMap("a", { metadata: { finalizers: ["example.com/b"] } }), "two");
    await t.apply(at, configMap("a"), "one");
    const owner = (uid: string, name: string) => ({ apiVersion: "v1", kind: "Pod", uid, name });
    await t.apply(at, configMap("a", { metadata: { ownerReferences: [owner("u", "p")] } }), "one");
    await t.apply(at, configMap("a", { metadata: { ownerReferences: [owner("v", "q")] } }), "two");
    await t.apply(at, configMap("a", { metadata: { ownerReferences: [owner("u", "other")] } }), "two");
    const pods = t.path("v1/pods");
    await t.apply(`${pods}/p`, pod("p"), "one");
    await t.apply(`${pods}/p`, pod("p", { tolerations: [{ key: "a", operator: "Exists" }] }), "two");
    await t.apply(`${pods}/p`, pod("p", { containers: [{ name: "c", image: "other" }] }), "two", {
      query: { force: true },
    });
    await t.apply(`${pods}/p`, pod("p", { nodeSelector: { a: "b" } }), "two");
    await t.apply(`${pods}/p/status`, named("v1", "Pod", "p", { status: { phase: "Running" } }), "kubelet");
    await t.get(`${pods}/p`);
  }),
  test("apply: empty lists and items without keys", async (t) => {
    const policies = t.path("networking.k8s.io/v1/networkpolicies");
    const policy = named("networking.k8s.io/v1", "NetworkPolicy", "a", {
      spec: { podSelector: { matchLabels: {} }, ingress: [], egress: [{ ports: [] }] },
    });
    await t.post(policies, policy);
    await t.apply(`${policies}/a`, policy, "m", { query: { force: true } });
    await t.apply(`${policies}/a`, policy, "m", { remark: "no change" });
    const accounts = t.path("v1/serviceaccounts");
    const account = named("v1", "ServiceAccount", "a", { secrets: [{}, { name: "s" }] });
    await t.post(accounts, account);
    await t.apply(`${accounts}/a`, named("v1", "ServiceAccount", "a", {}), "m");
  }),
  test("apply: many managers and old entries", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    for (let n = 0; n < 13; n++) {
      await t.patch(
        at.replace(/a$/, n === 0 ? "a" : "a"),
        { data: { [`k${n}`]: "v" } },
        { query: { fieldManager: `m${n}` } },
      );
      if (n === 0)
        await t.post(t.path("v1/configmaps"), configMap("a"), { query: { fieldManager: "maker" } });
    }
    await t.get(at);
  }),
  test("apply: managers from user agents", async (t) => {
    for (const [n, agent] of [
      "kubectl/v1.36 (linux/amd64)",
      "a b/c",
      "",
      `${"x".repeat(200)}/1`,
      "é/1",
    ].entries()) {
      await t.post(t.path("v1/configmaps"), configMap(`a${n}`, { data: { a: "b" } }), {
        headers: { "user-agent": agent.replace("é", "e") },
      });
    }
  }),
];
