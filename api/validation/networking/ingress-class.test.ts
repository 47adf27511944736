import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateIngressClass, validateIngressClassUpdate } from "./ingress-class.ts";

type IngressClass = ObjectOf<"io.k8s.api.networking.v1.IngressClass">;

const valid = {
  metadata: { name: "ic", resourceVersion: "1" },
  spec: {
    controller: "example.com/ctrl",
    parameters: { apiGroup: "x.io", kind: "K", name: "n", scope: "Namespace", namespace: "ns" },
  },
} as unknown as IngressClass;

// The answers of kube-apiserver 1.36.3.
describe("IngressClass", () => {
  it("takes what upstream takes: ic", () => {
    expect(validateIngressClass(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.controller: Required value"]],
    [
      "/spec/controller",
      "Bad_Value!",
      [
        'spec.controller: Invalid value: "Bad_Value!": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    ],
    [
      "/spec/controller",
      "../x",
      [
        "spec.controller: Invalid value: \"..\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/parameters/apiGroup",
      "",
      [
        "spec.parameters.apiGroup: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/parameters/kind", undefined, ["spec.parameters.kind: Required value"]],
    [
      "/spec/parameters/kind",
      "10.0.0.5/8",
      ["spec.parameters.kind: Invalid value: \"10.0.0.5/8\": may not contain '/'"],
    ],
    ["/spec/parameters/name", undefined, ["spec.parameters.name: Required value"]],
    [
      "/spec/parameters/name",
      "10.0.0.5/8",
      ["spec.parameters.name: Invalid value: \"10.0.0.5/8\": may not contain '/'"],
    ],
    [
      "/spec/parameters/scope",
      "",
      ['spec.parameters.scope: Unsupported value: "": supported values: "Cluster", "Namespace"'],
    ],
    [
      "/spec/parameters/scope",
      "Cluster",
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
    [
      "/spec/parameters/namespace",
      undefined,
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      "/spec/parameters/namespace",
      "",
      [
        "spec.parameters.namespace: Invalid value: \"\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/spec/parameters/namespace",
      "a.b",
      ['spec.parameters.namespace: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "/spec/parameters/namespace",
      "x".repeat(64),
      [
        'spec.parameters.namespace: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateIngressClass(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      ['spec.controller: Invalid value: "": field is immutable', "spec.controller: Required value"],
    ],
    [
      "/spec/controller",
      "Bad_Value!",
      [
        'spec.controller: Invalid value: "Bad_Value!": field is immutable',
        'spec.controller: Invalid value: "Bad_Value!": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    ],
    ["/spec/controller", "10.0.0.5/8", ['spec.controller: Invalid value: "10.0.0.5/8": field is immutable']],
    [
      "/spec/controller",
      "../x",
      [
        'spec.controller: Invalid value: "../x": field is immutable',
        "spec.controller: Invalid value: \"..\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateIngressClassUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
