import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import { validateLimitRange } from "./limit-range.ts";

type LimitRange = ObjectOf<"io.k8s.api.core.v1.LimitRange">;

const valid = {
  metadata: { name: "lr", namespace: "default", resourceVersion: "1" },
  spec: {
    limits: [
      {
        type: "Container",
        max: { cpu: "2", "example.com/gpu": "2" },
        min: { cpu: "1", "example.com/gpu": "1" },
        default: { cpu: "1500m", "example.com/gpu": "2" },
        defaultRequest: { cpu: "1200m", "example.com/gpu": "2" },
        maxLimitRequestRatio: { cpu: "2", memory: "3" },
      },
      { type: "Pod", max: { memory: "1Gi" }, min: { memory: "1Mi" } },
      { type: "example.com/Foo", max: { cpu: "3" } },
      { type: "PersistentVolumeClaim", max: { storage: "2Gi" }, min: { storage: "1Gi" } },
    ],
  },
} as unknown as LimitRange;

// The answers of kube-apiserver 1.36.3.
describe("LimitRange", () => {
  it("takes what upstream takes: lr", () => {
    expect(validateLimitRange(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/limits/0/type",
      undefined,
      [
        'spec.limits[0].type: Invalid value: "": name part must be non-empty',
        "spec.limits[0].type: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/limits/0/type",
      "Bad_Value!",
      [
        "spec.limits[0].type: Invalid value: \"Bad_Value!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/limits/0/type",
      "a.b",
      ['spec.limits[0].type: Invalid value: "a.b": must be a standard limit type or fully qualified'],
    ],
    [
      "/spec/limits/0/type",
      "a/b/c",
      [
        "spec.limits[0].type: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/limits/0/type",
      "../x",
      [
        "spec.limits[0].type: Invalid value: \"../x\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "/spec/limits/0/type",
      "Pod",
      [
        "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
        "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
        'spec.limits[1].type: Duplicate value: "Pod"',
      ],
    ],
    [
      "/spec/limits/0/type",
      "x".repeat(64),
      [
        'spec.limits[0].type: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": name part must be no more than 63 bytes',
      ],
    ],
    [
      "/spec/limits/0/max/cpu",
      "-1",
      [
        'spec.limits[0].min[cpu]: Invalid value: "1": min value 1 is greater than max value -1',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1200m": default request value 1200m is greater than max value -1',
        'spec.limits[0].default[cpu]: Invalid value: "-1": default value 1500m is greater than max value -1',
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = -1.000000',
      ],
    ],
    [
      "/spec/limits/0/max/cpu",
      "1.5",
      [
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = 1.500000',
      ],
    ],
    [
      "/spec/limits/0/max/cpu",
      "500m",
      [
        'spec.limits[0].min[cpu]: Invalid value: "1": min value 1 is greater than max value 500m',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1200m": default request value 1200m is greater than max value 500m',
        'spec.limits[0].default[cpu]: Invalid value: "500m": default value 1500m is greater than max value 500m',
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = 0.500000',
      ],
    ],
    [
      "/spec/limits/0/max/example.com~1gpu",
      "-1",
      [
        'spec.limits[0].min[example.com/gpu]: Invalid value: "1": min value 1 is greater than max value -1',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than max value -1',
        'spec.limits[0].default[example.com/gpu]: Invalid value: "-1": default value 2 is greater than max value -1',
      ],
    ],
    [
      "/spec/limits/0/max/example.com~1gpu",
      "1.5",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than max value 1500m',
        'spec.limits[0].default[example.com/gpu]: Invalid value: "1500m": default value 2 is greater than max value 1500m',
      ],
    ],
    [
      "/spec/limits/0/max/example.com~1gpu",
      "500m",
      [
        'spec.limits[0].min[example.com/gpu]: Invalid value: "1": min value 1 is greater than max value 500m',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than max value 500m',
        'spec.limits[0].default[example.com/gpu]: Invalid value: "500m": default value 2 is greater than max value 500m',
      ],
    ],
    [
      "/spec/limits/0/min/cpu",
      "1.5",
      [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1200m": min value 1500m is greater than default request value 1200m',
        'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = 1.333333',
      ],
    ],
    [
      "/spec/limits/0/default/cpu",
      "-1",
      [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1200m": default request value 1200m is greater than default limit value -1',
        'spec.limits[0].default[cpu]: Invalid value: "1": min value 1 is greater than default value -1',
      ],
    ],
    [
      "/spec/limits/0/default/cpu",
      "500m",
      [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1200m": default request value 1200m is greater than default limit value 500m',
        'spec.limits[0].default[cpu]: Invalid value: "1": min value 1 is greater than default value 500m',
      ],
    ],
    [
      "/spec/limits/0/default/example.com~1gpu",
      "-1",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than default limit value -1',
        'spec.limits[0].default[example.com/gpu]: Invalid value: "1": min value 1 is greater than default value -1',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default value -1 must equal to defaultRequest value 2 in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/default/example.com~1gpu",
      "1.5",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than default limit value 1500m',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default value 1500m must equal to defaultRequest value 2 in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/default/example.com~1gpu",
      "500m",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default request value 2 is greater than default limit value 500m',
        'spec.limits[0].default[example.com/gpu]: Invalid value: "1": min value 1 is greater than default value 500m',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "2": default value 500m must equal to defaultRequest value 2 in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest",
      { "Bad Key!": "1200m" },
      [
        "spec.limits[0].defaultRequest[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.limits[0].defaultRequest[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for containers',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest",
      { "a/b/c": "1200m" },
      [
        "spec.limits[0].defaultRequest[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.limits[0].defaultRequest[a/b/c]: Invalid value: "a/b/c": doesn\'t follow extended resource name standard',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest/cpu",
      "-1",
      [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "-1": min value 1 is greater than default request value -1',
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateLimitRange(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/spec/limits/0/defaultRequest/cpu",
      "500m",
      [
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "500m": min value 1 is greater than default request value 500m',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest/example.com~1gpu",
      "-1",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "-1": min value 1 is greater than default request value -1',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "-1": default value 2 must equal to defaultRequest value -1 in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest/example.com~1gpu",
      "1.5",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "1500m": default value 2 must equal to defaultRequest value 1500m in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/defaultRequest/example.com~1gpu",
      "500m",
      [
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "500m": min value 1 is greater than default request value 500m',
        'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "500m": default value 2 must equal to defaultRequest value 500m in example.com/gpu',
      ],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio",
      { "Bad Key!": "2" },
      [
        "spec.limits[0].maxLimitRequestRatio[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.limits[0].maxLimitRequestRatio[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for containers',
      ],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio",
      { "a/b/c": "2" },
      [
        "spec.limits[0].maxLimitRequestRatio[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.limits[0].maxLimitRequestRatio[a/b/c]: Invalid value: "a/b/c": doesn\'t follow extended resource name standard',
      ],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio/cpu",
      "-1",
      ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "-1": ratio -1 is less than 1'],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio/cpu",
      "500m",
      ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1'],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio/memory",
      "-1",
      ['spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "-1": ratio -1 is less than 1'],
    ],
    [
      "/spec/limits/0/maxLimitRequestRatio/memory",
      "500m",
      ['spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1'],
    ],
    [
      "/spec/limits/1/max",
      { "Bad Key!": "1Gi" },
      [
        "spec.limits[1].max[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.limits[1].max[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for containers',
      ],
    ],
    [
      "/spec/limits/1/max",
      { "a/b/c": "1Gi" },
      [
        "spec.limits[1].max[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.limits[1].max[a/b/c]: Invalid value: "a/b/c": doesn\'t follow extended resource name standard',
      ],
    ],
    [
      "/spec/limits/1/max/memory",
      "-1",
      ['spec.limits[1].min[memory]: Invalid value: "1Mi": min value 1Mi is greater than max value -1'],
    ],
    [
      "/spec/limits/1/max/memory",
      "1.5",
      ['spec.limits[1].min[memory]: Invalid value: "1Mi": min value 1Mi is greater than max value 1500m'],
    ],
    [
      "/spec/limits/1/min",
      { "Bad Key!": "1Mi" },
      [
        "spec.limits[1].min[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.limits[1].min[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for containers',
      ],
    ],
    [
      "/spec/limits/1/min",
      { "a/b/c": "1Mi" },
      [
        "spec.limits[1].min[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.limits[1].min[a/b/c]: Invalid value: "a/b/c": doesn\'t follow extended resource name standard',
      ],
    ],
    ["/spec/limits/2/type", "Pod", ['spec.limits[2].type: Duplicate value: "Pod"']],
    [
      "/spec/limits/2/max",
      { "Bad Key!": "3" },
      [
        "spec.limits[2].max[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "/spec/limits/2/max",
      { "a/b/c": "3" },
      [
        "spec.limits[2].max[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/limits/3/type",
      "Pod",
      [
        'spec.limits[3].type: Duplicate value: "Pod"',
        'spec.limits[3].max[storage]: Invalid value: "storage": must be a standard resource for containers',
        'spec.limits[3].min[storage]: Invalid value: "storage": must be a standard resource for containers',
      ],
    ],
    [
      "/spec/limits/3/max/storage",
      "-1",
      ['spec.limits[3].min[storage]: Invalid value: "1Gi": min value 1Gi is greater than max value -1'],
    ],
    [
      "/spec/limits/3/max/storage",
      "1.5",
      ['spec.limits[3].min[storage]: Invalid value: "1Gi": min value 1Gi is greater than max value 1500m'],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateLimitRange(corrupted(valid, pointer, value)));
    expect(problemsOfChange).toEqual(expected);
  });
});
