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

describe("variables", () => {
  test.each<Case>([
    ["no name", { env: [{ name: "", value: "x" }] }, ["spec.containers[0].env[0].name: Required value"]],
    [
      "a name with an equals sign",
      { env: [{ name: "A=B" }] },
      [
        "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
      ],
    ],
    [
      "a value and a source",
      { env: [{ name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      ],
    ],
    [
      "an empty source",
      { env: [{ name: "A", valueFrom: {} }] },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ],
    ],
    [
      "two sources",
      {
        env: [
          {
            name: "A",
            valueFrom: { fieldRef: { fieldPath: "metadata.name" }, secretKeyRef: { name: "s", key: "k" } },
          },
        ],
      },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time',
      ],
    ],
    [
      "a field that pods do not tell",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.containers" } } }] },
      [
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.containers": error converting fieldPath: field label not supported: spec.containers',
      ],
    ],
    [
      "a label of the pod",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] },
      [],
    ],
    [
      "a resource in parts that it has not",
      { env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1m" } } }] },
      [
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.memory": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource',
      ],
    ],
    [
      "a key that is no file's name",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "c", key: "a/b" } } }] },
      [
        "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      "a file in no volume",
      { env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "v", path: "f", key: "K" } } }] },
      ['spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"'],
    ],
    [
      "many from nowhere",
      { envFrom: [{}] },
      ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
    ],
    [
      "many from two places",
      { envFrom: [{ configMapRef: { name: "c" }, secretRef: { name: "s" } }] },
      ['spec.containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
    [
      "many from a secret without a name",
      { envFrom: [{ secretRef: { name: "" } }] },
      ["spec.containers[0].envFrom[0].secretRef.name: Required value"],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });
});

describe("mounts and devices", () => {
  const volumes = [
    { name: "data", emptyDir: {} },
    { name: "disk", persistentVolumeClaim: { claimName: "c" } },
    { name: "image", image: { reference: "busybox" } },
  ];
  test.each<Case>([
    [
      "a volume that the pod has not",
      { volumeMounts: [{ name: "other", mountPath: "/x" }] },
      ['spec.containers[0].volumeMounts[0].name: Not found: "other"'],
    ],
    [
      "no path",
      { volumeMounts: [{ name: "data", mountPath: "" }] },
      ["spec.containers[0].volumeMounts[0].mountPath: Required value"],
    ],
    [
      "one path for two",
      {
        volumeMounts: [
          { name: "data", mountPath: "/x" },
          { name: "disk", mountPath: "/x" },
        ],
      },
      ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique'],
    ],
    [
      "an absolute path inside the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "/y" }] },
      ['spec.containers[0].volumeMounts.subPath: Invalid value: "/y": must be a relative path'],
    ],
    [
      "a path that leaves the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "a/../b" }] },
      ["spec.containers[0].volumeMounts.subPath: Invalid value: \"a/../b\": must not contain '..'"],
    ],
    [
      "two paths inside the volume",
      { volumeMounts: [{ name: "data", mountPath: "/x", subPath: "a", subPathExpr: "$(B)" }] },
      [
        'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "$(B)": subPathExpr and subPath are mutually exclusive',
      ],
    ],
    [
      "propagation without privilege",
      { volumeMounts: [{ name: "data", mountPath: "/x", mountPropagation: "Bidirectional" }] },
      [
        "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
      ],
    ],
    [
      "recursively read-only but not read-only",
      { volumeMounts: [{ name: "data", mountPath: "/x", recursiveReadOnly: "Enabled" }] },
      [
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
      ],
    ],
    [
      "a device that is no claim",
      { volumeDevices: [{ name: "data", devicePath: "/dev/x" }] },
      [
        'spec.containers[0].volumeDevices[0].name: Invalid value: "data": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      ],
    ],
    [
      "a claim as both",
      {
        volumeMounts: [{ name: "disk", mountPath: "/x" }],
        volumeDevices: [{ name: "disk", devicePath: "/dev/x" }],
      },
      [
        'spec.containers[0].volumeMounts[0].name: Invalid value: "disk": must not already exist in volumeDevices',
        'spec.containers[0].volumeDevices[0].name: Invalid value: "disk": must not already exist in volumeMounts',
      ],
    ],
    [
      "a device's path that leaves /dev",
      { volumeDevices: [{ name: "disk", devicePath: "/dev/../x" }] },
      [
        "spec.containers[0].volumeDevices[0].devicePath: Invalid value: \"/dev/../x\": can not contain backsteps ('..')",
      ],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields, { volumes })).toEqual(errors);
  });
});

