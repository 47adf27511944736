import { describe, expect, it } from "vitest";
import { deprecationWarning } from "./deprecated-kinds.ts";

describe("deprecationWarning", () => {
  it.each([
    ["", "v1", "Endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
    ["", "v1", "ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+"],
    [
      "networking.k8s.io",
      "v1beta1",
      "IPAddress",
      "networking.k8s.io/v1beta1 IPAddress is deprecated in v1.34+, unavailable in v1.37+",
    ],
    [
      "storage.k8s.io",
      "v1beta1",
      "VolumeAttributesClass",
      "storage.k8s.io/v1beta1 VolumeAttributesClass is deprecated in v1.34+, unavailable in v1.37+; use storage.k8s.io/v1 VolumeAttributesClass",
    ],
    ["networking.k8s.io", "v1", "IPAddress", undefined],
  ])("of %s/%s %s", (group, version, kind, warning) => {
    expect(deprecationWarning({ group, version, kind })).toBe(warning);
  });
});
