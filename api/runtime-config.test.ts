import { describe, expect, test } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "./feature-gates.ts";
import { compareKubeVersions } from "./group-versions.ts";
import { defaultRuntimeConfig, enabledResources, parseRuntimeConfig } from "./runtime-config.ts";
import { loadTables } from "./schema/tables.ts";

const { resources } = loadTables();
const gates = defaultFeatureGates();

function count(flag: string, features = gates): number {
  const enabled = enabledResources(resources, { runtimeConfig: parseRuntimeConfig(flag), gates: features });
  return enabled.reduce((total, { subresources }) => total + 1 + subresources.size, 0);
}

describe("what is served", () => {
  test("as many resources and subresources as by upstream's server", () => {
    expect(count("")).toBe(113);
    expect(count("api/all=true")).toBe(141);
    expect(count("api/all=true", parseFeatureGates("AllAlpha=true,AllBeta=true"))).toBe(150);
  });

  test("stable versions are on by default, beta and alpha ones are not", () => {
    const config = defaultRuntimeConfig();
    expect(config.enabled("", "v1", "pods")).toBe(true);
    expect(config.enabled("networking.k8s.io", "v1beta1", "ipaddresses")).toBe(false);
    expect(config.enabled("internal.apiserver.k8s.io", "v1alpha1", "storageversions")).toBe(false);
    expect(config.enabled("__proto__", "v1", "pods")).toBe(false);
  });

  test("a version goes before api/…, a resource before its version", () => {
    const config = parseRuntimeConfig(
      "apps/v1/deployments,apps/v1=false,api/beta=true,networking.k8s.io/v1beta1=0",
    );
    expect(config.enabled("apps", "v1", "deployments")).toBe(true);
    expect(config.enabled("apps", "v1", "daemonsets")).toBe(false);
    expect(config.enabled("resource.k8s.io", "v1beta2", "deviceclasses")).toBe(true);
    expect(config.enabled("networking.k8s.io", "v1beta1", "ipaddresses")).toBe(false);
  });

  test("the core group is v1, /v1 and api/v1", () => {
    for (const key of ["v1", "/v1", "api/v1", "v1/"]) {
      expect(parseRuntimeConfig(`${key}=false`).enabled("", "v1", "pods")).toBe(false);
    }
  });

  test("a gate takes its resource with it", () => {
    const off = parseFeatureGates("ClusterTrustBundle=true");
    const names = enabledResources(resources, {
      runtimeConfig: parseRuntimeConfig("api/all=true"),
      gates: off,
    });
    expect(names.some(({ resource }) => resource === "clustertrustbundles")).toBe(true);
    expect(names.some(({ resource }) => resource === "podcertificaterequests")).toBe(false);
  });
});

describe("mistakes in --runtime-config are told in upstream's words", () => {
  const [notLowercase] = [
    "invalid key apps/v1/Deployments: group/version/resource and resource is always lowercase plural",
  ];
  test.each([
    ["api/beta", "invalid value api/beta="],
    ["api/beta=x", "invalid value api/beta=x"],
    [
      "api/all=false",
      "[--runtime-config=api/all=false conflicts with --enable-priority-and-fairness=true, invalid runtime-config with only api/all=false]",
    ],
    [
      "api/all=false,apps/v1=true",
      "--runtime-config=api/all=false conflicts with --enable-priority-and-fairness=true",
    ],
    ["foo/v1=true,bar/v2=true", "unknown api groups bar/v2,foo/v1"],
    ["apps/v9=true", "group version apps/v9 that has not been registered"],
    ["apps/v1/Deployments=true", `${notLowercase}, not "Deployments"`],
    [
      "apps/v1=maybe",
      'invalid value of apps/v1: maybe, err: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ["apiregistration.k8s.io/v1=false", "API group/version apiregistration.k8s.io/v1 must be enabled"],
    ["a/b/c/d=true", "runtime-config invalid key a/b/c/d"],
    ["apps=true", "runtime-config invalid key apps"],
    ["=true", "runtime-config invalid key "],
  ])("%s", (flag, message) => {
    expect(() => parseRuntimeConfig(flag)).toThrow(expect.objectContaining({ message }));
  });
});

test("versions are ordered by stability, then by number, then by name", () => {
  const sorted = [
    "v10",
    "v2",
    "v1",
    "v11beta2",
    "v10beta3",
    "v3beta1",
    "v12alpha1",
    "v11alpha2",
    "foo1",
    "foo10",
  ];
  expect(sorted.toReversed().sort(compareKubeVersions)).toEqual(sorted);
});
