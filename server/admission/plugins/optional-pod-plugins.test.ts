import { describe, expect, test } from "vitest";
import { admitted, gates, named, objectsOf } from "../testing.ts";
import { alwaysPullImages } from "./always-pull-images.ts";
import { extendedResourceToleration } from "./extended-resource-toleration.ts";
import { limitPodHardAntiAffinityTopology } from "./limit-pod-hard-anti-affinity-topology.ts";
import { noNodeSelectors, podNodeSelector, readNodeSelectors } from "./pod-node-selector.ts";
import { podTolerationRestriction, readClusterTolerations } from "./pod-toleration-restriction.ts";

const pod = (spec: object) => named("p", { spec });
const start = 'pods "p" is forbidden: ';

describe("AlwaysPullImages", () => {
  const containers = [{ name: "c", image: "i", imagePullPolicy: "Never" }];

  test("pulls every image of a new pod", async () => {
    const spec = {
      containers,
      initContainers: containers,
      volumes: [{ name: "v", image: {} }, { name: "w" }],
    };
    const { object } = await admitted(alwaysPullImages, { resource: "pods", object: pod(spec) });
    expect(object.spec.containers[0].imagePullPolicy).toBe("Always");
    expect(object.spec.initContainers[0].imagePullPolicy).toBe("Always");
    expect(object.spec.volumes).toEqual([{ name: "v", image: { pullPolicy: "Always" } }, { name: "w" }]);
  });

  test("leaves updates alone that name no image anew", async () => {
    const write = { resource: "pods", object: pod({ containers }), oldObject: pod({ containers }) };
    expect((await admitted(alwaysPullImages, write)).object.spec.containers).toEqual(containers);
    const oldObject = pod({ containers: [{ name: "c", image: "j" }] });
    const { object } = await admitted(alwaysPullImages, { ...write, oldObject });
    expect(object.spec.containers[0].imagePullPolicy).toBe("Always");
  });

  test("refuses what somebody has changed after it", async () => {
    const validating = { name: "", rules: alwaysPullImages.rules.map(({ admit: _, ...rule }) => rule) };
    const { error } = await admitted(validating, { resource: "pods", object: pod({ containers }) });
    expect(error).toEqual({
      code: 500,
      reason: "",
      message: `${start}spec.containers[0].imagePullPolicy: Unsupported value: "Never": supported values: "Always"`,
      causes: undefined,
    });
  });
});

test("LimitPodHardAntiAffinityTopology allows nodes only", async () => {
  const message = async (topologyKey: string) => {
    const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey }] };
    const write = { resource: "pods", object: pod({ affinity: { podAntiAffinity } }) };
    return (await admitted(limitPodHardAntiAffinityTopology, write)).error?.message;
  };
  expect(await message("kubernetes.io/hostname")).toBeUndefined();
  expect(await message("zone")).toBe(
    `${start}affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed`,
  );
});

test("ExtendedResourceToleration tolerates the taints of devices that are asked for", async () => {
  const tolerationsOf = async (requests: object, tolerations?: object[]) => {
    const spec = { containers: [{ name: "c", resources: { requests } }], tolerations };
    const write = { resource: "pods", object: pod(spec) };
    return (await admitted(extendedResourceToleration, write)).object.spec.tolerations;
  };
  const own = (key: string) => ({ key, operator: "Exists", effect: "NoSchedule" });
  expect(await tolerationsOf({ "example.com/b": "1", "example.com/a": "1", cpu: "1" })).toEqual([
    own("example.com/a"),
    own("example.com/b"),
  ]);
  expect(await tolerationsOf({ cpu: "1" })).toBeUndefined();
  const ending = { ...own("example.com/a"), tolerationSeconds: 5 };
  expect(await tolerationsOf({ "example.com/a": "1" }, [ending])).toEqual([own("example.com/a")]);
});

const withAnnotations = (annotations: object) =>
  objectsOf({ namespaces: [{ metadata: { name: "ns", annotations } }] });

