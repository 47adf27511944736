import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateEndpoints, validateEndpointsUpdate } from "./endpoints.ts";

type Endpoints = ObjectOf<"io.k8s.api.core.v1.Endpoints">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "ep", namespace: "default", resourceVersion: "1" },
  subsets: [
    {
      addresses: [
        {
          ip: "10.3.0.1",
          hostname: "h",
          nodeName: "n",
          targetRef: { kind: "Pod", namespace: "default", name: "p" },
        },
      ],
      notReadyAddresses: [{ ip: "fd00::1" }],
      ports: [
        { name: "a", port: 80, protocol: "TCP", appProtocol: "x.io/y" },
        { name: "b", port: 81, protocol: "TCP" },
      ],
    },
  ],
} as unknown as Endpoints;

// The answers of kube-apiserver 1.36.3.
describe("Endpoints", () => {
  it("takes what upstream takes: ep", () => {
    expect(validateEndpoints(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/subsets/0/addresses/0/ip",
      undefined,
      [
        'subsets[0].addresses[0].ip: Invalid value: "": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'subsets[0].addresses[0].ip: Invalid value: "": must be a valid IP address',
      ],
    ],
    [
      "/subsets/0/addresses/0/ip",
      "010.0.0.1",
      ['subsets[0].addresses[0].ip: Invalid value: "010.0.0.1": must not have leading 0s'],
    ],
    [
      "/subsets/0/addresses/0/ip",
      "0.0.0.0",
      ['subsets[0].addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
    ],
    [
      "/subsets/0/addresses/0/ip",
      "127.0.0.1",
      [
        'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "/subsets/0/addresses/0/ip",
      "224.0.0.1",
      [
        'subsets[0].addresses[0].ip: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    ],
    [
      "/subsets/0/addresses/0/hostname",
      "Bad_Value!",
      [
        "subsets[0].addresses[0].hostname: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/subsets/0/addresses/0/hostname",
      "a.b",
      ['subsets[0].addresses[0].hostname: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "/subsets/0/addresses/0/hostname",
      "x".repeat(64),
      [
        'subsets[0].addresses[0].hostname: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/subsets/0/addresses/0/nodeName",
      "",
      [
        "subsets[0].addresses[0].nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/subsets/0/notReadyAddresses/0",
      { "Bad Key!": "fd00::1" },
      [
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "": must be a valid IP address',
      ],
    ],
    [
      "/subsets/0/notReadyAddresses/0/ip",
      "010.0.0.1",
      ['subsets[0].notReadyAddresses[0].ip: Invalid value: "010.0.0.1": must not have leading 0s'],
    ],
    [
      "/subsets/0/notReadyAddresses/0/ip",
      "0.0.0.0",
      ['subsets[0].notReadyAddresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
    ],
    [
      "/subsets/0/notReadyAddresses/0/ip",
      "127.0.0.1",
      [
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "/subsets/0/notReadyAddresses/0/ip",
      "224.0.0.1",
      [
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    ],
    ["/subsets/0/ports/0/name", undefined, ["subsets[0].ports[0].name: Required value"]],
    [
      "/subsets/0/ports/0/name",
      "Bad_Value!",
      [
        "subsets[0].ports[0].name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      "/subsets/0/ports/0/name",
      "a.b",
      ['subsets[0].ports[0].name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "/subsets/0/ports/0/name",
      "x".repeat(64),
      [
        'subsets[0].ports[0].name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/subsets/0/ports/0/port",
      undefined,
      ["subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ],
    [
      "/subsets/0/ports/0/protocol",
      "Bad_Value!",
      [
        'subsets[0].ports[0].protocol: Unsupported value: "Bad_Value!": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      "/subsets/0/ports/0/appProtocol",
      "",
      [
        'subsets[0].ports[0].appProtocol: Invalid value: "": name part must be non-empty',
        "subsets[0].ports[0].appProtocol: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/subsets/0/ports/0/appProtocol",
      "Bad_Value!",
      [
        "subsets[0].ports[0].appProtocol: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateEndpoints(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/subsets/0/ports/0/appProtocol",
      "a/b/c",
      [
        "subsets[0].ports[0].appProtocol: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/subsets/0/ports/0/appProtocol",
      "../x",
      [
        "subsets[0].ports[0].appProtocol: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/subsets/0/ports/0/appProtocol",
      "x".repeat(64),
      [
        'subsets[0].ports[0].appProtocol: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateEndpointsUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
