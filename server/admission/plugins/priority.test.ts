import { describe, expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { admitted, gates, named, objectsOf } from "../testing.ts";
import { priority } from "./priority.ts";

const classes = [
  named("high", { value: 1000, preemptionPolicy: "Never" }),
  named("low", { value: 5, preemptionPolicy: "PreemptLowerPriority" }),
];
const pluginWith = (more: readonly object[] = [], own = gates) =>
  priority(objectsOf({ "priorityclasses.scheduling.k8s.io": [...classes, ...more] }), own);
const pod = (spec: object) => named("p", { spec });
const create = (spec: object, plugin = pluginWith()) =>
  admitted(plugin, { resource: "pods", object: pod(spec) });

describe("new pods", () => {
  test("get number and policy of their class, or of the default one", async () => {
    const own = await create({ priorityClassName: "high" });
    expect(own.object.spec).toEqual({ priorityClassName: "high", priority: 1000, preemptionPolicy: "Never" });
    const none = await create({});
    expect(none.object.spec).toEqual({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
    const defaults = [
      named("b", { value: 9, globalDefault: true }),
      named("c", { value: 7, globalDefault: true, preemptionPolicy: "Never" }),
    ];
    const { object } = await create({}, pluginWith(defaults));
    expect(object.spec).toEqual({ priorityClassName: "c", priority: 7, preemptionPolicy: "Never" });
  });

  test("may not say what contradicts their class", async () => {
    const message = async (spec: object) => (await create(spec)).error?.message;
    const start = 'pods "p" is forbidden: ';
    expect(await message({ priorityClassName: "none" })).toBe(
      `${start}no PriorityClass with name none was found`,
    );
    expect(await message({ priorityClassName: "high", priority: 7 })).toBe(
      `${start}the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name`,
    );
    expect(await message({ priorityClassName: "low", preemptionPolicy: "Never" })).toBe(
      `${start}the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name`,
    );
  });
});

test("an update that leaves the priority out keeps it", async () => {
  const old = pod({ priority: 5, preemptionPolicy: "Never" });
  const write = { resource: "pods", object: pod({}), oldObject: old };
  expect((await admitted(pluginWith(), write)).object.spec).toEqual(old.spec);
});

test("only one class is the default", async () => {
  const plugin = pluginWith([named("first", { value: 1, globalDefault: true })]);
  const write = (name: string, more: object = {}) =>
    admitted(plugin, {
      group: "scheduling.k8s.io",
      resource: "priorityclasses",
      object: named(name, { value: 2, globalDefault: true }),
      ...more,
    });
  const message =
    'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass first is already marked as default. Only one default can exist';
  expect((await write("second")).error).toMatchObject({ code: 403, message });
  expect((await write("second", { oldObject: named("second") })).error).toMatchObject({ message });
  expect((await write("first", { oldObject: named("first") })).error).toBeUndefined();
});

test("groups of pods get a priority where preemption knows of them", async () => {
  const on = parseFeatureGates("GenericWorkload=true,GangScheduling=true,WorkloadAwarePreemption=true");
  const write = {
    group: "scheduling.k8s.io",
    resource: "podgroups",
    object: pod({ priorityClassName: "high" }),
  };
  expect((await admitted(pluginWith([], on), write)).object.spec.priority).toBe(1000);
  expect((await admitted(pluginWith(), write)).object.spec.priority).toBeUndefined();
  const wrong = { ...write, object: pod({ priorityClassName: "high", priority: 1 }) };
  expect((await admitted(pluginWith([], on), wrong)).error?.message).toContain(
    "priority set in the pod group (1) must match the priority computed (1000)",
  );
});
