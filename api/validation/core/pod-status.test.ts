import { describe, expect, test } from "vitest";
import { validatePodStatusUpdate } from "./pod-status.ts";
import { container, optionsOf, podOf, problems } from "./testing.ts";

type Fields = Record<string, unknown>;

const stored = { uid: "u", resourceVersion: "1", creationTimestamp: "2024-01-01T00:00:00Z" };
const check = (status: Fields, old: Fields = {}, spec: Fields = {}, flags = ""): string[] => {
  const before = podOf(spec, stored, old);
  return problems(validatePodStatusUpdate(podOf(spec, stored, status), before, optionsOf(before, flags)));
};

describe("addresses", () => {
  test.each<[string, Fields, string[]]>([
    ["one of each family", { podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] }, []],
    [
      "two of a family",
      { podIPs: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }] },
      [
        'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
      ],
    ],
    [
      "none at all",
      { podIPs: [{ ip: "here" }] },
      [
        'status.podIPs[0]: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "a host's list without its first",
      { hostIPs: [{ ip: "10.0.0.1" }] },
      ['status.hostIPs[0].ip: Invalid value: "10.0.0.1": must be equal to `hostIP`'],
    ],
    [
      "a host's list with another first",
      { hostIP: "10.0.0.2", hostIPs: [{ ip: "10.0.0.1" }] },
      ['status.hostIPs[0].ip: Invalid value: "10.0.0.1": must be equal to `hostIP`'],
    ],
  ])("%s", (_, status, errors) => {
    expect(check(status)).toEqual(errors);
  });
});

describe("the node that a pod may go to", () => {
  test("has a node's name", () => {
    expect(check({ nominatedNodeName: "Node" })).toEqual([
      "status.nominatedNodeName: Invalid value: \"Node\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
  });

  test("is not told of a pod that is on a node, unless it was before", () => {
    const spec = { nodeName: "a" };
    expect(check({ nominatedNodeName: "b" }, {}, spec)).toEqual([
      "status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node",
    ]);
    expect(check({ nominatedNodeName: "b" }, { nominatedNodeName: "b" }, spec)).toEqual([]);
    expect(
      check({ nominatedNodeName: "b" }, {}, spec, "ClearingNominatedNodeNameAfterBinding=false"),
    ).toEqual([]);
  });
});

describe("containers that have ended", () => {
  const status = (state: Fields, list = "containerStatuses", name = "main"): Fields => ({
    [list]: [{ name, image: "i", imageID: "", ready: false, restartCount: 0, state }],
  });
  const ended = (exitCode: number): Fields => ({ terminated: { exitCode } });
  const running = { running: {} };
  const refused = "may not be transitioned to non-terminated state";

  test.each<[string, number, Fields, boolean]>([
    ["of a pod that always restarts", 0, { restartPolicy: "Always" }, true],
    ["of a pod that never restarts", 1, { restartPolicy: "Never" }, false],
    ["badly, of a pod that restarts then", 1, { restartPolicy: "OnFailure" }, true],
    ["well, of a pod that restarts only otherwise", 0, { restartPolicy: "OnFailure" }, false],
    [
      "and have a policy of their own",
      0,
      { restartPolicy: "Never", containers: [container({ restartPolicy: "Always" })] },
      true,
    ],
    [
      "with a code that a rule knows",
      42,
      {
        restartPolicy: "Never",
        containers: [
          container({
            restartPolicy: "Never",
            restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }],
          }),
        ],
      },
      true,
    ],
  ])("%s (%i)", (_, code, spec, mayRestart) => {
    const errors = check(status(running), status(ended(code)), spec);
    expect(errors).toEqual(mayRestart ? [] : [`status.containerStatuses[0].state: Forbidden: ${refused}`]);
  });

  test("end for good where they are ephemeral", () => {
    const list = "ephemeralContainerStatuses";
    const spec = { ephemeralContainers: [container({}, "debug")] };
    expect(check(status(running, list, "debug"), status(ended(1), list, "debug"), spec)).toEqual([
      "status.ephemeralContainerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
    ]);
  });

  test("are judged by the pod's policy alone where restart rules are off", () => {
    const flags = "ContainerRestartRules=false,RestartAllContainersOnContainerExits=false";
    const list = "initContainerStatuses";
    const sidecar = {
      restartPolicy: "Never",
      initContainers: [container({ restartPolicy: "Always" }, "side")],
    };
    expect(check(status(running, list, "side"), status(ended(0), list, "side"), sidecar, flags)).toEqual([]);
    expect(check(status(running), status(ended(0)), { restartPolicy: "Never" }, flags)).toHaveLength(1);
  });
});

describe("other parts", () => {
  const containerStatus = { name: "main", image: "i", imageID: "", ready: true, restartCount: 0 };
  test.each<[string, Fields, Fields, string[]]>([
    [
      "a claim that the spec has not",
      { resourceClaimStatuses: [{ name: "gpu" }] },
      {},
      [
        'status.resourceClaimStatuses[0].name: Invalid value: "gpu": must match the name of an entry in `spec.resourceClaims`',
      ],
    ],
    [
      "a claim's name that is none",
      { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "A" }] },
      { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "t" }] },
      [
        "status.resourceClaimStatuses[0].resourceClaimName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "a condition's generation below 0",
      { conditions: [{ type: "Ready", status: "True", observedGeneration: -1 }] },
      {},
      ["status.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer"],
    ],
    [
      "a condition that is no qualified name",
      { conditions: [{ type: "a b", status: "True" }] },
      {},
      [
        "status.conditions[0].Type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "a Linux user of a Windows pod",
      { containerStatuses: [{ ...containerStatus, user: { linux: { uid: 1, gid: 1 } } }] },
      { os: { name: "windows" } },
      ["status.containerStatuses[0].user.linux: Forbidden: cannot be set for a windows pod"],
    ],
    [
      "the health of a resource that was not asked for",
      {
        containerStatuses: [
          {
            ...containerStatus,
            allocatedResourcesStatus: [
              { name: "example.com/gpu", resources: [{ resourceID: "1", health: "Healthy" }] },
            ],
          },
        ],
      },
      {},
      [
        'status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "example.com/gpu": must match one of the container\'s resource requests',
      ],
    ],
  ])("%s", (_, status, spec, errors) => {
    expect(check(status, {}, spec)).toEqual(errors);
  });

  test("the QoS class stays", () => {
    expect(check({ qosClass: "Guaranteed" }, { qosClass: "BestEffort" })).toEqual([
      'status.qosClass: Invalid value: "Guaranteed": field is immutable',
    ]);
  });

  test("the node stays", () => {
    const before = podOf({ nodeName: "a" }, stored);
    const pod = podOf({ nodeName: "b" }, stored);
    expect(problems(validatePodStatusUpdate(pod, before, optionsOf(before)))).toEqual([
      "status.nodeName: Forbidden: may not be changed directly",
    ]);
  });
});
