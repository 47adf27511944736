import { describe, expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import { container, podOf, problems, type TestPod } from "../../../api/validation/core/testing.ts";
import type { WriteContext } from "../strategy.ts";
import { pods } from "./pods.ts";

type Fields = Record<string, unknown>;

const now = "2024-01-01T00:00:00Z";
const context: WriteContext = {
  gates: defaultFeatureGates(),
  clock: { now: () => Date.parse(now), monotonic: () => 0, setTimer: () => () => {} },
  random: { next: () => 0, uuid: () => "" },
  namespace: "default",
  user: { name: "admin", groups: [] },
  requestVersion: "v1",
  warn: () => {},
};

function created(spec: Fields = {}, metadata: Fields = {}, status: Fields = {}): TestPod {
  const pod = podOf(spec, metadata, status);
  pods.strategy.prepareForCreate?.(pod, context);
  return pod;
}

describe("a new pod", () => {
  test("is pending, whatever the client says", () => {
    const { metadata, status } = created({}, { generation: 7 }, { phase: "Running", podIP: "1.2.3.4" });
    expect(metadata.generation).toBe(1);
    expect(status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
  });

  test("says what class it is of", () => {
    const resources = { limits: { cpu: "1", memory: "1Gi" } };
    expect(created({ containers: [container({ resources })] }).status?.qosClass).toBe("Guaranteed");
  });

  test("says what it waits for while it is gated", () => {
    expect(created({ schedulingGates: [{ name: "a/b" }] }).status?.conditions).toEqual([
      {
        type: "PodScheduled",
        status: "False",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
        lastProbeTime: null,
        lastTransitionTime: now,
      },
    ]);
  });

  test("selects by its own labels where it names the keys of these", () => {
    const constraint = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
    const labelSelector = { matchLabels: { a: "b" } };
    const term = { topologyKey: "zone", labelSelector };
    const { spec } = created(
      {
        topologySpreadConstraints: [{ ...constraint, labelSelector, matchLabelKeys: ["app", "missing"] }],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, mismatchLabelKeys: ["app"] }],
          },
        },
      },
      { labels: { app: "web" } },
    );
    const expression = { key: "app", values: ["web"] };
    expect(spec.topologySpreadConstraints?.[0]?.labelSelector?.matchExpressions).toEqual([
      { ...expression, operator: "In" },
    ]);
    const [required] = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    expect(required?.labelSelector?.matchExpressions).toEqual([{ ...expression, operator: "NotIn" }]);
  });

  test("has AppArmor profiles in fields, where annotations say them", () => {
    const key = "container.apparmor.security.beta.kubernetes.io/main";
    const warnings: string[] = [];
    const pod = podOf({}, { annotations: { [key]: "localhost/mine" } });
    pods.strategy.prepareForCreate?.(pod, { ...context, warn: (message) => warnings.push(message) });
    expect(pod.spec.containers[0]?.securityContext?.appArmorProfile).toEqual({
      type: "Localhost",
      localhostProfile: "mine",
    });
    expect(warnings).toEqual([
      `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    ]);
  });

  test("is warned of where its name is no host's", () => {
    const pod = podOf({}, { name: "web.1" });
    expect(pods.strategy.warningsOnCreate?.(pod, context)).toEqual([
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ]);
  });
});

const stored = { uid: "u", resourceVersion: "1", creationTimestamp: now, generation: 3 };

describe("an update", () => {
  test("leaves the status, and counts where the spec changes", () => {
    const old = podOf({}, stored, { phase: "Running" });
    const same = podOf({}, stored, { phase: "Failed" });
    pods.strategy.prepareForUpdate?.(same, old, context);
    expect(same.status?.phase).toBe("Running");
    expect(same.metadata.generation).toBe(3);
    const changed = podOf({ activeDeadlineSeconds: 1 }, stored);
    pods.strategy.prepareForUpdate?.(changed, old, context);
    expect(changed.metadata.generation).toBe(4);
  });

  test("of the status leaves the spec and the class", () => {
    const old = podOf({}, stored, { qosClass: "Burstable" });
    const pod = podOf({ nodeName: "other" }, stored, { phase: "Running" });
    pods.subresources?.status?.prepareForUpdate?.(pod, old, context);
    expect(pod.spec.nodeName).toBeUndefined();
    expect(pod.status).toMatchObject({ phase: "Running", qosClass: "Burstable" });
  });

  test("of the status by one who does not know the observed generation leaves it", () => {
    const condition = { type: "Ready", status: "True" };
    const old = podOf({}, stored, {
      observedGeneration: 2,
      conditions: [{ ...condition, observedGeneration: 2 }],
    });
    const pod = podOf({}, stored, { conditions: [condition] });
    pods.subresources?.status?.prepareForUpdate?.(pod, old, context);
    expect(pod.status).toMatchObject({ observedGeneration: 2, conditions: [{ observedGeneration: 2 }] });
  });

  test("of the ephemeral containers leaves all else", () => {
    const old = podOf({}, { ...stored, labels: { a: "b" } });
    const ephemeralContainers = [container({}, "debug")];
    const pod = podOf({ ephemeralContainers, nodeName: "other" }, { ...stored, labels: { a: "c" } });
    pods.subresources?.ephemeralcontainers?.prepareForUpdate?.(pod, old, context);
    expect(pod.spec.ephemeralContainers?.[0]?.name).toBe("debug");
    expect(pod.spec.nodeName).toBeUndefined();
    expect(pod.metadata).toMatchObject({ labels: { a: "b" }, generation: 4 });
  });

  test("of the size leaves all else", () => {
    const old = podOf({}, stored, { phase: "Running" });
    const resources = { requests: { cpu: "1" } };
    const pod = podOf({ containers: [container({ image: "other", resources })], hostname: "h" }, stored);
    pods.subresources?.resize?.prepareForUpdate?.(pod, old, context);
    expect(pod.spec.hostname).toBeUndefined();
    expect(pod.spec.containers[0]).toMatchObject({ image: "nginx:1.27", resources });
    expect(pod.status?.phase).toBe("Running");
    expect(problems(pods.subresources?.resize?.validateUpdate?.(pod, old, context) ?? [])).toEqual([
      'spec: Invalid value: "": Pod QOS Class may not change as a result of resizing',
    ]);
  });
});

describe("the time that a pod gets to end", () => {
  test.each<[string, Fields, Fields, number | undefined, number]>([
    ["its own", { nodeName: "n" }, {}, undefined, 30],
    ["what is asked for", { nodeName: "n" }, {}, 5, 5],
    ["a moment, where less is asked for than none", { nodeName: "n" }, {}, -5, 1],
    ["none, where it is on no node", {}, {}, undefined, 0],
    ["none, where it has ended", { nodeName: "n" }, { phase: "Succeeded" }, 5, 0],
  ])("%s", (_, spec, status, asked, seconds) => {
    expect(pods.strategy.gracefulDeletion?.check(podOf(spec, {}, status), asked, context)).toBe(seconds);
  });
});

test("pods are selected by these fields", () => {
  const pod = podOf(
    { nodeName: "n", serviceAccountName: "sa" },
    {},
    { phase: "Running", podIPs: [{ ip: "10.0.0.1" }] },
  );
  const values = Object.entries(pods.selectableFields ?? {}).map(([field, value]) => [field, value(pod)]);
  expect(Object.fromEntries(values)).toEqual({
    "spec.nodeName": "n",
    "spec.restartPolicy": "Always",
    "spec.schedulerName": "default-scheduler",
    "spec.serviceAccountName": "sa",
    "spec.hostNetwork": "false",
    "status.phase": "Running",
    "status.podIP": "10.0.0.1",
    "status.podIPs": "",
    "status.nominatedNodeName": "",
  });
});
