import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import {
  validateVolumeAttributesClass,
  validateVolumeAttributesClassUpdate,
} from "./volume-attributes-class.ts";

type VolumeAttributesClass = ObjectOf<"io.k8s.api.storage.v1.VolumeAttributesClass">;

const valid = {
  metadata: { name: "vac", resourceVersion: "1" },
  driverName: "d.example.com",
  parameters: { a: "b" },
} as unknown as VolumeAttributesClass;

// The answers of kube-apiserver 1.36.3.
describe("VolumeAttributesClass", () => {
  it("takes what upstream takes: vac", () => {
    expect(validateVolumeAttributesClass(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/driverName", undefined, ["driverName: Required value"]],
    [
      "/driverName",
      "Bad_Value!",
      [
        "driverName: Invalid value: \"bad_value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/driverName",
      "a/b/c",
      [
        "driverName: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/driverName",
      "../x",
      [
        "driverName: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/driverName",
      "x".repeat(64),
      [
        'driverName: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    ["/parameters", undefined, ["parameters: Required value: must contain at least one key/value pair"]],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateVolumeAttributesClass(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/driverName",
      undefined,
      ["driverName: Forbidden: updates to driverName are forbidden.", "driverName: Required value"],
    ],
    [
      "/driverName",
      "Bad_Value!",
      [
        "driverName: Forbidden: updates to driverName are forbidden.",
        "driverName: Invalid value: \"bad_value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    ["/driverName", "a.b", ["driverName: Forbidden: updates to driverName are forbidden."]],
    [
      "/driverName",
      "a/b/c",
      [
        "driverName: Forbidden: updates to driverName are forbidden.",
        "driverName: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/driverName",
      "../x",
      [
        "driverName: Forbidden: updates to driverName are forbidden.",
        "driverName: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/driverName",
      "x".repeat(64),
      [
        "driverName: Forbidden: updates to driverName are forbidden.",
        'driverName: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/parameters",
      undefined,
      [
        "parameters: Forbidden: updates to parameters are forbidden.",
        "parameters: Required value: must contain at least one key/value pair",
      ],
    ],
    ["/parameters", { "Bad Key!": "b" }, ["parameters: Forbidden: updates to parameters are forbidden."]],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateVolumeAttributesClassUpdate(corrupted(valid, pointer, value), valid),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
