import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateIpAddress, validateIpAddressUpdate } from "./ip-address.ts";

type IPAddress = ObjectOf<"io.k8s.api.networking.v1.IPAddress">;

const valid = {
  metadata: { name: "10.9.0.1", resourceVersion: "1" },
  spec: { parentRef: { group: "x.io", resource: "services", namespace: "n", name: "s" } },
} as unknown as IPAddress;

// The answers of kube-apiserver 1.36.3.
describe("IPAddress", () => {
  it("takes what upstream takes: 10.9.0.1", () => {
    expect(validateIpAddress(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.parentRef: Required value"]],
    [
      "/spec/parentRef",
      { "Bad Key!": "x.io" },
      ["spec.parentRef.resource: Required value", "spec.parentRef.name: Required value"],
    ],
    [
      "/spec/parentRef/group",
      "Bad_Value!",
      [
        "spec.parentRef.group: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/parentRef/resource", undefined, ["spec.parentRef.resource: Required value"]],
    [
      "/spec/parentRef/resource",
      "10.0.0.5/8",
      ["spec.parentRef.resource: Invalid value: \"10.0.0.5/8\": may not contain '/'"],
    ],
    [
      "/spec/parentRef/namespace",
      "10.0.0.5/8",
      ["spec.parentRef.namespace: Invalid value: \"10.0.0.5/8\": may not contain '/'"],
    ],
    ["/spec/parentRef/name", undefined, ["spec.parentRef.name: Required value"]],
    [
      "/spec/parentRef/name",
      "10.0.0.5/8",
      ["spec.parentRef.name: Invalid value: \"10.0.0.5/8\": may not contain '/'"],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateIpAddress(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      ["spec.parentRef: Required value", "spec.parentRef: Invalid value: null: field is immutable"],
    ],
    [
      "/spec/parentRef",
      { "Bad Key!": "x.io" },
      [
        "spec.parentRef.resource: Required value",
        "spec.parentRef.name: Required value",
        'spec.parentRef: Invalid value: {"Group":"","Resource":"","Namespace":"","Name":""}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/group",
      undefined,
      [
        'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"n","Name":"s"}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/group",
      "Bad_Value!",
      [
        "spec.parentRef.group: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.parentRef: Invalid value: {"Group":"Bad_Value!","Resource":"services","Namespace":"n","Name":"s"}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/resource",
      undefined,
      [
        "spec.parentRef.resource: Required value",
        'spec.parentRef: Invalid value: {"Group":"x.io","Resource":"","Namespace":"n","Name":"s"}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/resource",
      "10.0.0.5/8",
      [
        "spec.parentRef.resource: Invalid value: \"10.0.0.5/8\": may not contain '/'",
        'spec.parentRef: Invalid value: {"Group":"x.io","Resource":"10.0.0.5/8","Namespace":"n","Name":"s"}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/namespace",
      "10.0.0.5/8",
      [
        "spec.parentRef.namespace: Invalid value: \"10.0.0.5/8\": may not contain '/'",
        'spec.parentRef: Invalid value: {"Group":"x.io","Resource":"services","Namespace":"10.0.0.5/8","Name":"s"}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/name",
      undefined,
      [
        "spec.parentRef.name: Required value",
        'spec.parentRef: Invalid value: {"Group":"x.io","Resource":"services","Namespace":"n","Name":""}: field is immutable',
      ],
    ],
    [
      "/spec/parentRef/name",
      "10.0.0.5/8",
      [
        "spec.parentRef.name: Invalid value: \"10.0.0.5/8\": may not contain '/'",
        'spec.parentRef: Invalid value: {"Group":"x.io","Resource":"services","Namespace":"n","Name":"10.0.0.5/8"}: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateIpAddressUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
