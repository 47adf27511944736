import { describe, expect, test } from "vitest";
import { validateEphemeralContainersUpdate, validatePodCreate, validatePodUpdate } from "./pod.ts";
import { container, optionsOf, podOf, podWith, problems } from "./testing.ts";

describe("metadata and annotations of a new pod", () => {
  const check = (metadata: object, spec = {}): string[] =>
    problems(validatePodCreate(podOf(spec, { ...metadata }), optionsOf()));
  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "a name in capitals",
      { name: "Web" },
      [
        "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["no namespace", { namespace: "" }, ["metadata.namespace: Required value"]],
    [
      "a label that is none",
      { labels: { "a b": "c" } },
      [
        "metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    ["a deletion cost", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-5" } }, []],
    [
      "a deletion cost that is no number",
      { annotations: { "controller.kubernetes.io/pod-deletion-cost": "+5" } },
      [
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+5": must be a 32bit integer',
      ],
    ],
    [
      "an AppArmor profile of an unknown sort",
      { annotations: { "container.apparmor.security.beta.kubernetes.io/main": "mine" } },
      [
        'metadata.annotations[container.apparmor.security.beta.kubernetes.io/main]: Invalid value: "mine": invalid AppArmor profile name: "mine"',
      ],
    ],
    [
      "an AppArmor profile of no container",
      { annotations: { "container.apparmor.security.beta.kubernetes.io/other": "unconfined" } },
      [
        'metadata.annotations[container.apparmor.security.beta.kubernetes.io/other]: Invalid value: "other": container not found',
      ],
    ],
    [
      "a mirror of a static pod on no node",
      { annotations: { "kubernetes.io/config.mirror": "x" } },
      [
        'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
      ],
    ],
    [
      "tolerations as an annotation",
      { annotations: { "scheduler.alpha.kubernetes.io/tolerations": '[{"operator":"Equal"}]' } },
      [
        'metadata.annotations.scheduler.alpha.kubernetes.io/tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ],
    ],
  ])("%s", (_, metadata, errors) => {
    expect(check(metadata)).toEqual(errors);
  });

  test("a profile that an annotation and the field tell apart", () => {
    const annotations = { "container.apparmor.security.beta.kubernetes.io/main": "unconfined" };
    const pod = podWith({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } });
    pod.metadata.annotations = annotations;
    expect(problems(validatePodCreate(pod, optionsOf()))).toEqual([
      "spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match",
    ]);
  });
});

const stored = { uid: "u", resourceVersion: "1", creationTimestamp: "2024-01-01T00:00:00Z" };
const stays = "pod updates may not change fields other than";

