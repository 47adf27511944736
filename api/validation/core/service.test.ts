import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from "./service.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "svc", namespace: "default", resourceVersion: "1" },
  spec: {
    ports: [
      { name: "http", protocol: "TCP", appProtocol: "http", port: 80, targetPort: "web" },
      { name: "dns", protocol: "UDP", port: 53, targetPort: 53 },
    ],
    selector: { app: "web" },
    clusterIP: "10.0.0.77",
    clusterIPs: ["10.0.0.77"],
    type: "ClusterIP",
    externalIPs: ["192.0.2.1"],
    sessionAffinity: "ClientIP",
    externalTrafficPolicy: "Cluster",
    publishNotReadyAddresses: true,
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    internalTrafficPolicy: "Cluster",
    trafficDistribution: "PreferClose",
  },
  status: { loadBalancer: {} },
} as unknown as Service;

const other = {
  metadata: {
    name: "lb",
    namespace: "default",
    annotations: { "service.kubernetes.io/topology-mode": "Auto" },
    resourceVersion: "1",
  },
  spec: {
    ports: [
      { name: "http", protocol: "TCP", port: 80, targetPort: 80, nodePort: 31001 },
      { name: "b", protocol: "TCP", port: 81, targetPort: 81, nodePort: 31002 },
    ],
    selector: { app: "web" },
    clusterIP: "10.0.0.78",
    clusterIPs: ["10.0.0.78"],
    type: "LoadBalancer",
    sessionAffinity: "None",
    loadBalancerIP: "1.2.3.4",
    loadBalancerSourceRanges: ["10.2.0.0/16"],
    externalTrafficPolicy: "Local",
    healthCheckNodePort: 31000,
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    allocateLoadBalancerNodePorts: true,
    loadBalancerClass: "example.com/lb",
    internalTrafficPolicy: "Cluster",
  },
  status: { loadBalancer: {} },
} as unknown as Service;

const third = {
  metadata: { name: "ext", namespace: "default", resourceVersion: "1" },
  spec: { type: "ExternalName", sessionAffinity: "None", externalName: "a.example.com" },
  status: { loadBalancer: {} },
} as unknown as Service;

const fourth = {
  metadata: { name: "hl", namespace: "default", resourceVersion: "1" },
  spec: {
    ports: [{ protocol: "TCP", port: 80, targetPort: 80 }],
    selector: { a: "b" },
    clusterIP: "None",
    clusterIPs: ["None"],
    type: "ClusterIP",
    sessionAffinity: "None",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    internalTrafficPolicy: "Cluster",
  },
  status: { loadBalancer: {} },
} as unknown as Service;

const validStatus = {
  ...valid,
  status: {
    loadBalancer: {
      ingress: [
        { ip: "192.0.2.1", ipMode: "VIP", ports: [{ port: 80, protocol: "TCP", error: "x.io/E" }] },
        { hostname: "a.example.com" },
      ],
    },
    conditions: [
      {
        type: "x.io/Y",
        status: "True",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        reason: "R",
        message: "m",
        observedGeneration: 1,
      },
    ],
  },
} as unknown as Service;

const otherStatus = {
  ...other,
  status: {
    loadBalancer: {
      ingress: [
        { ip: "192.0.2.1", ipMode: "VIP", ports: [{ port: 80, protocol: "TCP", error: "x.io/E" }] },
        { hostname: "a.example.com" },
      ],
    },
    conditions: [
      {
        type: "x.io/Y",
        status: "True",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        reason: "R",
        message: "m",
        observedGeneration: 1,
      },
    ],
  },
} as unknown as Service;

