import { describe, expect, it } from "vitest";
import { defaultFeatureGates } from "../../feature-gates.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateRuntimeClass, validateRuntimeClassUpdate } from "./runtime-class.ts";

type RuntimeClass = ObjectOf<"io.k8s.api.node.v1.RuntimeClass">;

const gates = defaultFeatureGates();

const valid = {
  metadata: { name: "rc", resourceVersion: "1" },
  handler: "a-b",
  overhead: { podFixed: { cpu: "1", "example.com/x": "1", memory: "1Mi" } },
  scheduling: {
    nodeSelector: { a: "b", "x.io/y": "z" },
    tolerations: [
      { key: "a", operator: "Exists", effect: "NoSchedule" },
      { operator: "Exists" },
      { key: "b", value: "c", effect: "NoExecute", tolerationSeconds: 3 },
    ],
  },
} as unknown as RuntimeClass;

// The answers of kube-apiserver 1.36.3.
describe("RuntimeClass", () => {
  it("takes what upstream takes: rc", () => {
    expect(validateRuntimeClass(valid, gates)).toEqual([]);
  });

  it.each<Corruption>([
    ["/handler", undefined, ["handler: Required value"]],
    [
      "/handler",
      "Bad_Value!",
      [
        "handler: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    ["/handler", "a.b", ['handler: Invalid value: "a.b": must not contain dots']],
    [
      "/handler",
      "x".repeat(64),
      [
        'handler: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
      ],
    ],
    [
      "/overhead/podFixed",
      { "Bad Key!": "1" },
      [
        "overhead.limits[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'overhead.limits[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for containers',
      ],
    ],
    [
      "/overhead/podFixed",
      { "a/b/c": "1" },
      [
        "overhead.limits[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'overhead.limits[a/b/c]: Invalid value: "a/b/c": doesn\'t follow extended resource name standard',
      ],
    ],
    [
      "/overhead/podFixed/cpu",
      "-1",
      ['overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/overhead/podFixed/example.com~1x",
      "-1",
      ['overhead.limits[example.com/x]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/overhead/podFixed/example.com~1x",
      "500m",
      ['overhead.limits[example.com/x]: Invalid value: "500m": must be an integer'],
    ],
    [
      "/overhead/podFixed/memory",
      "-1",
      ['overhead.limits[memory]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/scheduling/nodeSelector",
      { "Bad Key!": "b" },
      [
        "scheduling.nodeSelector: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/scheduling/nodeSelector",
      { "a/b/c": "b" },
      [
        "scheduling.nodeSelector: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/scheduling/nodeSelector/a",
      "Bad_Value!",
      [
        "scheduling.nodeSelector: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/scheduling/nodeSelector/a",
      "x".repeat(64),
      [
        'scheduling.nodeSelector: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/scheduling/tolerations",
      [
        { key: "a", operator: "Exists", effect: "NoSchedule" },
        { key: "a", operator: "Exists", effect: "NoSchedule" },
      ],
      [
        'scheduling.tolerations[1]: Duplicate value: {"Key":"a","Operator":"Exists","Value":"","Effect":"NoSchedule","TolerationSeconds":null}',
      ],
    ],
    [
      "/scheduling/tolerations/0",
      { "Bad Key!": "a" },
      [
        'scheduling.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ],
    ],
    [
      "/scheduling/tolerations/0/key",
      "Bad_Value!",
      [
        "scheduling.tolerations[0].key: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/scheduling/tolerations/0/key",
      "a/b/c",
      [
        "scheduling.tolerations[0].key: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/scheduling/tolerations/0/key",
      "../x",
      [
        "scheduling.tolerations[0].key: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/scheduling/tolerations/0/key",
      "x".repeat(64),
      [
        'scheduling.tolerations[0].key: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/scheduling/tolerations/0/operator",
      "Bad_Value!",
      [
        'scheduling.tolerations[0].operator: Unsupported value: "Bad_Value!": supported values: "Equal", "Exists"',
      ],
    ],
    [
      "/scheduling/tolerations/0/operator",
      "Gt",
      [
        'scheduling.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateRuntimeClass(corrupted(valid, pointer, value), gates))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/handler", "", ["handler: Required value", 'handler: Invalid value: "": field is immutable']],
    [
      "/handler",
      "Bad_Value!",
      [
        "handler: Invalid value: \"Bad_Value!\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        'handler: Invalid value: "Bad_Value!": field is immutable',
      ],
    ],
    [
      "/handler",
      "a.b",
      [
        'handler: Invalid value: "a.b": must not contain dots',
        'handler: Invalid value: "a.b": field is immutable',
      ],
    ],
    ["/handler", "500m", ['handler: Invalid value: "500m": field is immutable']],
    [
      "/handler",
      "x".repeat(64),
      [
        'handler: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 characters',
        'handler: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": field is immutable',
      ],
    ],
    [
      "/scheduling/tolerations/0/effect",
      "Bad_Value!",
      [
        'scheduling.tolerations[0].effect: Unsupported value: "Bad_Value!": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      "/scheduling/tolerations/1/operator",
      "Bad_Value!",
      [
        'scheduling.tolerations[1].operator: Invalid value: "Bad_Value!": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        'scheduling.tolerations[1].operator: Unsupported value: "Bad_Value!": supported values: "Equal", "Exists"',
      ],
    ],
    [
      "/scheduling/tolerations/1/operator",
      "Gt",
      [
        'scheduling.tolerations[1].operator: Invalid value: "Gt": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        'scheduling.tolerations[1].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      ],
    ],
    [
      "/scheduling/tolerations/2/value",
      "Bad_Value!",
      [
        "scheduling.tolerations[2].operator: Invalid value: \"Bad_Value!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    [
      "/scheduling/tolerations/2/value",
      "x".repeat(64),
      [
        'scheduling.tolerations[2].operator: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be no more than 63 bytes',
      ],
    ],
    [
      "/scheduling/tolerations/2/effect",
      undefined,
      [
        "scheduling.tolerations[2].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
      ],
    ],
    [
      "/scheduling/tolerations/2/effect",
      "Bad_Value!",
      [
        "scheduling.tolerations[2].effect: Invalid value: \"Bad_Value!\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        'scheduling.tolerations[2].effect: Unsupported value: "Bad_Value!": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(
      validateRuntimeClassUpdate(corrupted(valid, pointer, value), valid, gates),
    );
    expect(problemsOfChange).toEqual(expected);
  });
});
