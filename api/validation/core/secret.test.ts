import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateSecret, validateSecretUpdate } from "./secret.ts";

type Secret = ObjectOf<"io.k8s.api.core.v1.Secret">;

const valid = {
  metadata: { name: "secret", namespace: "default", resourceVersion: "1" },
  immutable: false,
  data: { password: "Yg==", username: "YQ==", x: "aGVsbG8=" },
  type: "kubernetes.io/basic-auth",
} as unknown as Secret;

const other = {
  metadata: { name: "docker", namespace: "default", resourceVersion: "1" },
  data: { ".dockerconfigjson": "e30=" },
  type: "kubernetes.io/dockerconfigjson",
} as unknown as Secret;

const third = {
  metadata: { name: "tls", namespace: "default", resourceVersion: "1" },
  data: { "tls.crt": "YQ==", "tls.key": "Yg==" },
  type: "kubernetes.io/tls",
} as unknown as Secret;

const fourth = {
  metadata: { name: "ssh", namespace: "default", resourceVersion: "1" },
  data: { "ssh-privatekey": "YQ==" },
  type: "kubernetes.io/ssh-auth",
} as unknown as Secret;

// The answers of kube-apiserver 1.36.3.
describe("Secret", () => {
  it("takes what upstream takes: secret", () => {
    expect(validateSecret(valid)).toEqual([]);
  });

  it.each<Corruption>([
    ["/data", undefined, ["data[username]: Required value", "data[password]: Required value"]],
    [
      "/data",
      { "Bad Key!": "Yg==" },
      [
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[username]: Required value",
        "data[password]: Required value",
      ],
    ],
    [
      "/data",
      { "a/b/c": "Yg==" },
      [
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[username]: Required value",
        "data[password]: Required value",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateSecret(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([["/type", "Bad_Value!", ['type: Invalid value: "Bad_Value!": field is immutable']]])(
    "%s changed to %j",
    (pointer, value, expected) => {
      const problemsOfChange = problems(validateSecretUpdate(corrupted(valid, pointer, value), valid));
      expect(problemsOfChange).toEqual(expected);
    },
  );

  it("takes what upstream takes: docker (2)", () => {
    expect(validateSecret(other)).toEqual([]);
  });

  it.each<Corruption>([
    ["/data", undefined, ["data[.dockerconfigjson]: Required value"]],
    [
      "/data",
      { "Bad Key!": "e30=" },
      [
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[.dockerconfigjson]: Required value",
      ],
    ],
    [
      "/data",
      { "a/b/c": "e30=" },
      [
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[.dockerconfigjson]: Required value",
      ],
    ],
    [
      "/data/.dockerconfigjson",
      "",
      ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
    ],
    [
      "/data/.dockerconfigjson",
      "ReadWriteOncePod",
      [
        "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'E' looking for beginning of value",
      ],
    ],
    [
      "/data/.dockerconfigjson",
      "ExternalName",
      [
        "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character '\\x13' looking for beginning of value",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateSecret(corrupted(other, pointer, value)))).toEqual(expected);
  });

  it("takes what upstream takes: tls (3)", () => {
    expect(validateSecret(third)).toEqual([]);
  });

  it.each<Corruption>([
    ["/data", undefined, ["data[tls.crt]: Required value", "data[tls.key]: Required value"]],
    [
      "/data",
      { "Bad Key!": "YQ==" },
      [
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[tls.crt]: Required value",
        "data[tls.key]: Required value",
      ],
    ],
    [
      "/data",
      { "a/b/c": "YQ==" },
      [
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[tls.crt]: Required value",
        "data[tls.key]: Required value",
      ],
    ],
    ["/data/tls.crt", undefined, ["data[tls.crt]: Required value"]],
    ["/data/tls.key", undefined, ["data[tls.key]: Required value"]],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateSecret(corrupted(third, pointer, value)))).toEqual(expected);
  });

  it("takes what upstream takes: ssh (4)", () => {
    expect(validateSecret(fourth)).toEqual([]);
  });

  it.each<Corruption>([
    ["/data", undefined, ["data[ssh-privatekey]: Required value"]],
    [
      "/data",
      { "Bad Key!": "YQ==" },
      [
        "data[Bad Key!]: Invalid value: \"Bad Key!\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[ssh-privatekey]: Required value",
      ],
    ],
    [
      "/data",
      { "a/b/c": "YQ==" },
      [
        "data[a/b/c]: Invalid value: \"a/b/c\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[ssh-privatekey]: Required value",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateSecret(corrupted(fourth, pointer, value)))).toEqual(expected);
  });
});
