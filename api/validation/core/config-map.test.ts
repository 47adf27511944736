import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateConfigMap, validateConfigMapUpdate } from "./config-map.ts";

type ConfigMap = ObjectOf<"io.k8s.api.core.v1.ConfigMap">;

const valid = {
  metadata: { name: "cm", namespace: "default", resourceVersion: "1" },
  immutable: true,
  data: { a: "1", "b.c": "2" },
  binaryData: { x: "AAEC" },
} as unknown as ConfigMap;

// The answers of kube-apiserver 1.36.3.
describe("ConfigMap", () => {
  it("takes what upstream takes: cm", () => {
    expect(validateConfigMap(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/data",
      { "Bad Key!": "1" },
      [
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "/data",
      { "a/b/c": "1" },
      [
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "/binaryData",
      { "Bad Key!": "AAEC" },
      [
        "binaryData[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "/binaryData",
      { "a/b/c": "AAEC" },
      [
        "binaryData[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateConfigMap(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/immutable", undefined, ["immutable: Forbidden: field is immutable when `immutable` is set"]],
    ["/data", undefined, ["data: Forbidden: field is immutable when `immutable` is set"]],
    [
      "/data",
      { "Bad Key!": "1" },
      [
        "data: Forbidden: field is immutable when `immutable` is set",
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "/data",
      { "a/b/c": "1" },
      [
        "data: Forbidden: field is immutable when `immutable` is set",
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    ["/binaryData", undefined, ["binaryData: Forbidden: field is immutable when `immutable` is set"]],
    [
      "/binaryData",
      { "Bad Key!": "AAEC" },
      [
        "binaryData: Forbidden: field is immutable when `immutable` is set",
        "binaryData[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "/binaryData",
      { "a/b/c": "AAEC" },
      [
        "binaryData: Forbidden: field is immutable when `immutable` is set",
        "binaryData[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateConfigMapUpdate(corrupted(valid, pointer, value), valid));
    expect(problemsOfChange).toEqual(expected);
  });
});
