import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podOf, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

const check = (spec: Record<string, unknown>, flags = ""): string[] =>
  problems(validatePodCreate(podOf(spec), optionsOf(undefined, flags)));

describe("node affinity", () => {
  const required = (...nodeSelectorTerms: object[]): Record<string, unknown> => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
  const expression = (fields: object): Record<string, unknown> =>
    required({ matchExpressions: [{ key: "k", ...fields }] });
  test.each<Case>([
    [
      "no terms",
      required(),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
      ],
    ],
    ["a value out of a list", expression({ operator: "In", values: ["a"] }), []],
    [
      "an empty list",
      expression({ operator: "In", values: [] }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      "values where there are none",
      expression({ operator: "Exists", values: ["a"] }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      "two numbers to compare with",
      expression({ operator: "Gt", values: ["1", "2"] }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
      ],
    ],
    [
      "an unknown operator",
      expression({ operator: "Like", values: ["a"] }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
      ],
    ],
    [
      "a value that is no label's",
      expression({ operator: "In", values: ["a b"] }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "a field that nodes do not match by",
      required({ matchFields: [{ key: "spec.podCIDR", operator: "In", values: ["a"] }] }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "spec.podCIDR": not a valid field selector key',
      ],
    ],
    [
      "two names of a node",
      required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a", "b"] }] }),
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      ],
    ],
    [
      "a weight of 0",
      {
        affinity: {
          nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] },
        },
      },
      [
        "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("pod affinity", () => {
  const term = (fields: object): Record<string, unknown> => ({
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "zone", labelSelector: { matchLabels: { a: "b" } }, ...fields },
        ],
      },
    },
  });
  test.each<Case>([
    [
      "no topology",
      term({ topologyKey: "" }),
      [
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "a namespace that is none",
      term({ namespaces: ["A"] }),
      [
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespace: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "a key that is told apart and not",
      term({ matchLabelKeys: ["app"], mismatchLabelKeys: ["app"] }),
      [
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0]: Invalid value: "app": exists in both matchLabelKeys and mismatchLabelKeys',
      ],
    ],
    [
      "a key that the selector has",
      term({
        labelSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
        mismatchLabelKeys: ["app"],
      }),
      [],
    ],
    [
      "keys without a selector",
      term({ labelSelector: undefined, matchLabelKeys: ["app"] }),
      [
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      ],
    ],
    [
      "a weight over 100",
      {
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 101, podAffinityTerm: { topologyKey: "zone" } },
            ],
          },
        },
      },
      [
        "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100",
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("topology spread", () => {
  const constraint = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  const spread = (fields: object): Record<string, unknown> => ({
    topologySpreadConstraints: [{ ...constraint, ...fields }],
  });
  test.each<Case>([
    [
      "no skew",
      spread({ maxSkew: 0 }),
      ["spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero"],
    ],
    [
      "no topology",
      spread({ topologyKey: "" }),
      ["spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty"],
    ],
    [
      "an unknown way out",
      spread({ whenUnsatisfiable: "Retry" }),
      [
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Retry": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    [
      "one constraint twice",
      { topologySpreadConstraints: [constraint, constraint] },
      [
        'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"',
      ],
    ],
    [
      "fewer than one domain",
      spread({ minDomains: 0 }),
      ["spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero"],
    ],
    [
      "domains that nobody insists on",
      spread({ minDomains: 2, whenUnsatisfiable: "ScheduleAnyway" }),
      [
        "spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
      ],
    ],
    [
      "an unknown policy",
      spread({ nodeAffinityPolicy: "Maybe" }),
      [
        'spec.topologySpreadConstraints[0].nodeAffinityPolicy: Unsupported value: "Maybe": supported values: "Honor", "Ignore"',
      ],
    ],
    [
      "keys without a selector",
      spread({ matchLabelKeys: ["app"] }),
      [
        "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      ],
    ],
    [
      "a key that the selector does not select yet",
      spread({ matchLabelKeys: ["app"], labelSelector: {} }),
      [],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});

describe("tolerations", () => {
  const toleration = (fields: object): Record<string, unknown> => ({ tolerations: [fields] });
  test.each<Case>([
    ["everything", toleration({ operator: "Exists" }), []],
    [
      "everything, but of some value",
      toleration({ operator: "Equal", value: "v" }),
      [
        'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ],
    ],
    [
      "a value with an operator that has none",
      toleration({ key: "k", operator: "Exists", value: "v" }),
      ["spec.tolerations[0].operator: Invalid value: \"v\": value must be empty when `operator` is 'Exists'"],
    ],
    [
      "an unknown operator",
      toleration({ key: "k", operator: "In", value: "v" }),
      ['spec.tolerations[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"'],
    ],
    [
      "an unknown effect",
      toleration({ key: "k", operator: "Exists", effect: "Evict" }),
      [
        'spec.tolerations[0].effect: Unsupported value: "Evict": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      "seconds of an effect that does not evict",
      toleration({ key: "k", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 1 }),
      [
        "spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
      ],
    ],
    [
      "a comparison, without that feature",
      toleration({ key: "k", operator: "Gt", value: "5" }),
      [
        'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      ],
    ],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });

  test("comparisons are of whole numbers, where that feature is on", () => {
    const flags = "TaintTolerationComparisonOperators=true";
    expect(check(toleration({ key: "k", operator: "Gt", value: "5" }), flags)).toEqual([]);
    expect(check(toleration({ key: "k", operator: "Lt", value: "05" }), flags)).toEqual([
      'spec.tolerations[0].value: Invalid value: "05": must be a valid decimal integer in canonical form',
    ]);
  });
});
