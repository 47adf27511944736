import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateNamespace, validateNamespaceFinalize, validateNamespaceStatusUpdate } from "./namespace.ts";

type Namespace = ObjectOf<"io.k8s.api.core.v1.Namespace">;

const valid = {
  metadata: { name: "ns", resourceVersion: "1" },
  spec: { finalizers: ["example.com/f", "kubernetes"] },
  status: { phase: "Active" },
} as unknown as Namespace;

const validStatus = {
  ...valid,
  status: {
    phase: "Active",
    conditions: [
      { type: "NamespaceContentRemaining", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ],
  },
} as unknown as Namespace;

const validFinalize = { ...valid, spec: { finalizers: ["kubernetes", "x.io/y"] } } as unknown as Namespace;

// The answers of kube-apiserver 1.36.3.
describe("Namespace", () => {
  it("takes what upstream takes: ns", () => {
    expect(validateNamespace(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/finalizers/0",
      "",
      [
        'spec.finalizers: Invalid value: "": name part must be non-empty',
        "spec.finalizers: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.finalizers: Invalid value: "": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "Bad_Value!",
      [
        "spec.finalizers: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.finalizers: Invalid value: "Bad_Value!": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "a.b",
      [
        'spec.finalizers: Invalid value: "a.b": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "a/b/c",
      [
        "spec.finalizers: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/finalizers/0",
      "../x",
      [
        "spec.finalizers: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/finalizers/0",
      "x".repeat(64),
      [
        'spec.finalizers: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
        'spec.finalizers: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateNamespace(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/phase",
      "Bad_Value!",
      ["status.Phase: Invalid value: \"Bad_Value!\": may only be 'Active' if `deletionTimestamp` is empty"],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validateNamespaceStatusUpdate(changed, valid))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/finalizers/0",
      "",
      [
        'spec.finalizers[0]: Invalid value: "": name part must be non-empty',
        "spec.finalizers[0]: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.finalizers[0]: Invalid value: "": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "Bad_Value!",
      [
        "spec.finalizers[0]: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.finalizers[0]: Invalid value: "Bad_Value!": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "a.b",
      [
        'spec.finalizers[0]: Invalid value: "a.b": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      "/spec/finalizers/0",
      "a/b/c",
      [
        "spec.finalizers[0]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/finalizers/0",
      "../x",
      [
        "spec.finalizers[0]: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/finalizers/0",
      "x".repeat(64),
      [
        'spec.finalizers[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
        'spec.finalizers[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
  ])("finalize: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validFinalize, pointer, value);
    expect(problems(validateNamespaceFinalize(changed, valid))).toEqual(expected);
  });
});
