import assert from "node:assert/strict";
import {
  type Any,
  configMap,
  core,
  eventually,
  gone,
  inGroup,
  newNamespace,
  type Scenario,
  type World,
} from "../world.ts";

const finalizer = "networking.k8s.io/service-cidr-finalizer";
const ranges = inGroup("networking.k8s.io", "servicecidrs");

/** A range of Service addresses that is ready. */
async function readyRange({ client }: World, name: string, cidr: string): Promise<void> {
  const range = {
    kind: "ServiceCIDR",
    apiVersion: "networking.k8s.io/v1",
    metadata: { name },
    spec: { cidrs: [cidr] },
  };
  await client.create(ranges, range);
  await eventually(async () => {
    const { metadata, status } = (await client.get(ranges, name)) as Any;
    assert.deepEqual(metadata.finalizers, [finalizer]);
    const [{ lastTransitionTime: _, ...condition }] = status.conditions;
    const message = "Kubernetes Service CIDR is ready";
    assert.deepEqual(condition, { type: "Ready", status: "True", reason: "", message });
  });
}

export const clusterScenarios: readonly Scenario[] = [
  {
    name: "what is used of a quota is counted: what is there, what comes and what goes",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "quotas");
      const [quotas, configMaps] = [core("resourcequotas", "quotas"), core("configmaps", "quotas")];
      await eventually(() => client.get(configMaps, "kube-root-ca.crt"));
      await client.create(configMaps, configMap("first"));
      await client.create(core("services", "quotas"), {
        ...{ metadata: { name: "s" }, spec: { ports: [{ port: 80 }], selector: { a: "b" } } },
      } as Any);
      const hard = { configmaps: "10", "count/secrets": "5", services: "5", pods: "2", "requests.cpu": "1" };
      await client.create(quotas, { metadata: { name: "q" }, spec: { hard } } as Any);
      const isUsed = (used: Record<string, string>) =>
        eventually(async () => {
          const { status } = (await client.get(quotas, "q")) as Any;
          assert.deepEqual(status, { hard, used });
        });
      const unused = { "count/secrets": "0", services: "1", pods: "0", "requests.cpu": "0" };
      await isUsed({ ...unused, configmaps: "2" });
      await client.create(configMaps, configMap("second"));
      await client.create(core("secrets", "quotas"), { metadata: { name: "s" } });
      const container = { name: "c", image: "i", resources: { requests: { cpu: "300m" } } };
      await eventually(() => client.get(core("serviceaccounts", "quotas"), "default"));
      await client.create(core("pods", "quotas"), {
        ...{ metadata: { name: "p" }, spec: { containers: [container] } },
      } as Any);
      await isUsed({
        "count/secrets": "1",
        services: "1",
        pods: "1",
        "requests.cpu": "300m",
        configmaps: "3",
      });
      await client.delete(core("pods", "quotas"), "p", { gracePeriodSeconds: 0 });
      await client.delete(core("secrets", "quotas"), "s");
      await client.delete(configMaps, "second");
      await isUsed({ ...unused, configmaps: "2" });
    },
  },
  {
    name: "aggregated roles get the rules of those that they select, and follow them",
    async play({ client }) {
      const roles = inGroup("rbac.authorization.k8s.io", "clusterroles");
      const rule = (resource: string) => ({ apiGroups: [""], resources: [resource], verbs: ["get"] });
      const part = (name: string, resource: string): Any => ({
        metadata: { name, labels: { "scenarios.example.com/aggregate": "true" } },
        rules: [rule(resource)],
      });
      const clusterRoleSelectors = [{ matchLabels: { "scenarios.example.com/aggregate": "true" } }];
      const whole = { metadata: { name: "scenario-whole" }, aggregationRule: { clusterRoleSelectors } };
      await client.create(roles, whole as Any);
      await client.create(roles, part("scenario-b", "pods"));
      await client.create(roles, part("scenario-a", "secrets"));
      const hasRules = (...rules: object[]) =>
        eventually(async () => {
          const role = (await client.get(roles, "scenario-whole")) as Any;
          assert.deepEqual(role.rules ?? [], rules);
        });
      await hasRules(rule("secrets"), rule("pods"));
      await client.patch(roles, "scenario-b", { rules: [rule("nodes")] }, { type: "merge" });
      await hasRules(rule("secrets"), rule("nodes"));
      await client.delete(roles, "scenario-a");
      await hasRules(rule("nodes"));
      await client.delete(roles, "scenario-b");
      await hasRules();
    },
  },
  {
    name: "nodes are told how long they may keep what they have read",
    async play({ client }) {
      const nodes = core("nodes");
      await client.create(nodes, { metadata: { name: "scenario-node" } });
      const isTold = () =>
        eventually(async () => {
          const { annotations } = (await client.get(nodes, "scenario-node")).metadata;
          assert.equal(annotations?.["node.alpha.kubernetes.io/ttl"], "0");
        });
      await isTold();
      const without = { metadata: { annotations: { "node.alpha.kubernetes.io/ttl": null } } };
      await client.patch(nodes, "scenario-node", without, { type: "merge" });
      await isTold();
      await client.delete(nodes, "scenario-node");
    },
  },
  {
    name: "a range of Service addresses is ready, and goes when nobody uses it",
    async play(world) {
      const { client } = world;
      await readyRange(world, "scenario-free", "10.98.0.0/24");
      await client.delete(ranges, "scenario-free");
      await gone(client, ranges, "scenario-free");
    },
  },
  {
    name: "a range of Service addresses stays while one of them is in use",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "ranges");
      await readyRange(world, "scenario-used", "10.99.0.0/24");
      const spec = { clusterIP: "10.99.0.10", ports: [{ port: 80 }] };
      const services = core("services", "ranges");
      await eventually(() => client.create(services, { metadata: { name: "s" }, spec } as Any));
      await client.delete(ranges, "scenario-used");
      await eventually(async () => {
        const { status } = (await client.get(ranges, "scenario-used")) as Any;
        const [{ status: is, reason, message }] = status.conditions;
        assert.deepEqual([is, reason], ["False", "Terminating"]);
        assert.equal(
          message,
          "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
        );
      });
      await client.delete(services, "s");
      await gone(client, ranges, "scenario-used");
    },
  },
];