// The answers of kube-apiserver 1.36.3.
describe("Service", () => {
  it("takes what upstream takes: svc", () => {
    expect(validateService(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/spec/ports", undefined, ["spec.ports: Required value"]],
    ["/spec/ports/0/name", undefined, ["spec.ports[0].name: Required value"]],
    [
      "/spec/ports/0/name",
      "Bad_Value!",
      [
        "spec.ports[0].name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    ["/spec/ports/0/name", "a.b", ['spec.ports[0].name: Invalid value: "a.b": must not contain dots']],
    [
      "/spec/ports/0/name",
      "x".repeat(64),
      [
        'spec.ports[0].name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/spec/ports/0/protocol",
      "Bad_Value!",
      ['spec.ports[0].protocol: Unsupported value: "Bad_Value!": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      "/spec/ports/0/appProtocol",
      "",
      [
        'spec.ports[0].appProtocol: Invalid value: "": name part must be non-empty',
        "spec.ports[0].appProtocol: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateService(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/ports",
      [
        { name: "http", protocol: "TCP", appProtocol: "http", port: 80, targetPort: "web" },
        { name: "http", protocol: "TCP", appProtocol: "http", port: 80, targetPort: "web" },
      ],
      [
        'spec.ports[1].name: Duplicate value: "http"',
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      "/spec/ports/0/appProtocol",
      "Bad_Value!",
      [
        "spec.ports[0].appProtocol: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/ports/0/appProtocol",
      "a/b/c",
      [
        "spec.ports[0].appProtocol: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/ports/0/appProtocol",
      "../x",
      [
        "spec.ports[0].appProtocol: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/ports/0/appProtocol",
      "x".repeat(64),
      [
        'spec.ports[0].appProtocol: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/ports/0/port",
      undefined,
      ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/ports/0/targetPort",
      "Bad_Value!",
      [
        'spec.ports[0].targetPort: Invalid value: "Bad_Value!": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateServiceUpdate(corrupted(valid, pointer, value), valid, gates));
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      ["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validateServiceStatusUpdate(changed, valid, gates))).toEqual(expected);
  });

  it("takes what upstream takes: lb (2)", () => {
    expect(validateService(other, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/clusterIP",
      undefined,
      ['spec.clusterIPs: Invalid value: ["10.0.0.78"]: must be empty when `clusterIP` is not specified'],
    ],
    [
      "/spec/clusterIP",
      "Bad_Value!",
      ['spec.clusterIPs: Invalid value: ["10.0.0.78"]: first value must match `clusterIP`'],
    ],
    [
      "/spec/clusterIPs",
      ["10.0.0.78", "10.0.0.78"],
      [
        'spec.clusterIPs: Invalid value: ["10.0.0.78","10.0.0.78"]: may specify no more than one IP for each IP family',
      ],
    ],
    [
      "/spec/clusterIPs/0",
      "",
      [
        'spec.clusterIPs: Invalid value: [""]: first value must match `clusterIP`',
        'spec.clusterIPs[0]: Invalid value: "": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "/spec/clusterIPs/0",
      "010.0.0.1",
      [
        'spec.clusterIPs: Invalid value: ["010.0.0.1"]: first value must match `clusterIP`',
        'spec.clusterIPs[0]: Invalid value: "010.0.0.1": must not have leading 0s',
      ],
    ],
    [
      "/spec/clusterIPs/0",
      "fd00::5",
      [
        'spec.clusterIPs: Invalid value: ["fd00::5"]: first value must match `clusterIP`',
        'spec.clusterIPs[0]: Invalid value: "fd00::5": expected an IPv4 value as indicated by `ipFamilies[0]`',
      ],
    ],
    ["/spec/ipFamilies", ["IPv4", "IPv4"], ['spec.ipFamilies[1]: Duplicate value: "IPv4"']],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateService(corrupted(other, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/ports/0/targetPort",
      -1,
      ["spec.ports[0].targetPort: Invalid value: -1: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/selector",
      { "Bad Key!": "web" },
      [
        "spec.selector: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/selector",
      { "a/b/c": "web" },
      [
        "spec.selector: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/selector/app",
      "Bad_Value!",
      [
        "spec.selector: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/selector/app",
      "x".repeat(64),
      [
        'spec.selector: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/sessionAffinity",
      "Bad_Value!",
      ['spec.sessionAffinity: Unsupported value: "Bad_Value!": supported values: "ClientIP", "None"'],
    ],
    [
      "/spec/loadBalancerSourceRanges/0",
      "",
      [
        'spec.LoadBalancerSourceRanges[0]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateServiceUpdate(corrupted(other, pointer, value), other, gates));
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/loadBalancer/ingress/0/ip",
      undefined,
      ["status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set"],
    ],
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
      "/status/loadBalancer/ingress/0/ipMode",
      "",
      ['status.loadBalancer.ingress[0].ipMode: Unsupported value: "": supported values: "Proxy", "VIP"'],
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
    const changed = corrupted(otherStatus, pointer, value);
    expect(problems(validateServiceStatusUpdate(changed, other, gates))).toEqual(expected);
  });

  it("takes what upstream takes: ext (3)", () => {
    expect(validateService(third, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/type",
      "Bad_Value!",
      [
        "spec.ports: Required value",
        'spec.type: Unsupported value: "Bad_Value!": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      "/spec/sessionAffinity",
      "Bad_Value!",
      ['spec.sessionAffinity: Unsupported value: "Bad_Value!": supported values: "ClientIP", "None"'],
    ],
    ["/spec/externalName", undefined, ["spec.externalName: Required value"]],
    [
      "/spec/externalName",
      "Bad_Value!",
      [
        "spec.externalName: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateService(corrupted(third, pointer, value), gates))).toEqual(expected);
  });

  it("takes what upstream takes: hl (4)", () => {
    expect(validateService(fourth, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/ports",
      [
        { protocol: "TCP", port: 80, targetPort: 80 },
        { protocol: "TCP", port: 80, targetPort: 80 },
      ],
      [
        "spec.ports[0].name: Required value",
        "spec.ports[1].name: Required value",
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      "/spec/ports/0/port",
      undefined,
      ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/ports/0/targetPort",
      -1,
      ["spec.ports[0].targetPort: Invalid value: -1: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/selector",
      { "Bad Key!": "b" },
      [
        "spec.selector: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/selector",
      { "a/b/c": "b" },
      [
        "spec.selector: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/selector/a",
      "Bad_Value!",
      [
        "spec.selector: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/selector/a",
      "x".repeat(64),
      [
        'spec.selector: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateService(corrupted(fourth, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/clusterIPs",
      ["None", "None"],
      ['spec.clusterIPs: Invalid value: ["None","None"]: \'None\' must be the first and only value'],
    ],
    [
      "/spec/type",
      "Bad_Value!",
      [
        'spec.type: Unsupported value: "Bad_Value!": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      "/spec/ipFamilies/0",
      "",
      ['spec.ipFamilies[0]: Unsupported value: "": supported values: "IPv4", "IPv6"'],
    ],
    [
      "/spec/ipFamilyPolicy",
      "",
      [
        'spec.ipFamilyPolicy: Unsupported value: "": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
      ],
    ],
    [
      "/spec/internalTrafficPolicy",
      "",
      ['spec.internalTrafficPolicy: Unsupported value: "": supported values: "Cluster", "Local"'],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateServiceUpdate(corrupted(fourth, pointer, value), fourth, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
