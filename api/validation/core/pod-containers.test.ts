import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { container, optionsOf, podOf, podWith, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

const check = (spec: Record<string, unknown>): string[] =>
  problems(validatePodCreate(podOf(spec), optionsOf()));
/** Of a pod whose only container has the fields; the pod itself may have some too. */
const checkContainer = (fields: Record<string, unknown>, spec = {}): string[] =>
  problems(validatePodCreate(podWith(fields, spec), optionsOf()));

describe("names and images", () => {
  test.each<Case>([
    ["no name", { name: "" }, ["spec.containers[0].name: Required value"]],
    [
      "a name over 63 letters",
      { name: "a".repeat(64) },
      [
        'spec.containers[0].name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      ],
    ],
    ["no image", { image: "" }, ["spec.containers[0].image: Required value"]],
    [
      "an image with space around it",
      { image: " nginx" },
      ['spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace'],
    ],
    [
      "an unknown pull policy",
      { imagePullPolicy: "Daily" },
      [
        'spec.containers[0].imagePullPolicy: Unsupported value: "Daily": supported values: "Always", "IfNotPresent", "Never"',
      ],
    ],
    [
      "an unknown message policy",
      { terminationMessagePolicy: "Log" },
      [
        'spec.containers[0].terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"',
      ],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });

  test("no two containers of a pod, of whatever sort, have one name", () => {
    const spec = {
      containers: [container(), container()],
      initContainers: [container()],
    };
    expect(check(spec)).toEqual([
      'spec.containers[1].name: Duplicate value: "main"',
      'spec.initContainers[0].name: Duplicate value: "main"',
    ]);
  });
});

describe("ports", () => {
  test.each<Case>([
    [
      "number 0",
      { ports: [{ containerPort: 0 }] },
      ["spec.containers[0].ports[0].containerPort: Required value"],
    ],
    [
      "a number beyond 16 bits",
      { ports: [{ containerPort: 65536 }] },
      [
        "spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
      ],
    ],
    [
      "an unknown protocol",
      { ports: [{ containerPort: 80, protocol: "HTTP" }] },
      [
        'spec.containers[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      "a name over 15 letters",
      { ports: [{ containerPort: 80, name: "a-very-long-name" }] },
      [
        'spec.containers[0].ports[0].name: Invalid value: "a-very-long-name": must be no more than 15 characters',
      ],
    ],
    [
      "two of a name",
      {
        ports: [
          { containerPort: 80, name: "http" },
          { containerPort: 81, name: "http" },
        ],
      },
      ['spec.containers[0].ports[1].name: Duplicate value: "http"'],
    ],
    [
      "two of a host port",
      {
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 81, hostPort: 80 },
        ],
      },
      ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
    ],
    [
      "two protocols of a host port",
      {
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 80, hostPort: 80, protocol: "UDP" },
        ],
      },
      [],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });
});

describe("resources", () => {
  test.each<Case>([
    [
      "a request over the limit",
      { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
      [
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
    ],
    [
      "a negative amount",
      { resources: { requests: { memory: "-1Mi" } } },
      [
        'spec.containers[0].resources.requests[memory]: Invalid value: "-1Mi": must be greater than or equal to 0',
      ],
    ],
    [
      "part of a device",
      { resources: { limits: { "example.com/gpu": "500m" } } },
      [
        'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
        'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
      ],
    ],
    [
      "fewer devices than the limit",
      { resources: { requests: { "example.com/gpu": "1" }, limits: { "example.com/gpu": "2" } } },
      [
        'spec.containers[0].resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2',
      ],
    ],
    [
      "an unknown resource",
      { resources: { limits: { cpus: "1" } } },
      [
        'spec.containers[0].resources.limits[cpus]: Invalid value: "cpus": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.limits[cpus]: Invalid value: "cpus": must be a standard resource for containers',
        'spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource for containers',
      ],
    ],
    [
      "huge pages alone",
      { resources: { limits: { "hugepages-2Mi": "2Mi" } } },
      ["spec.containers[0].resources: Forbidden: HugePages require cpu or memory"],
    ],
    [
      "part of a huge page",
      { resources: { limits: { "hugepages-2Mi": "3Mi", memory: "1Gi" } } },
      [
        'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      ],
    ],
    [
      "a policy for a resource that cannot change",
      { resizePolicy: [{ resourceName: "ephemeral-storage", restartPolicy: "NotRequired" }] },
      [
        'spec.containers[0].resizePolicy: Unsupported value: "ephemeral-storage": supported values: "cpu", "memory"',
      ],
    ],
    [
      "two policies of a resource",
      {
        resizePolicy: [
          { resourceName: "cpu", restartPolicy: "NotRequired" },
          { resourceName: "cpu", restartPolicy: "RestartContainer" },
        ],
      },
      ['spec.containers[0].resizePolicy[1]: Duplicate value: "cpu"'],
    ],
    [
      "an unknown policy",
      { resizePolicy: [{ resourceName: "cpu", restartPolicy: "Never" }] },
      [
        'spec.containers[0].resizePolicy: Unsupported value: "Never": supported values: "NotRequired", "RestartContainer"',
      ],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });

  test("a pod that never restarts has no container that restarts to be resized", () => {
    const resizePolicy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }];
    expect(checkContainer({ resizePolicy }, { restartPolicy: "Never" })).toEqual([
      "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'",
    ]);
  });
});

describe("restart rules", () => {
  const rule = { action: "Restart", exitCodes: { operator: "In", values: [42] } };
  test.each<Case>([
    ["rules of a container with its own policy", { restartPolicy: "Never", restartPolicyRules: [rule] }, []],
    [
      "rules without a policy",
      { restartPolicyRules: [rule] },
      [
        "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
      ],
    ],
    [
      "an unknown policy",
      { restartPolicy: "Sometimes" },
      [
        'spec.containers[0].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
      ],
    ],
    [
      "an unknown action",
      { restartPolicy: "Never", restartPolicyRules: [{ ...rule, action: "Stop" }] },
      [
        'spec.containers[0].restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"',
      ],
    ],
    [
      "no exit codes",
      { restartPolicy: "Never", restartPolicyRules: [{ action: "Restart" }] },
      ["spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified"],
    ],
    [
      "an unknown operator",
      {
        restartPolicy: "Never",
        restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "Is", values: [1] } }],
      },
      [
        'spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
      ],
    ],
    [
      "too many rules",
      { restartPolicy: "Never", restartPolicyRules: Array(21).fill(rule) },
      ["spec.containers[0].restartPolicyRules: Too many: 21: must have at most 20 items"],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });
});

describe("init containers", () => {
  const init = (fields: object): Record<string, unknown> => ({
    initContainers: [container({ ...fields }, "init")],
  });
  const web = { httpGet: { port: 80 } };
  test.each<Case>([
    [
      "a probe of one that ends",
      init({ livenessProbe: web }),
      [
        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      ],
    ],
    [
      "a hook of one that ends",
      init({ lifecycle: { postStart: web } }),
      [
        "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
      ],
    ],
    ["a probe of a sidecar", init({ restartPolicy: "Always", livenessProbe: web }), []],
    ["a resize policy", init({ resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }] }), []],
  ])("%s", (_, spec, errors) => {
    expect(check(spec)).toEqual(errors);
  });
});
