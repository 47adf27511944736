import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateIngress, validateIngressStatusUpdate, validateIngressUpdate } from "./ingress.ts";

type Ingress = ObjectOf<"io.k8s.api.networking.v1.Ingress">;

const gates = defaultFeatureGates();

const valid = {
  metadata: {
    name: "ing",
    namespace: "default",
    annotations: { "kubernetes.io/ingress.class": "nginx" },
    resourceVersion: "1",
  },
  spec: {
    ingressClassName: "nginx",
    defaultBackend: { service: { name: "s", port: { number: 80 } } },
    tls: [{ hosts: ["a.example.com", "*.b.com"], secretName: "sec" }],
    rules: [
      {
        host: "a.example.com",
        http: {
          paths: [
            { path: "/a", pathType: "Prefix", backend: { service: { name: "s", port: { name: "web" } } } },
            {
              path: "/b",
              pathType: "ImplementationSpecific",
              backend: { resource: { apiGroup: "x.io", kind: "K", name: "n" } },
            },
          ],
        },
      },
      {
        host: "*.foo.com",
        http: {
          paths: [
            { path: "/x", pathType: "Exact", backend: { service: { name: "s", port: { number: 1 } } } },
          ],
        },
      },
    ],
  },
  status: { loadBalancer: {} },
} as unknown as Ingress;

const validStatus = {
  ...valid,
  status: {
    loadBalancer: {
      ingress: [
        { ip: "192.0.2.1", ports: [{ port: 80, protocol: "TCP", error: "x.io/E" }] },
        { hostname: "a.example.com" },
      ],
    },
  },
} as unknown as Ingress;

