import { describe, expect, test } from "vitest";
import { defaultPodSecurity } from "../pod-security/configuration.ts";
import { admitted, named, objectsOf } from "../testing.ts";
import { podSecurity } from "./pod-security.ts";

const labelled = (name: string, labels: Record<string, string>) => ({
  metadata: {
    name,
    labels: Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
    ),
  },
});
const privileged = { containers: [{ name: "c", image: "i", securityContext: { privileged: true } }] };
const harmless = { containers: [{ name: "c", image: "i" }] };
const pods = [
  named("b", { spec: privileged }, { namespace: "strict" }),
  named("a", { spec: { ...privileged, hostNetwork: true } }, { namespace: "strict" }),
  named("d", { spec: privileged }, { namespace: "strict" }),
  named("e", { spec: { ...privileged, runtimeClassName: "free" } }, { namespace: "strict" }),
];
const objects = objectsOf({
  namespaces: [
    labelled("open", {}),
    labelled("strict", { enforce: "baseline" }),
    labelled("warning", { warn: "baseline" }),
  ],
  pods,
});
const exemptions = { namespaces: ["exempt"], usernames: ["root"], runtimeClasses: ["free"] };
const plugin = podSecurity(objects, { ...defaultPodSecurity, exemptions });
const detail = 'privileged (container "c" must not set securityContext.privileged=true)';

describe("pods", () => {
  const create = (namespace: string, spec: object, more: object = {}) =>
    admitted(plugin, { resource: "pods", namespace, object: named("p", { spec }), ...more });

  test("are refused where their namespace enforces a level", async () => {
    const message = `pods "p" is forbidden: violates PodSecurity "baseline:latest": ${detail}`;
    expect((await create("strict", privileged)).error).toMatchObject({ code: 403, message });
    expect((await create("strict", harmless)).error).toBeUndefined();
    expect((await create("open", privileged)).error).toBeUndefined();
    expect((await create("none", privileged)).error?.code).toBe(500);
  });

  test("are warned of where it warns", async () => {
    const { error, warnings } = await create("warning", privileged);
    expect(error).toBeUndefined();
    expect(warnings).toEqual([`would violate PodSecurity "baseline:latest": ${detail}`]);
  });

  test("may be exempt by namespace, user and runtime class", async () => {
    expect((await create("exempt", privileged)).error).toBeUndefined();
    expect(
      (await create("strict", privileged, { user: { name: "root", groups: [] } })).error,
    ).toBeUndefined();
    expect((await create("strict", { ...privileged, runtimeClassName: "free" })).error).toBeUndefined();
  });

  test("are checked again when containers come or images change", async () => {
    const update = async (spec: object, subresource = "") => {
      const write = { subresource, oldObject: named("p", { spec: privileged }) };
      return (await create("strict", spec, write)).error?.code;
    };
    expect(await update({ ...privileged, hostNetwork: true })).toBeUndefined();
    expect(await update({ containers: [{ ...privileged.containers[0], image: "j" }] })).toBe(403);
    expect(await update({ ...privileged, ephemeralContainers: [{ name: "e" }] }, "ephemeralcontainers")).toBe(
      403,
    );
    expect(await update({ ...privileged, ephemeralContainers: [{ name: "e" }] }, "status")).toBeUndefined();
  });
});

describe("templates of pods", () => {
  const templates: [string, string, object][] = [
    ["", "podtemplates", { template: { spec: privileged } }],
    ["", "replicationcontrollers", { spec: { template: { spec: privileged } } }],
    ["apps", "deployments", { spec: { template: { spec: privileged } } }],
    ["batch", "cronjobs", { spec: { jobTemplate: { spec: { template: { spec: privileged } } } } }],
  ];
  test.each(templates)("%s %s: a warning", async (group, resource, object) => {
    const { error, warnings } = await admitted(plugin, {
      group,
      resource,
      namespace: "strict",
      object: named("t", object),
    });
    expect(error).toBeUndefined();
    expect(warnings).toEqual([`would violate PodSecurity "baseline:latest": ${detail}`]);
  });

  test("a controller without one is fine", async () => {
    const object = named("t", { spec: {} });
    expect(
      (await admitted(plugin, { resource: "replicationcontrollers", namespace: "strict", object })).warnings,
    ).toEqual([]);
  });
});

describe("namespaces", () => {
  const write = (name: string, labels: Record<string, string>, old?: Record<string, string>) =>
    admitted(plugin, {
      resource: "namespaces",
      namespace: name,
      object: labelled(name, labels),
      ...(old ? { oldObject: labelled(name, old) } : {}),
    });

  test("need valid labels, if they are new", async () => {
    const wrong = { enforce: "x" };
    const { error } = await write("n", wrong);
    expect(error).toMatchObject({ code: 422, reason: "Invalid" });
    expect(error?.message).toBe(
      'Namespace "n" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted',
    );
    expect((await write("n", wrong, wrong)).error).toBeUndefined();
    expect((await write("n", { ...wrong, audit: "y" }, wrong)).error?.code).toBe(422);
  });

  test("that become stricter tell which pods are not", async () => {
    expect((await write("strict", { enforce: "baseline" }, {})).warnings).toEqual([
      'existing pods in namespace "strict" violate the new PodSecurity enforce level "baseline:latest"',
      "a: host namespaces, privileged",
      "b (and 1 other pod): privileged",
    ]);
    expect((await write("strict", { enforce: "baseline" }, { enforce: "restricted" })).warnings).toEqual([]);
    expect((await write("strict", {}, { enforce: "restricted" })).warnings).toEqual([]);
  });

  test("that are exempt are told that labels mean nothing", async () => {
    const warning =
      'namespace "exempt" is exempt from Pod Security, and the policy (enforce=baseline:latest, warn=restricted:v1.2) will be ignored';
    const labels = { enforce: "baseline", warn: "restricted", "warn-version": "v1.2" };
    expect((await write("exempt", labels)).warnings).toEqual([warning]);
    expect((await write("exempt", labels, {})).warnings).toEqual([warning]);
    expect((await write("exempt", {})).warnings).toEqual([]);
  });
});
