import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./endpoint-slice.ts";

type EndpointSlice = ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "eps", namespace: "default", resourceVersion: "1" },
  addressType: "IPv4",
  endpoints: [
    {
      addresses: ["10.5.0.1"],
      conditions: { ready: true },
      hostname: "h",
      targetRef: { kind: "Pod", name: "p" },
      nodeName: "n",
      zone: "z",
      hints: { forZones: [{ name: "z" }], forNodes: [{ name: "n" }] },
    },
  ],
  ports: [
    { name: "a", protocol: "TCP", port: 80, appProtocol: "x.io/h" },
    { name: "", protocol: "TCP", port: 81 },
  ],
} as unknown as EndpointSlice;

const other = {
  metadata: { name: "epsf", namespace: "default", resourceVersion: "1" },
  addressType: "FQDN",
  endpoints: [{ addresses: ["a.example.com."], conditions: {} }],
  ports: null,
} as unknown as EndpointSlice;

// The answers of kube-apiserver 1.36.3.
describe("EndpointSlice", () => {
  it("takes what upstream takes: eps", () => {
    expect(validateEndpointSlice(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/addressType", undefined, ["addressType: Required value"]],
    [
      "/addressType",
      "Bad_Value!",
      ['addressType: Unsupported value: "Bad_Value!": supported values: "FQDN", "IPv4", "IPv6"'],
    ],
    [
      "/endpoints/0/addresses",
      undefined,
      ["endpoints[0].addresses: Required value: must contain at least 1 address"],
    ],
    [
      "/endpoints/0/addresses/0",
      "",
      [
        'endpoints[0].addresses[0]: Invalid value: "": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "/endpoints/0/addresses/0",
      "010.0.0.1",
      ['endpoints[0].addresses[0]: Invalid value: "010.0.0.1": must not have leading 0s'],
    ],
    [
      "/endpoints/0/addresses/0",
      "fd00::5",
      ['endpoints[0].addresses: Invalid value: "fd00::5": must be an IPv4 address'],
    ],
    [
      "/endpoints/0/addresses/0",
      "0.0.0.0",
      ['endpoints[0].addresses[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
    ],
    [
      "/endpoints/0/addresses/0",
      "127.0.0.1",
      [
        'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "/endpoints/0/addresses/0",
      "224.0.0.1",
      [
        'endpoints[0].addresses[0]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    ],
    [
      "/endpoints/0/hostname",
      "",
      [
        "endpoints[0].hostname: Invalid value: \"\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    ["/endpoints/0/hostname", "a.b", ['endpoints[0].hostname: Invalid value: "a.b": must not contain dots']],
    [
      "/endpoints/0/hostname",
      "x".repeat(64),
      [
        'endpoints[0].hostname: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/endpoints/0/nodeName",
      "",
      [
        "endpoints[0].nodeName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/endpoints/0/hints/forZones",
      [{ name: "z" }, { name: "z" }],
      ['endpoints[0].hints.forZones[1].name: Duplicate value: "z"'],
    ],
    [
      "/endpoints/0/hints/forZones/0/name",
      "Bad_Value!",
      [
        "endpoints[0].hints.forZones[0].name: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/endpoints/0/hints/forZones/0/name",
      "x".repeat(64),
      [
        'endpoints[0].hints.forZones[0].name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/endpoints/0/hints/forNodes",
      [{ name: "n" }, { name: "n" }],
      ['endpoints[0].hints.forNodes[1].name: Duplicate value: "n"'],
    ],
    [
      "/endpoints/0/hints/forNodes/0",
      { "Bad Key!": "n" },
      [
        "endpoints[0].hints.forNodes[0].name: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/ports",
      [
        { name: "a", protocol: "TCP", port: 80, appProtocol: "x.io/h" },
        { name: "a", protocol: "TCP", port: 80, appProtocol: "x.io/h" },
      ],
      ['ports[1].name: Duplicate value: "a"'],
    ],
    [
      "/ports/0/name",
      "Bad_Value!",
      [
        "ports[0].name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    ["/ports/0/name", "a.b", ['ports[0].name: Invalid value: "a.b": must not contain dots']],
    [
      "/ports/0/name",
      "x".repeat(64),
      [
        'ports[0].name: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateEndpointSlice(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/addressType",
      undefined,
      ["addressType: Required value", 'addressType: Invalid value: "": field is immutable'],
    ],
    [
      "/addressType",
      "Bad_Value!",
      [
        'addressType: Unsupported value: "Bad_Value!": supported values: "FQDN", "IPv4", "IPv6"',
        'addressType: Invalid value: "Bad_Value!": field is immutable',
      ],
    ],
    [
      "/ports/0/protocol",
      "",
      ['ports[0].protocol: Unsupported value: "": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      "/ports/0/appProtocol",
      "",
      [
        'ports[0].appProtocol: Invalid value: "": name part must be non-empty',
        "ports[0].appProtocol: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/ports/0/appProtocol",
      "Bad_Value!",
      [
        "ports[0].appProtocol: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/ports/0/appProtocol",
      "a/b/c",
      [
        "ports[0].appProtocol: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/ports/0/appProtocol",
      "../x",
      [
        "ports[0].appProtocol: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/ports/0/appProtocol",
      "x".repeat(64),
      [
        'ports[0].appProtocol: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateEndpointSliceUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });

  it("takes what upstream takes: epsf (2)", () => {
    expect(validateEndpointSlice(other, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/endpoints/0/addresses/0", "", ["endpoints[0].addresses[0]: Required value"]],
    [
      "/endpoints/0/addresses/0",
      "Bad_Value!",
      [
        "endpoints[0].addresses[0]: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/endpoints/0/addresses/0",
      "500m",
      [
        'endpoints[0].addresses[0]: Invalid value: "500m": should be a domain with at least two segments separated by dots',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateEndpointSlice(corrupted(other, pointer, value), gates))).toEqual(expected);
  });
});
