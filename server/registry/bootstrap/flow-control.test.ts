import { describe, expect, test } from "vitest";
import {
  bootstrapFlowControl,
  type FlowControlObject,
  flowControlAutoUpdateAnnotation,
  isUnwantedFlowControl,
  reconcileFlowControl,
} from "./flow-control.ts";

const find = (kind: string, name: string): FlowControlObject =>
  bootstrapFlowControl().find(({ object }) => object.kind === kind && object.metadata.name === name)!.object;

const system = find("PriorityLevelConfiguration", "system");
const edited = (annotation: string | undefined, generation: number): FlowControlObject => ({
  ...system,
  metadata: {
    name: "system",
    generation,
    ...(annotation === undefined ? {} : { annotations: { [flowControlAutoUpdateAnnotation]: annotation } }),
  },
  spec: { ...system.spec, limited: {} },
});

describe("a suggested object whose spec differs", () => {
  test.each([
    ["annotated true", edited("true", 7), { spec: system.spec, annotation: "true" }],
    ["annotated false", edited("false", 1), undefined],
    ["not annotated, never edited", edited(undefined, 1), { spec: system.spec, annotation: "true" }],
    ["not annotated, edited", edited(undefined, 2), { spec: edited("", 2).spec, annotation: "false" }],
    ["annotated nonsense, edited", edited("maybe", 2), { spec: edited("", 2).spec, annotation: "false" }],
  ])("%s", (_, existing, expected) => {
    const result = reconcileFlowControl(existing, system, false);
    if (!expected) return expect(result).toEqual({ action: "none" });
    expect(result).toMatchObject({
      action: "update",
      object: {
        spec: expected.spec,
        metadata: { annotations: { [flowControlAutoUpdateAnnotation]: expected.annotation } },
      },
    });
  });
});

test("a mandatory object follows the server whatever its annotation says", () => {
  expect(reconcileFlowControl(edited("false", 3), system, true)).toMatchObject({
    action: "update",
    object: { spec: system.spec },
  });
});

test("the shares of the exempt level are left to the administrator", () => {
  const exempt = find("PriorityLevelConfiguration", "exempt");
  const shares = { nominalConcurrencyShares: 9, lendablePercent: 3 };
  const existing = { ...exempt, spec: { ...exempt.spec, exempt: shares } };
  expect(reconcileFlowControl(existing, exempt, true)).toEqual({ action: "none" });
});

test("an object of an older release goes only while it follows the server", () => {
  const old = (value?: string): FlowControlObject => ({
    kind: "FlowSchema",
    metadata: {
      name: "old",
      ...(value ? { annotations: { [flowControlAutoUpdateAnnotation]: value } } : {}),
    },
    spec: {},
  });
  expect([old("true"), old("false"), old("?"), old(), system].map(isUnwantedFlowControl)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
