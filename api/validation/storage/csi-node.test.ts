import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateCsiNode, validateCsiNodeUpdate } from "./csi-node.ts";

type CSINode = ObjectOf<"io.k8s.api.storage.v1.CSINode">;

const gates = defaultFeatureGates();

const valid = {
  metadata: {
    name: "csin",
    annotations: { "storage.alpha.kubernetes.io/migrated-plugins": "kubernetes.io/aws-ebs" },
    resourceVersion: "1",
  },
  spec: {
    drivers: [
      { name: "a.b", nodeID: "i", topologyKeys: ["k", "j"] },
      { name: "c.d", nodeID: "j", topologyKeys: null, allocatable: {} },
    ],
  },
} as unknown as CSINode;

// The answers of kube-apiserver 1.36.3.
describe("CSINode", () => {
  it("takes what upstream takes: csin", () => {
    expect(validateCsiNode(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/drivers",
      [
        { name: "a.b", nodeID: "i", topologyKeys: ["k", "j"] },
        { name: "a.b", nodeID: "i", topologyKeys: ["k", "j"] },
      ],
      ['spec.drivers[1].name: Duplicate value: "a.b"'],
    ],
    ["/spec/drivers/0/name", undefined, ["spec.drivers[0].name: Required value"]],
    [
      "/spec/drivers/0/name",
      "Bad_Value!",
      [
        "spec.drivers[0].name: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/drivers/0/name",
      "x".repeat(64),
      ["spec.drivers[0].name: Too long: may not be more than 63 bytes"],
    ],
    ["/spec/drivers/0/nodeID", undefined, ["spec.drivers[0].nodeID: Required value"]],
    ["/spec/drivers/0/topologyKeys", ["k", "k"], ['spec.drivers[0]: Duplicate value: "k"']],
    [
      "/spec/drivers/0/topologyKeys/0",
      "",
      [
        "spec.drivers[0]: Required value",
        'spec.drivers[0]: Invalid value: "": name part must be non-empty',
        "spec.drivers[0]: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "Bad_Value!",
      [
        "spec.drivers[0]: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "a/b/c",
      [
        "spec.drivers[0]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "../x",
      [
        "spec.drivers[0]: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "x".repeat(64),
      [
        'spec.drivers[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateCsiNode(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/drivers/0/nodeID",
      undefined,
      [
        "spec.drivers[0].nodeID: Required value",
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"","TopologyKeys":["k","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/nodeID",
      "Bad_Value!",
      [
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"Bad_Value!","TopologyKeys":["k","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys",
      undefined,
      [
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":null,"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys",
      ["k", "k"],
      [
        'spec.drivers[0]: Duplicate value: "k"',
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["k","k"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      undefined,
      [
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "",
      [
        "spec.drivers[0]: Required value",
        'spec.drivers[0]: Invalid value: "": name part must be non-empty',
        "spec.drivers[0]: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "Bad_Value!",
      [
        "spec.drivers[0]: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["Bad_Value!","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "a/b/c",
      [
        "spec.drivers[0]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["a/b/c","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "../x",
      [
        "spec.drivers[0]: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["../x","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/0/topologyKeys/0",
      "x".repeat(64),
      [
        'spec.drivers[0]: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"i","TopologyKeys":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","j"],"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/1/name",
      "a.b",
      [
        'spec.drivers[1].name: Duplicate value: "a.b"',
        'spec.drivers: Invalid value: {"Name":"a.b","NodeID":"j","TopologyKeys":null,"Allocatable":null}: field is immutable',
      ],
    ],
    [
      "/spec/drivers/1/nodeID",
      undefined,
      [
        "spec.drivers[1].nodeID: Required value",
        'spec.drivers: Invalid value: {"Name":"c.d","NodeID":"","TopologyKeys":null,"Allocatable":null}: field is immutable',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateCsiNodeUpdate(corrupted(valid, pointer, value), valid, gates));
    expect(problemsOfChange).toEqual(expected);
  });
});
