import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from "./network-policy.ts";

type NetworkPolicy = ObjectOf<"io.k8s.api.networking.v1.NetworkPolicy">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "np", namespace: "default", resourceVersion: "1" },
  spec: {
    podSelector: {
      matchExpressions: [
        { key: "a", operator: "In", values: ["b", "c"] },
        { key: "d", operator: "DoesNotExist" },
      ],
    },
    ingress: [
      {
        ports: [
          { protocol: "UDP", port: 80, endPort: 90 },
          { protocol: "TCP", port: "http" },
        ],
        from: [
          { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.2.3.0/24"] } },
          { ipBlock: { cidr: "fd00::/8", except: ["fd00:1::/32"] } },
          { podSelector: { matchLabels: { x: "y" } }, namespaceSelector: {} },
        ],
      },
      {},
    ],
    egress: [{ ports: [{ protocol: "SCTP" }], to: [{ namespaceSelector: { matchLabels: { q: "r" } } }] }],
    policyTypes: ["Ingress", "Egress"],
  },
} as unknown as NetworkPolicy;

// The answers of kube-apiserver 1.36.3.
describe("NetworkPolicy", () => {
  it("takes what upstream takes: np", () => {
    expect(validateNetworkPolicy(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/podSelector/matchExpressions/0/key",
      undefined,
      [
        'spec.podSelector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
        "spec.podSelector.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/key",
      "Bad_Value!",
      [
        "spec.podSelector.matchExpressions[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/key",
      "a/b/c",
      [
        "spec.podSelector.matchExpressions[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/key",
      "../x",
      [
        "spec.podSelector.matchExpressions[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/key",
      "x".repeat(64),
      [
        'spec.podSelector.matchExpressions[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/operator",
      undefined,
      ['spec.podSelector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator'],
    ],
    [
      "/spec/podSelector/matchExpressions/0/operator",
      "Exists",
      [
        "spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/values",
      undefined,
      [
        "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/values/0",
      "Bad_Value!",
      [
        "spec.podSelector.matchExpressions[0].values[0]: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/0/values/0",
      "x".repeat(64),
      [
        'spec.podSelector.matchExpressions[0].values[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/podSelector/matchExpressions/1",
      { "Bad Key!": "d" },
      [
        'spec.podSelector.matchExpressions[1].operator: Invalid value: "": not a valid selector operator',
        'spec.podSelector.matchExpressions[1].key: Invalid value: "": name part must be non-empty',
        "spec.podSelector.matchExpressions[1].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/ingress/0/ports/0/protocol",
      "",
      ['spec.ingress[0].ports[0].protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"'],
    ],
    [
      "/spec/ingress/0/ports/0/port",
      undefined,
      [
        "spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is not specified",
      ],
    ],
    [
      "/spec/ingress/0/ports/0/port",
      -1,
      ["spec.ingress[0].ports[0].port: Invalid value: -1: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/ingress/0/ports/0/port",
      65536,
      [
        "spec.ingress[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive",
        "spec.ingress[0].ports[0].endPort: Invalid value: 65536: must be greater than or equal to `port`",
      ],
    ],
    [
      "/spec/ingress/0/ports/0/endPort",
      -1,
      [
        "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`",
        "spec.ingress[0].ports[0].endPort: Invalid value: -1: must be between 1 and 65535, inclusive",
      ],
    ],
    [
      "/spec/ingress/0/ports/0/endPort",
      1,
      ["spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`"],
    ],
    [
      "/spec/ingress/0/ports/0/endPort",
      65536,
      ["spec.ingress[0].ports[0].endPort: Invalid value: 65536: must be between 1 and 65535, inclusive"],
    ],
    [
      "/spec/ingress/0/ports/1/port",
      "",
      [
        'spec.ingress[0].ports[1].port: Invalid value: "": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.ingress[0].ports[1].port: Invalid value: "": must contain at least one letter (a-z)',
      ],
    ],
    [
      "/spec/ingress/0/ports/1/port",
      "Bad_Value!",
      [
        'spec.ingress[0].ports[1].port: Invalid value: "Bad_Value!": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
    [
      "/spec/ingress/0/ports/1/port",
      "-1",
      [
        'spec.ingress[0].ports[1].port: Invalid value: "-1": must contain at least one letter (a-z)',
        'spec.ingress[0].ports[1].port: Invalid value: "-1": must not begin or end with a hyphen',
      ],
    ],
    [
      "/spec/ingress/0/ports/1/port",
      "kubernetes.io/foo",
      [
        'spec.ingress[0].ports[1].port: Invalid value: "kubernetes.io/foo": must be no more than 15 characters',
        'spec.ingress[0].ports[1].port: Invalid value: "kubernetes.io/foo": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateNetworkPolicy(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/ingress/0/ports/1/port",
      "x".repeat(64),
      [
        'spec.ingress[0].ports[1].port: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 15 characters',
      ],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock",
      undefined,
      ["spec.ingress[0].from[0]: Required value: must specify a peer"],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock/cidr",
      undefined,
      ["spec.ingress[0].from[0].ipBlock.cidr: Required value"],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock/cidr",
      "Bad_Value!",
      [
        'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "Bad_Value!": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock/cidr",
      "10.0.0.5/8",
      [
        'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
      ],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock/except/0",
      "",
      [
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      "/spec/ingress/0/from/0/ipBlock/except/0",
      "10.0.0.5/8",
      [
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.5/8": must be a strict subset of `cidr`',
      ],
    ],
    [
      "/spec/ingress/0/from/1/ipBlock/cidr",
      "10.0.0.5/8",
      [
        'spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "10.0.0.5/8": must not have bits set beyond the prefix length',
        'spec.ingress[0].from[1].ipBlock.except[0]: Invalid value: "fd00:1::/32": must be a strict subset of `cidr`',
      ],
    ],
    [
      "/spec/ingress/0/from/2/podSelector/matchLabels",
      { "Bad Key!": "y" },
      [
        "spec.ingress[0].from[2].podSelector.matchLabels: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/ingress/0/from/2/podSelector/matchLabels",
      { "a/b/c": "y" },
      [
        "spec.ingress[0].from[2].podSelector.matchLabels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/ingress/0/from/2/podSelector/matchLabels/x",
      "Bad_Value!",
      [
        "spec.ingress[0].from[2].podSelector.matchLabels: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/ingress/0/from/2/podSelector/matchLabels/x",
      "x".repeat(64),
      [
        'spec.ingress[0].from[2].podSelector.matchLabels: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/egress/0/ports/0/protocol",
      "",
      ['spec.egress[0].ports[0].protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"'],
    ],
    [
      "/spec/egress/0/to/0/namespaceSelector",
      undefined,
      ["spec.egress[0].to[0]: Required value: must specify a peer"],
    ],
    [
      "/spec/egress/0/to/0/namespaceSelector/matchLabels",
      { "Bad Key!": "r" },
      [
        "spec.egress[0].to[0].namespaceSelector.matchLabels: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/egress/0/to/0/namespaceSelector/matchLabels",
      { "a/b/c": "r" },
      [
        "spec.egress[0].to[0].namespaceSelector.matchLabels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/egress/0/to/0/namespaceSelector/matchLabels/q",
      "Bad_Value!",
      [
        "spec.egress[0].to[0].namespaceSelector.matchLabels: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/spec/egress/0/to/0/namespaceSelector/matchLabels/q",
      "x".repeat(64),
      [
        'spec.egress[0].to[0].namespaceSelector.matchLabels: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/policyTypes/0",
      "",
      ['spec.policyTypes[0]: Unsupported value: "": supported values: "Ingress", "Egress"'],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateNetworkPolicyUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