describe("PodNodeSelector", () => {
  const create = (selector: string, nodeSelector?: object) => {
    const namespace = withAnnotations({ "scheduler.alpha.kubernetes.io/node-selector": selector });
    return admitted(podNodeSelector(namespace, noNodeSelectors), {
      resource: "pods",
      object: pod({ nodeSelector }),
    });
  };

  test("adds the selector of the namespace", async () => {
    expect((await create("a=b, c = d", { e: "f" })).object.spec.nodeSelector).toEqual({
      a: "b",
      c: "d",
      e: "f",
    });
    expect((await create("")).object.spec.nodeSelector).toBeUndefined();
  });

  test("refuses a pod that wants to go elsewhere, and selectors that are none", async () => {
    expect((await create("a=b", { a: "c" })).error?.message).toBe(
      `${start}pod node label selector conflicts with its namespace node label selector`,
    );
    expect((await create("a=b=c")).error).toMatchObject({ code: 500, message: "invalid selector: [a b c]" });
    expect((await create("-=b")).error?.message).toContain('<nil>: Invalid value: "-"');
    expect((await create("a=b c")).error?.message).toContain('[a]: Invalid value: "b c"');
  });
});

describe("a configured PodNodeSelector", () => {
  const selectors = readNodeSelectors({
    podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: "a=b", ns: "a=b,c=d" },
  });
  const create = (annotations: object, nodeSelector?: object) =>
    admitted(podNodeSelector(withAnnotations(annotations), selectors), {
      resource: "pods",
      object: pod({ nodeSelector }),
    });

  test("has a selector for namespaces without one", async () => {
    expect((await create({})).object.spec.nodeSelector).toEqual({ a: "b" });
    const own = { "scheduler.alpha.kubernetes.io/node-selector": "" };
    expect((await create(own)).object.spec.nodeSelector).toBeUndefined();
  });

  test("lists what a namespace may choose from", async () => {
    expect((await create({}, { c: "d" })).error).toBeUndefined();
    for (const chosen of [{ c: "e" }, { f: "g" }]) {
      expect((await create({}, chosen)).error?.message).toBe(
        `${start}pod node label selector labels conflict with its namespace whitelist`,
      );
    }
  });
});

describe("PodTolerationRestriction", () => {
  const create = (annotations: object, spec: object = {}, more: object = {}, cluster = {}) =>
    admitted(podTolerationRestriction(withAnnotations(annotations), gates, cluster), {
      resource: "pods",
      object: pod(spec),
      ...more,
    });
  const prefix = "scheduler.alpha.kubernetes.io/";
  const everything = JSON.stringify([{ key: "k", operator: "Exists" }]);

  test("adds the tolerations of the namespace, and of memory pressure to pods that ask for something", async () => {
    const { object } = await create({ [`${prefix}defaultTolerations`]: everything });
    expect(object.spec.tolerations).toEqual([{ key: "k", operator: "Exists" }]);
    const asking = { containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] };
    expect((await create({}, asking)).object.spec.tolerations).toEqual([
      { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
    ]);
    const update = { oldObject: pod({}) };
    const kept = await create({ [`${prefix}defaultTolerations`]: everything }, {}, update);
    expect(kept.object.spec.tolerations).toBeUndefined();
  });

  test("allows no others than the namespace lists", async () => {
    const allowed = { [`${prefix}tolerationsWhitelist`]: everything };
    const own = { key: "k", operator: "Equal", value: "v" };
    expect((await create(allowed, { tolerations: [own] })).error).toBeUndefined();
    expect((await create(allowed, { tolerations: [{ ...own, key: "l" }] })).error).toMatchObject({
      code: 500,
      message:
        "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist",
    });
    expect(
      (await create({ [`${prefix}tolerationsWhitelist`]: "" }, { tolerations: [own] })).error,
    ).toBeUndefined();
  });

  test("asks the cluster's configuration where the namespace says nothing", async () => {
    const list = [{ key: "k", operator: "Exists" }];
    const cluster = readClusterTolerations({
      apiVersion: "podtolerationrestriction.admission.k8s.io/v1alpha1",
      kind: "Configuration",
      default: list,
      whitelist: list,
    });
    expect((await create({}, {}, {}, cluster)).object.spec.tolerations).toEqual(list);
    const own = { [`${prefix}defaultTolerations`]: "" };
    expect((await create(own, {}, {}, cluster)).object.spec.tolerations).toBeUndefined();
    const other = { tolerations: [{ key: "l", operator: "Exists" }] };
    expect((await create({}, other, {}, cluster)).error?.message).toMatch(
      /conflict with its cluster whitelist$/,
    );
    expect(() => readClusterTolerations({ kind: "Configuration" })).toThrow("no kind");
  });
});