// The answers of kube-apiserver 1.36.3.
describe("Ingress", () => {
  it("takes what upstream takes: ing", () => {
    expect(validateIngress(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"]],
    [
      "/spec/ingressClassName",
      "",
      [
        "spec.ingressClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match `ingressClassName` when both are specified',
      ],
    ],
    [
      "/spec/ingressClassName",
      "a.b",
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match `ingressClassName` when both are specified',
      ],
    ],
    [
      "/spec/defaultBackend/service",
      undefined,
      ['spec.defaultBackend: Invalid value: "": resource or service backend is required'],
    ],
    ["/spec/defaultBackend/service/name", undefined, ["spec.defaultBackend.service.name: Required value"]],
    [
      "/spec/defaultBackend/service/name",
      "Bad_Value!",
      [
        "spec.defaultBackend.service.name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/spec/defaultBackend/service/name",
      "a.b",
      ['spec.defaultBackend.service.name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "/spec/defaultBackend/service/name",
      "x".repeat(64),
      [
        'spec.defaultBackend.service.name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/spec/defaultBackend/service/port",
      undefined,
      ["spec.defaultBackend: Required value: port name or number is required"],
    ],
    [
      "/spec/defaultBackend/service/port/number",
      -1,
      ["spec.defaultBackend.service.port.number: Invalid value: -1: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/tls/0/hosts/0",
      "",
      [
        "spec.tls[0].hosts[0]: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/tls/0/hosts/0",
      "*",
      [
        "spec.tls[0].hosts[0]: Invalid value: \"*\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/tls/0/secretName",
      "Bad_Value!",
      [
        "spec.tls[0].secretName: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/rules/0/host",
      "Bad_Value!",
      [
        "spec.rules[0].host: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/rules/0/host",
      "010.0.0.1",
      ['spec.rules[0].host: Invalid value: "010.0.0.1": must be a DNS name, not an IP address'],
    ],
    [
      "/spec/rules/0/host",
      "fd00::5",
      [
        'spec.rules[0].host: Invalid value: "fd00::5": must be a DNS name, not an IP address',
        "spec.rules[0].host: Invalid value: \"fd00::5\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/rules/0/host",
      "*",
      [
        "spec.rules[0].host: Invalid value: \"*\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["/spec/rules/0/http/paths", undefined, ["spec.rules[0].http.paths: Required value"]],
    [
      "/spec/rules/0/http/paths/0/path",
      undefined,
      ['spec.rules[0].http.paths[0].path: Invalid value: "": must be an absolute path'],
    ],
    [
      "/spec/rules/0/http/paths/0/pathType",
      undefined,
      ["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
    ],
    [
      "/spec/rules/0/http/paths/0/pathType",
      "",
      [
        'spec.rules[0].http.paths[0].pathType: Unsupported value: "": supported values: "Exact", "ImplementationSpecific", "Prefix"',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend",
      undefined,
      ['spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required'],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateIngress(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/ingressClassName",
      "",
      [
        "spec.ingressClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/name",
      undefined,
      ["spec.rules[0].http.paths[0].backend.service.name: Required value"],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/name",
      "Bad_Value!",
      [
        "spec.rules[0].http.paths[0].backend.service.name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/name",
      "a.b",
      ['spec.rules[0].http.paths[0].backend.service.name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/name",
      "x".repeat(64),
      [
        'spec.rules[0].http.paths[0].backend.service.name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port",
      undefined,
      ["spec.rules[0].http.paths[0].backend: Required value: port name or number is required"],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port/name",
      "Bad_Value!",
      [
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "Bad_Value!": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port/name",
      "-1",
      [
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "-1": must contain at least one letter (a-z)',
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "-1": must not begin or end with a hyphen',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port/name",
      "10.0.0.300",
      [
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "10.0.0.300": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "10.0.0.300": must contain at least one letter (a-z)',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port/name",
      "kubernetes.io/foo",
      [
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "kubernetes.io/foo": must be no more than 15 characters',
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "kubernetes.io/foo": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
    [
      "/spec/rules/0/http/paths/0/backend/service/port/name",
      "x".repeat(64),
      [
        'spec.rules[0].http.paths[0].backend.service.port.name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 15 characters',
      ],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource",
      { "Bad Key!": "x.io" },
      [
        "spec.rules[0].http.paths[1].backend.resource.kind: Required value",
        "spec.rules[0].http.paths[1].backend.resource.name: Required value",
      ],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource/apiGroup",
      "",
      [
        "spec.rules[0].http.paths[1].backend.resource.apiGroup: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource/kind",
      undefined,
      ["spec.rules[0].http.paths[1].backend.resource.kind: Required value"],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource/kind",
      "10.0.0.5/8",
      [
        "spec.rules[0].http.paths[1].backend.resource.kind: Invalid value: \"10.0.0.5/8\": may not contain '/'",
      ],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource/name",
      undefined,
      ["spec.rules[0].http.paths[1].backend.resource.name: Required value"],
    ],
    [
      "/spec/rules/0/http/paths/1/backend/resource/name",
      "10.0.0.5/8",
      [
        "spec.rules[0].http.paths[1].backend.resource.name: Invalid value: \"10.0.0.5/8\": may not contain '/'",
      ],
    ],
    [
      "/spec/rules/1/http/paths/0/backend/service/port/number",
      -1,
      [
        "spec.rules[1].http.paths[0].backend.service.port.number: Invalid value: -1: must be between 1 and 65535, inclusive",
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateIngressUpdate(corrupted(valid, pointer, value), valid, gates));
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/loadBalancer/ingress/0/ip",
      "Bad_Value!",
      [
        'status.loadBalancer.ingress[0].ip: Invalid value: "Bad_Value!": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "/status/loadBalancer/ingress/0/ip",
      "010.0.0.1",
      ['status.loadBalancer.ingress[0].ip: Invalid value: "010.0.0.1": must not have leading 0s'],
    ],
    [
      "/status/loadBalancer/ingress/1/hostname",
      "Bad_Value!",
      [
        "status.loadBalancer.ingress[1].hostname: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/status/loadBalancer/ingress/1/hostname",
      "010.0.0.1",
      [
        'status.loadBalancer.ingress[1].hostname: Invalid value: "010.0.0.1": must be a DNS name, not an IP address',
      ],
    ],
    [
      "/status/loadBalancer/ingress/1/hostname",
      "fd00::5",
      [
        "status.loadBalancer.ingress[1].hostname: Invalid value: \"fd00::5\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'status.loadBalancer.ingress[1].hostname: Invalid value: "fd00::5": must be a DNS name, not an IP address',
      ],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validateIngressStatusUpdate(changed, valid, gates))).toEqual(expected);
  });
});
