import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podWith, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

/** Of a pod whose only container has the fields. */
const checkContainer = (fields: Record<string, unknown>): string[] =>
  problems(validatePodCreate(podWith(fields), optionsOf()));

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
