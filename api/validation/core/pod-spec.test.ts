import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { container, optionsOf, podOf, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

const check = (spec: Record<string, unknown>, flags = ""): string[] =>
  problems(validatePodCreate(podOf(spec), optionsOf(undefined, flags)));

const port = (containerPort: number, more: object = {}): object => ({
  containerPort,
  protocol: "TCP",
  ...more,
});

test("a pod needs no more than a container with an image", () => {
  expect(check({})).toEqual([]);
});

describe("a pod's own fields", () => {
  test.each<Case>([
    ["no containers", { containers: [] }, ["spec.containers: Required value"]],
    [
      "an unknown restart policy",
      { restartPolicy: "Sometimes" },
      [
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      ],
    ],
    [
      "an unknown DNS policy",
      { dnsPolicy: "Mine" },
      [
        'spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      ],
    ],
    [
      "a hostname that is no label",
      { hostname: "a.b" },
      ['spec.hostname: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "a subdomain in capitals",
      { subdomain: "Sub" },
      [
        "spec.subdomain: Invalid value: \"Sub\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "a deadline of 0",
      { activeDeadlineSeconds: 0 },
      ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"],
    ],
    [
      "a deadline beyond 31 bits",
      { activeDeadlineSeconds: 2147483648 },
      ["spec.activeDeadlineSeconds: Invalid value: 2147483648: must be between 1 and 2147483647, inclusive"],
    ],
    [
      "a node's name in capitals",
      { nodeName: "Node" },
      [
        "spec.nodeName: Invalid value: \"Node\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "a service account's name with a space",
      { serviceAccountName: "my account" },
      [
        "spec.serviceAccountName: Invalid value: \"my account\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "a priority class with a slash",
      { priorityClassName: "a/b" },
      [
        "spec.priorityClassName: Invalid value: \"a/b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "an empty runtime class",
      { runtimeClassName: "" },
      [
        "spec.runtimeClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "an unknown preemption policy",
      { preemptionPolicy: "Always" },
      [
        'spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
    [
      "an unknown operating system",
      { os: { name: "plan9" } },
      ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
    ],
    [
      "a negative overhead",
      { overhead: { cpu: "-1" } },
      ['spec.overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "two equal readiness gates",
      { readinessGates: [{ conditionType: "a/b" }, { conditionType: "a/b" }] },
      [],
    ],
    [
      "a readiness gate that is no qualified name",
      { readinessGates: [{ conditionType: "a b" }] },
      [
        "spec.readinessGates[0].conditionType: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "two equal scheduling gates",
      { schedulingGates: [{ name: "a/b" }, { name: "a/b" }] },
      ['spec.schedulingGates[1]: Duplicate value: "a/b"'],
    ],
    [
      "a gated pod on a node",
      { nodeName: "n", schedulingGates: [{ name: "a/b" }] },
      ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ],
    [
      "ephemeral containers",
      { ephemeralContainers: [{ name: "debug", image: "busybox" }] },
      ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ],
    ["a pull secret without a name", { imagePullSecrets: [{ name: "" }] }, []],
    [
      "a node selector that is no label",
      { nodeSelector: { "a b": "c d" } },
      [
        "spec.nodeSelector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.nodeSelector: Invalid value: \"c d\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("the host's namespaces", () => {
  test.each<Case>([
    [
      "a host port that is not the container's",
      { hostNetwork: true, containers: [container({ ports: [port(80, { hostPort: 81 })] })] },
      [
        "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
      ],
    ],
    [
      "the host's and an own process namespace",
      { hostPID: true, shareProcessNamespace: true },
      [
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
      ],
    ],
    [
      "a user namespace on the host's network",
      { hostUsers: false, hostNetwork: true },
      ["spec.hostNetwork: Forbidden: when `hostUsers` is false"],
    ],
    [
      "a user namespace beside the host's others",
      { hostUsers: false, hostPID: true, hostIPC: true },
      [
        "spec.HostPID: Forbidden: when `hostUsers` is false",
        "spec.HostIPC: Forbidden: when `hostUsers` is false",
      ],
    ],
    [
      "another name than the host has on its network",
      { hostNetwork: true, hostnameOverride: "a" },
      ["spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true"],
    ],
    [
      "a hostname over 64 bytes",
      { hostnameOverride: "a".repeat(65) },
      ["spec.hostnameOverride: Too long: may not be more than 64 bytes"],
    ],
    [
      "two ways to name the host",
      { hostnameOverride: "a.b", setHostnameAsFQDN: true },
      ["spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true"],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });

  test("user namespaces go with the host's network where that feature is on", () => {
    const spec = { hostUsers: false, hostNetwork: true };
    expect(check(spec, "UserNamespacesHostNetworkSupport=true")).toEqual([]);
  });
});

describe("DNS", () => {
  test.each<Case>([
    [
      "no policy and no servers",
      { dnsPolicy: "None" },
      ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    ],
    ["no policy but a server", { dnsPolicy: "None", dnsConfig: { nameservers: ["10.0.0.1"] } }, []],
    [
      "four servers",
      { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } },
      [
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers',
      ],
    ],
    [
      "a server that is no address",
      { dnsConfig: { nameservers: ["dns"] } },
      [
        'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "a search domain with a space",
      { dnsConfig: { searches: ["a b", "."] } },
      [
        "spec.dnsConfig.searches[0]: Invalid value: \"a b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "an option without a name",
      { dnsConfig: { options: [{ value: "2" }] } },
      ["spec.dnsConfig.options[0]: Required value: must not be empty"],
    ],
    [
      "more searches than a resolver takes",
      { dnsConfig: { searches: Array(33).fill("a") } },
      [
        'spec.dnsConfig.searches: Invalid value: ["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]: must not have more than 32 search paths',
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("host aliases", () => {
  test.each<Case>([
    ["an address and its names", { hostAliases: [{ ip: "10.0.0.1", hostnames: ["a.b"] }] }, []],
    [
      "no address",
      { hostAliases: [{ ip: "", hostnames: ["a"] }] },
      [
        'spec.hostAliases[0].ip: Invalid value: "": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "a name with a space",
      { hostAliases: [{ ip: "::1", hostnames: ["a b"] }] },
      [
        "spec.hostAliases[0].hostnames[0]: Invalid value: \"a b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("resource claims", () => {
  test.each<Case>([
    [
      "a claim that a container uses",
      {
        resourceClaims: [{ name: "gpu", resourceClaimName: "c" }],
        containers: [container({ resources: { claims: [{ name: "gpu", request: "one" }] } })],
      },
      [],
    ],
    [
      "no source",
      { resourceClaims: [{ name: "gpu" }] },
      [
        'spec.resourceClaims[0]: Invalid value: {"Name":"gpu","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      ],
    ],
    [
      "two sources",
      { resourceClaims: [{ name: "gpu", resourceClaimName: "c", resourceClaimTemplateName: "t" }] },
      [
        'spec.resourceClaims[0]: Invalid value: {"Name":"gpu","ResourceClaimName":"c","ResourceClaimTemplateName":"t"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
      ],
    ],
    [
      "two of a name",
      {
        resourceClaims: [
          { name: "gpu", resourceClaimName: "c" },
          { name: "gpu", resourceClaimName: "d" },
        ],
      },
      ['spec.resourceClaims[1].name: Duplicate value: "gpu"'],
    ],
    [
      "a container's claim that the pod has not",
      { containers: [container({ resources: { claims: [{ name: "gpu" }] } })] },
      [
        'spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
      ],
    ],
    [
      "a claim used twice",
      {
        resourceClaims: [{ name: "gpu", resourceClaimName: "c" }],
        containers: [container({ resources: { claims: [{ name: "gpu" }, { name: "gpu" }] } })],
      },
      ['spec.containers[0].resources.claims[1]: Duplicate value: "gpu"'],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("resources of the pod as a whole", () => {
  test.each<Case>([
    [
      "requests of its containers within its own",
      {
        resources: { requests: { cpu: "2" }, limits: { cpu: "3" } },
        containers: [container({ resources: { requests: { cpu: "1" } } })],
      },
      [],
    ],
    [
      "containers that request more",
      {
        resources: { requests: { cpu: "1" } },
        containers: [container({ resources: { requests: { cpu: "2" } } })],
      },
      [
        'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      ],
    ],
    [
      "a container whose limit is higher",
      {
        resources: { limits: { memory: "1Gi" } },
        containers: [container({ resources: { limits: { memory: "2Gi" } } })],
      },
      [
        'spec.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
        'spec.resources.containers[0][memory].limits: Invalid value: "2Gi": must be less than or equal to pod limits of 1Gi',
      ],
    ],
    [
      "a resource that only containers have",
      { resources: { requests: { "example.com/gpu": "1" } } },
      [
        'spec.resources.requests[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"',
        "spec.resources.limits: Required value: Limit must be set for non overcommitable resources",
      ],
    ],
    [
      "a request over the limit",
      { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
      ['spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      "claims",
      { resources: { claims: [{ name: "x" }] } },
      [
        "spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level",
        'spec.resources.claims[0]: Not found: "x": must be one of the names in pod.spec.resourceClaims which is empty',
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("pods of one operating system", () => {
  test.each<Case>([
    [
      "Windows with what only Linux has",
      {
        os: { name: "windows" },
        hostPID: true,
        securityContext: {
          fsGroup: 1,
          seLinuxOptions: { level: "s0" },
          sysctls: [{ name: "a", value: "b" }],
        },
        containers: [container({ securityContext: { privileged: true, capabilities: { add: ["A"] } } })],
      },
      [
        "spec.securityContext.seLinuxOptions: Forbidden: cannot be set for a windows pod",
        "spec.hostPID: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.sysctls: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.capabilities: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod",
      ],
    ],
    [
      "Linux with what only Windows has",
      { os: { name: "linux" }, securityContext: { windowsOptions: { hostProcess: false } } },
      ["spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod"],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});