describe("probes and hooks", () => {
  const web = { httpGet: { path: "/", port: 80 } };
  test.each<Case>([
    [
      "a probe that does nothing",
      { livenessProbe: {} },
      ["spec.containers[0].livenessProbe: Required value: must specify a handler type"],
    ],
    [
      "a probe that does two things",
      { readinessProbe: { ...web, tcpSocket: { port: 80 } } },
      ["spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"],
    ],
    [
      "negative seconds",
      { livenessProbe: { ...web, initialDelaySeconds: -1 } },
      [
        "spec.containers[0].livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0",
      ],
    ],
    [
      "life that needs two successes",
      { livenessProbe: { ...web, successThreshold: 2 } },
      ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"],
    ],
    ["readiness that needs two successes", { readinessProbe: { ...web, successThreshold: 2 } }, []],
    [
      "readiness that ends the container",
      { readinessProbe: { ...web, terminationGracePeriodSeconds: 1 } },
      [
        "spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes",
      ],
    ],
    [
      "no time to end",
      { startupProbe: { ...web, terminationGracePeriodSeconds: 0 } },
      [
        "spec.containers[0].startupProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
      ],
    ],
    [
      "a port number out of range",
      { livenessProbe: { tcpSocket: { port: 0 } } },
      [
        "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive",
      ],
    ],
    [
      "a port's name that is none",
      { livenessProbe: { httpGet: { port: "my_port" } } },
      [
        'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "my_port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
    [
      "an unknown scheme",
      { livenessProbe: { httpGet: { port: 80, scheme: "FTP" } } },
      [
        'spec.containers[0].livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
      ],
    ],
    [
      "a header that is none",
      { livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "a b", value: "c" }] } } },
      [
        "spec.containers[0].livenessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ],
    ],
    [
      "a command of no words",
      { livenessProbe: { exec: { command: [] } } },
      ["spec.containers[0].livenessProbe.exec.command: Required value"],
    ],
    [
      "a gRPC port out of range",
      { livenessProbe: { grpc: { port: 70000 } } },
      [
        "spec.containers[0].livenessProbe.grpc.port: Invalid value: 70000: must be between 1 and 65535, inclusive",
      ],
    ],
    [
      "a hook that does nothing",
      { lifecycle: { preStop: {} } },
      ["spec.containers[0].lifecycle.preStop: Required value: must specify a handler type"],
    ],
    [
      "a sleep longer than the pod has to end",
      { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      [
        "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)",
      ],
    ],
  ])("%s", (_, fields, errors) => {
    expect(checkContainer(fields)).toEqual(errors);
  });

  test("a stop signal is of the pod's operating system", () => {
    const fields = { lifecycle: { stopSignal: "SIGKILLED" } };
    const options = optionsOf(undefined, "ContainerStopSignals=true");
    const ask = (spec: object): string[] =>
      problems(validatePodCreate(podWith(fields, { ...spec }), options));
    expect(ask({})).toEqual([
      "spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`",
    ]);
    expect(ask({ os: { name: "windows" } })).toEqual([
      'spec.containers[0].lifecycle.stopSignal: Unsupported value: "SIGKILLED": supported values: "SIGKILL", "SIGTERM"',
    ]);
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