describe("updates", () => {
  const check = (spec: Record<string, unknown>, old: Record<string, unknown>): string[] => {
    const before = podOf(old, stored);
    return problems(validatePodUpdate(podOf(spec, stored), before, optionsOf(before)));
  };
  const image = (name: string): Record<string, unknown> => ({ containers: [container({ image: name })] });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["nothing", {}, {}],
    ["an image", image("nginx:2"), {}],
    [
      "an init container's image",
      { initContainers: [container({ image: "b" }, "init")] },
      { initContainers: [container({ image: "a" }, "init")] },
    ],
    ["a first deadline", { activeDeadlineSeconds: 10 }, {}],
    ["an earlier deadline", { activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 10 }],
    ["one more toleration", { tolerations: [{ key: "a", operator: "Exists" }] }, {}],
    ["one gate fewer", { schedulingGates: [] }, { schedulingGates: [{ name: "a/b" }] }],
    [
      "more of a node's labels, while gated",
      { nodeSelector: { a: "b", c: "d" }, schedulingGates: [{ name: "a/b" }] },
      { nodeSelector: { a: "b" }, schedulingGates: [{ name: "a/b" }] },
    ],
    [
      "another word for the same amount",
      { containers: [container({ resources: { requests: { cpu: "1000m" } } })] },
      { containers: [container({ resources: { requests: { cpu: "1" } } })] },
    ],
  ])("may change %s", (_, spec, old) => {
    expect(check(spec, old)).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      "an image to nothing",
      image(""),
      {},
      ["spec.containers[0].image: Required value", "spec.containers[0].image: Required value"],
    ],
    [
      "the number of containers",
      { containers: [container(), container({}, "two")] },
      {},
      ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    ],
    [
      "the number of init containers",
      { initContainers: [container({}, "init")] },
      {},
      ["spec.initContainers: Forbidden: pod updates may not add or remove containers"],
    ],
    [
      "a deadline to a later one",
      { activeDeadlineSeconds: 11 },
      { activeDeadlineSeconds: 10 },
      ["spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value"],
    ],
    [
      "a deadline to none",
      {},
      { activeDeadlineSeconds: 10 },
      [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
      ],
    ],
    [
      "tolerations to others",
      { tolerations: [{ key: "b", operator: "Exists" }] },
      { tolerations: [{ key: "a", operator: "Exists" }] },
      ["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
    ],
    [
      "gates to more",
      { schedulingGates: [{ name: "a/b" }] },
      {},
      [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a/b'",
      ],
    ],
    [
      "a node's labels to others, while gated",
      { nodeSelector: { a: "c" }, schedulingGates: [{ name: "a/b" }] },
      { nodeSelector: { a: "b" }, schedulingGates: [{ name: "a/b" }] },
      [
        'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ],
    ],
  ])("may not change %s", (_, spec, old, errors) => {
    expect(check(spec, old)).toEqual(errors);
  });

  test("anything else is shown as a difference", () => {
    const [error, ...others] = check({ restartPolicy: "Never", hostname: "other" }, {});
    expect(others).toEqual([]);
    expect(error?.startsWith(`spec: Forbidden: ${stays} `)).toBe(true);
    expect(
      error
        ?.split("\n")
        .slice(1)
        .map((line) => line.replaceAll("\u00a0", " ")),
    ).toEqual([
      "@@ -35,7 +35,7 @@",
      "   }",
      "  ],",
      '  "EphemeralContainers": null,',
      '- "RestartPolicy": "Always",',
      '+ "RestartPolicy": "Never",',
      '  "TerminationGracePeriodSeconds": 30,',
      '  "ActiveDeadlineSeconds": null,',
      '  "DNSPolicy": "ClusterFirst",',
      "@@ -64,7 +64,7 @@",
      '   "SELinuxChangePolicy": null',
      "  },",
      '  "ImagePullSecrets": null,',
      '- "Hostname": "",',
      '+ "Hostname": "other",',
      '  "Subdomain": "",',
      '  "SetHostnameAsFQDN": null,',
      '  "Affinity": null,',
      "",
    ]);
  });

  test("what was wrong already may stay wrong", () => {
    const spec = { tolerations: [{ key: "k", operator: "Gt", value: "5" }] };
    expect(check(spec, spec)).toEqual([]);
    expect(check(spec, {})).toEqual([
      'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
    ]);
  });
});

describe("ephemeral containers", () => {
  const debug = (fields: object = {}): Record<string, unknown> =>
    container({ targetContainerName: "main", ...fields }, "debug");
  const check = (now: object[], before: object[], annotations?: Record<string, string>): string[] => {
    const old = podOf({ ephemeralContainers: before }, { ...stored, annotations });
    const pod = podOf({ ephemeralContainers: now }, { ...stored, annotations });
    return problems(validateEphemeralContainersUpdate(pod, old, optionsOf(old)));
  };

  test.each<[string, Record<string, unknown>, string[]]>([
    ["aimed at a container", {}, []],
    [
      "aimed at no container of the pod",
      { targetContainerName: "other" },
      ['spec.ephemeralContainers[0].targetContainerName: Not found: "other"'],
    ],
    [
      "named as another container",
      { name: "main" },
      ['spec.ephemeralContainers[0].name: Duplicate value: "main"'],
    ],
    [
      "with ports",
      { ports: [{ containerPort: 80 }] },
      ["spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container"],
    ],
    [
      "with resources and a probe",
      { resources: { limits: { cpu: "1" } }, livenessProbe: { httpGet: { port: 80 } } },
      [
        "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
        "spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container",
      ],
    ],
    [
      "with a mount inside a volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "a" }] },
      [
        'spec.ephemeralContainers[0].volumeMounts[0].name: Not found: "data"',
        "spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container",
      ],
    ],
  ])("come: %s", (_, fields, errors) => {
    expect(check([debug(fields)], [])).toEqual(errors);
  });

  test("stay as they are", () => {
    expect(check([debug()], [debug()])).toEqual([]);
    expect(check([], [debug()])).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n',
    ]);
    expect(check([debug({ image: "other" })], [debug()]).map((error) => error.split("\n")[0])).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed',
    ]);
  });

  test("do not come to static pods", () => {
    const annotations = { "kubernetes.io/config.mirror": "x" };
    expect(check([debug()], [], annotations)).toEqual([
      ": Forbidden: static pods do not support ephemeral containers",
    ]);
  });
});
