import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateNode, validateNodeUpdate } from "./node.ts";

type Node = ObjectOf<"io.k8s.api.core.v1.Node">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "node", resourceVersion: "1" },
  spec: {
    podCIDR: "10.1.0.0/24",
    podCIDRs: ["10.1.0.0/24", "fd00::/64"],
    providerID: "x://1",
    unschedulable: true,
    taints: [{ key: "a.io/k", value: "v", effect: "NoSchedule" }],
  },
  status: {
    capacity: { cpu: "4", "example.com/gpu": "2", memory: "8Gi", pods: "110" },
    allocatable: { cpu: "4", "example.com/gpu": "2", memory: "8Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: null, lastTransitionTime: null }],
    addresses: [{ type: "InternalIP", address: "10.0.0.5" }],
    daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
    nodeInfo: {
      machineID: "",
      systemUUID: "",
      bootID: "",
      kernelVersion: "",
      osImage: "",
      containerRuntimeVersion: "",
      kubeletVersion: "v1",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
      swap: { capacity: 5 },
    },
    declaredFeatures: ["Abc", "Def/ghi"],
  },
} as unknown as Node;

const other = {
  metadata: {
    name: "node",
    annotations: {
      "scheduler.alpha.kubernetes.io/preferAvoidPods":
        '{"preferAvoidPods":[{"podSignature":{"podController":{"apiVersion":"v1","kind":"ReplicationController","name":"foo","uid":"abc","controller":true}},"reason":"r","message":"m"}]}',
    },
    resourceVersion: "1",
  },
  spec: {
    taints: [
      { key: "a", value: "b", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" },
      { key: "a", effect: "NoSchedule" },
      { key: "node.kubernetes.io/unreachable", effect: "PreferNoSchedule" },
    ],
    externalID: "q",
  },
  status: {
    capacity: { cpu: "1", "ephemeral-storage": "1Gi", "hugepages-1Gi": "1Gi", "hugepages-2Mi": "2Mi" },
    allocatable: { cpu: "500m", "hugepages-1Gi": "1Gi" },
    addresses: [
      { type: "Hostname", address: "a" },
      { type: "Hostname", address: "b" },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
    nodeInfo: {
      machineID: "",
      systemUUID: "",
      bootID: "",
      kernelVersion: "",
      osImage: "",
      containerRuntimeVersion: "",
      kubeletVersion: "",
      kubeProxyVersion: "",
      operatingSystem: "",
      architecture: "",
    },
  },
} as unknown as Node;

// The answers of kube-apiserver 1.36.3.
describe("Node", () => {
  it("takes what upstream takes: node", () => {
    expect(validateNode(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/podCIDRs",
      ["10.1.0.0/24", "10.1.0.0/24"],
      [
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.1.0.0/24"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "",
      [
        'spec.podCIDRs[1]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: )",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24",""]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "Bad_Value!",
      [
        'spec.podCIDRs[1]: Invalid value: "Bad_Value!": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: Bad_Value!)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","Bad_Value!"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "a.b",
      [
        'spec.podCIDRs[1]: Invalid value: "a.b": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: a.b)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","a.b"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "-1",
      [
        'spec.podCIDRs[1]: Invalid value: "-1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: -1)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","-1"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "10.0.0.300",
      [
        'spec.podCIDRs[1]: Invalid value: "10.0.0.300": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: 10.0.0.300)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.0.0.300"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "fd00::5",
      [
        'spec.podCIDRs[1]: Invalid value: "fd00::5": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: fd00::5)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","fd00::5"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "10.0.0.5/8",
      [
        'spec.podCIDRs[1]: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.0.0.5/8"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "1.5",
      [
        'spec.podCIDRs[1]: Invalid value: "1.5": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: 1.5)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","1.5"]: may specify no more than one CIDR for each IP family',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "500m",
      [
        'spec.podCIDRs[1]: Invalid value: "500m": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: 500m)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","500m"]: may specify no more than one CIDR for each IP family',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateNode(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec",
      undefined,
      [
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
        'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs",
      undefined,
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
    [
      "/spec/podCIDRs",
      ["10.1.0.0/24", "10.1.0.0/24"],
      [
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.1.0.0/24"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "",
      [
        'spec.podCIDRs[1]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: )",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24",""]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "Bad_Value!",
      [
        'spec.podCIDRs[1]: Invalid value: "Bad_Value!": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: Bad_Value!)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","Bad_Value!"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "a.b",
      [
        'spec.podCIDRs[1]: Invalid value: "a.b": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: a.b)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","a.b"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "-1",
      [
        'spec.podCIDRs[1]: Invalid value: "-1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: -1)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","-1"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "10.0.0.300",
      [
        'spec.podCIDRs[1]: Invalid value: "10.0.0.300": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: 10.0.0.300)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.0.0.300"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "fd00::5",
      [
        'spec.podCIDRs[1]: Invalid value: "fd00::5": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: fd00::5)",
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","fd00::5"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
    [
      "/spec/podCIDRs/1",
      "10.0.0.5/8",
      [
        'spec.podCIDRs[1]: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        'spec.podCIDRs: Invalid value: ["10.1.0.0/24","10.0.0.5/8"]: may specify no more than one CIDR for each IP family',
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateNodeUpdate(corrupted(valid, pointer, value), valid, gates));
    expect(problemsOfChange).toEqual(expected);
  });

  it("takes what upstream takes: node (2)", () => {
    expect(validateNode(other, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/taints",
      [
        { key: "a", value: "b", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" },
        { key: "a", value: "b", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" },
      ],
      [
        'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"b","Effect":"NoExecute","TimeAdded":"2026-01-01T00:00:00Z"}: taints must be unique by key and effect pair',
      ],
    ],
    [
      "/spec/taints/0",
      { "Bad Key!": "a" },
      [
        'metadata.taints[0].key: Invalid value: "": name part must be non-empty',
        "metadata.taints[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "metadata.taints[0].effect: Required value",
      ],
    ],
    [
      "/spec/taints/0/key",
      undefined,
      [
        'metadata.taints[0].key: Invalid value: "": name part must be non-empty',
        "metadata.taints[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/taints/0/key",
      "Bad_Value!",
      [
        "metadata.taints[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/taints/0/key",
      "a/b/c",
      [
        "metadata.taints[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/taints/0/key",
      "../x",
      [
        "metadata.taints[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/taints/0/key",
      "x".repeat(64),
      [
        'metadata.taints[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/taints/0/value",
      "Bad_Value!",
      [
        "metadata.taints[0].value: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/taints/0/value",
      "x".repeat(64),
      [
        'metadata.taints[0].value: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    ["/spec/taints/0/effect", undefined, ["metadata.taints[0].effect: Required value"]],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateNode(corrupted(other, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([["/spec", undefined, ["spec.externalID: Forbidden: may not be updated"]]])(
    "%s changed to %j",
    (pointer, value, expected) => {
      const problemsOfChange = problems(validateNodeUpdate(corrupted(other, pointer, value), other, gates));
      expect(problemsOfChange).toEqual(expected);
    },
  );
});
