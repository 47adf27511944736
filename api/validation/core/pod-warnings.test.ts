import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import { FieldPath } from "../field.ts";
import { warningsForPod, warningsForPodTemplate } from "./pod-warnings.ts";
import { container, podOf } from "./testing.ts";

type Fields = Record<string, unknown>;
const gates = defaultFeatureGates();

const warnings = (spec: Fields, annotations: Record<string, string> = {}): string[] => {
  const pod = podOf(spec, { annotations });
  return warningsForPod(pod.spec, pod.metadata.annotations, gates);
};

test("an ordinary pod warns of nothing", () => {
  expect(warnings({})).toEqual([]);
});

test.each<[string, Fields, string[]]>([
  [
    "an old label of nodes",
    { nodeSelector: { "beta.kubernetes.io/os": "linux" } },
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    "an old label in an affinity",
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "failure-domain.beta.kubernetes.io/zone", operator: "Exists" }] },
            ],
          },
        },
      },
    },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ],
  ],
  [
    "a preferred value that no label has",
    {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: "k", operator: "In", values: ["a b"] }] } },
          ],
        },
      },
    },
    [
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: a b is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  [
    "an affinity to no pod",
    {
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] },
      },
    },
    [
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod",
    ],
  ],
  [
    "a spread of no pod",
    { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
    ["spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod"],
  ],
  [
    "volumes of old",
    {
      volumes: [
        { name: "a", gitRepo: { repository: "r" } },
        { name: "b", glusterfs: { endpoints: "e", path: "p" } },
        { name: "c", storageos: {} },
      ],
    },
    [
      "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
      "spec.volumes[1].glusterfs: deprecated in v1.25, non-functional in v1.26+",
      "spec.volumes[2].storageOS: deprecated in v1.22, non-functional in v1.25+",
    ],
  ],
  [
    "paths in a volume that hide each other",
    {
      volumes: [
        {
          name: "v",
          projected: {
            sources: [
              { configMap: { name: "c", items: [{ key: "a", path: "x" }] } },
              { secret: { name: "s", items: [{ key: "b", path: "x/y" }] } },
            ],
          },
        },
      ],
    },
    ['volume "v" (Projected): overlapping paths: "x/y" (Secret "s") with "x" (ConfigMap "c")'],
  ],
  [
    "one address twice",
    { hostAliases: [{ ip: "1.2.3.4" }, { ip: "1.2.3.4" }] },
    ['spec.hostAliases[1].ip: duplicate ip "1.2.3.4"'],
  ],
  [
    "pull secrets without a name and twice",
    { imagePullSecrets: [{ name: "a" }, { name: "a" }, { name: "" }] },
    [
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    "part of a byte",
    {
      containers: [
        container({ resources: { requests: { memory: "1500m" }, limits: { "ephemeral-storage": "100m" } } }),
      ],
    },
    [
      'spec.containers[0].resources.limits[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    "a variable that hides another",
    {
      containers: [
        container({
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
            { name: "B", value: "1" },
            { name: "B", value: "$(B)2" },
          ],
        }),
      ],
    },
    ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "one port twice",
    {
      containers: [
        container({
          ports: [
            { containerPort: 80, name: "a" },
            { containerPort: 80, name: "b" },
          ],
        }),
      ],
    },
    ["spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]"],
  ],
  [
    "an address with leading zeros",
    { dnsConfig: { nameservers: ["010.0.0.1"] } },
    ['spec.dnsConfig.nameservers[0]: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'],
  ],
])("%s", (_, spec, expected) => {
  expect(warnings(spec)).toEqual(expected);
});

test("annotations that fields replaced", () => {
  const annotations = {
    "scheduler.alpha.kubernetes.io/critical-pod": "",
    "security.alpha.kubernetes.io/sysctls": "",
    "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
    "container.seccomp.security.alpha.kubernetes.io/main": "runtime/default",
  };
  expect(warnings({}, annotations)).toEqual([
    'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
    'metadata.annotations[security.alpha.kubernetes.io/sysctls]: non-functional in v1.11+; use the "sysctls" field instead',
    'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
    'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/main]: non-functional in v1.27+; use the "seccompProfile" field instead',
  ]);
});

test("templates say where they are, and of AppArmor too", () => {
  const { spec } = podOf({ nodeSelector: { "beta.kubernetes.io/arch": "amd64" } });
  const annotations = { "container.apparmor.security.beta.kubernetes.io/main": "unconfined" };
  const path = FieldPath.of("spec", "template");
  expect(warningsForPodTemplate({ metadata: { annotations }, spec }, path, gates)).toEqual([
    'spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
    'spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/main]: deprecated since v1.30; use the "appArmorProfile" field instead',
  ]);
});

test("a negative time to end counts as 1", () => {
  const spec = { ...podOf().spec, terminationGracePeriodSeconds: -1 };
  expect(warningsForPod(spec, {}, gates)).toEqual([
    "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
  ]);
});
