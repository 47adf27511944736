import { describe, expect, test } from "vitest";
import { defaultFeatureGates, knownFeatureGates, parseFeatureGates } from "./feature-gates.ts";

describe("feature gates", () => {
  test("defaults are those of 1.36, and an unknown name is a mistake of the caller", () => {
    const gates = defaultFeatureGates();
    expect(gates.enabled("SidecarContainers")).toBe(true);
    expect(gates.enabled("CBORServingAndStorage")).toBe(false);
    expect(gates.enabled("AllAlpha")).toBe(false);
    expect(knownFeatureGates).toHaveLength(240);
    expect(() => gates.enabled("NoSuchGate")).toThrow(RangeError);
    expect(() => gates.enabled("__proto__")).toThrow(RangeError);
  });

  test("a flag sets gates, with and without the component's name, and may be repeated", () => {
    expect(parseFeatureGates("HPAScaleToZero=true, WatchList=F").enabled("HPAScaleToZero")).toBe(true);
    expect(parseFeatureGates("HPAScaleToZero=true, WatchList=F").enabled("WatchList")).toBe(false);
    expect(parseFeatureGates(["kube:HPAScaleToZero=1", "kube:PodsAPI=t"]).enabled("PodsAPI")).toBe(true);
    expect(parseFeatureGates("").enabled("HPAScaleToZero")).toBe(false);
  });

  test("AllAlpha and AllBeta set what is not set by name", () => {
    const gates = parseFeatureGates("AllAlpha=true,HPAScaleToZero=false,AllBeta=true");
    expect(gates.enabled("PodsAPI")).toBe(true);
    expect(gates.enabled("HPAScaleToZero")).toBe(false);
    expect(gates.enabled("KubeletPSI")).toBe(true);
    expect(gates.enabled("AllAlpha")).toBe(true);
  });

  test.each([
    ["Foo=true", "unrecognized feature gate: Foo"],
    ["=true", "unrecognized feature gate: "],
    ["AllAlpha", "missing bool value for AllAlpha"],
    ["AllAlpha=x", 'invalid value of AllAlpha=x, err: strconv.ParseBool: parsing "x": invalid syntax'],
    ["A=true=b", 'invalid value of A=true=b, err: strconv.ParseBool: parsing "true=b": invalid syntax'],
    ["foo:Bar=true", "component not registered: foo"],
    [
      "A=true,kube:B=true",
      "set kube feature gates with default empty prefix or kube: prefix consistently, do not mix use",
    ],
    [
      "OrderedNamespaceDeletion=false",
      "cannot set feature gate OrderedNamespaceDeletion to false, feature is locked to true",
    ],
    [
      "OrderedNamespaceDeletion=false,DynamicResourceAllocation=false",
      "[cannot set feature gate OrderedNamespaceDeletion to false, feature is locked to true, cannot set feature gate DynamicResourceAllocation to false, feature is locked to true]",
    ],
    [
      "PodLevelResources=false,InPlacePodLevelResourcesVerticalScaling=true,PodLevelResourceManagers=false",
      "InPlacePodLevelResourcesVerticalScaling is enabled, but depends on features that are disabled: [PodLevelResources]",
    ],
  ])("%s is refused in upstream's words", (flag, message) => {
    expect(() => parseFeatureGates(flag)).toThrow(expect.objectContaining({ message }));
  });
});
