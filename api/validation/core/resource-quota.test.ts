import { describe, expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { type Corruption, corrupted, problems } from "../corruption.ts";
import {
  validateResourceQuota,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from "./resource-quota.ts";

type ResourceQuota = ObjectOf<"io.k8s.api.core.v1.ResourceQuota">;

const valid = {
  metadata: { name: "q", namespace: "default", resourceVersion: "1" },
  spec: {
    hard: {
      "count/deployments.apps": "3",
      "fast.storageclass.storage.k8s.io/requests.storage": "1Gi",
      "hugepages-2Mi": "4Mi",
      "limits.cpu": "2",
      pods: "10",
      "requests.example.com/gpu": "2",
      "requests.hugepages-2Mi": "4Mi",
      "services.nodeports": "1",
    },
  },
  status: {},
} as unknown as ResourceQuota;

const other = {
  metadata: { name: "q2", namespace: "default", resourceVersion: "1" },
  spec: {
    hard: { pods: "10", "requests.cpu": "1" },
    scopes: ["NotTerminating", "NotBestEffort"],
    scopeSelector: {
      matchExpressions: [
        { scopeName: "PriorityClass", operator: "In", values: ["high", "low"] },
        { scopeName: "CrossNamespacePodAffinity", operator: "Exists" },
      ],
    },
  },
  status: {},
} as unknown as ResourceQuota;

const validStatus = {
  ...valid,
  status: {
    hard: { cpu: "1", pods: "3", "requests.storage": "1Gi", "count/x": "4" },
    used: { cpu: "1", pods: "2" },
  },
} as unknown as ResourceQuota;

const otherStatus = {
  ...other,
  status: {
    hard: { cpu: "1", pods: "3", "requests.storage": "1Gi", "count/x": "4" },
    used: { cpu: "1", pods: "2" },
  },
} as unknown as ResourceQuota;

// The answers of kube-apiserver 1.36.3.
describe("ResourceQuota", () => {
  it("takes what upstream takes: q", () => {
    expect(validateResourceQuota(valid)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/hard/count~1deployments.apps",
      "-1",
      ['spec.hard[count/deployments.apps]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/spec/hard/count~1deployments.apps",
      "500m",
      ['spec.hard[count/deployments.apps]: Invalid value: "500m": must be an integer'],
    ],
    [
      "/spec/hard/fast.storageclass.storage.k8s.io~1requests.storage",
      "-1",
      [
        'spec.hard[fast.storageclass.storage.k8s.io/requests.storage]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
    [
      "/spec/hard/fast.storageclass.storage.k8s.io~1requests.storage",
      "500m",
      [
        'spec.hard[fast.storageclass.storage.k8s.io/requests.storage]: Invalid value: "500m": must be an integer',
      ],
    ],
    [
      "/spec/hard/hugepages-2Mi",
      "-1",
      ['spec.hard[hugepages-2Mi]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/spec/hard/limits.cpu",
      "-1",
      ['spec.hard[limits.cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    ["/spec/hard/pods", "-1", ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0']],
    ["/spec/hard/pods", "500m", ['spec.hard[pods]: Invalid value: "500m": must be an integer']],
    [
      "/spec/hard/requests.example.com~1gpu",
      "-1",
      ['spec.hard[requests.example.com/gpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/spec/hard/requests.hugepages-2Mi",
      "-1",
      ['spec.hard[requests.hugepages-2Mi]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/spec/hard/services.nodeports",
      "-1",
      ['spec.hard[services.nodeports]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/spec/hard/services.nodeports",
      "500m",
      ['spec.hard[services.nodeports]: Invalid value: "500m": must be an integer'],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateResourceQuota(corrupted(valid, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    [
      "/status/hard",
      { "Bad Key!": "1" },
      [
        "status.hard[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'status.hard[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for quota',
      ],
    ],
    [
      "/status/hard",
      { "a/b/c": "1" },
      [
        "status.hard[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    ["/status/hard/cpu", "-1", ['status.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0']],
    [
      "/status/hard/pods",
      "-1",
      ['status.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    ["/status/hard/pods", "500m", ['status.hard[pods]: Invalid value: "500m": must be an integer']],
    [
      "/status/hard/requests.storage",
      "-1",
      ['status.hard[requests.storage]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "/status/hard/count~1x",
      "-1",
      ['status.hard[count/x]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    ["/status/hard/count~1x", "500m", ['status.hard[count/x]: Invalid value: "500m": must be an integer']],
    [
      "/status/used",
      { "Bad Key!": "1" },
      [
        "status.used[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'status.used[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for quota',
      ],
    ],
    [
      "/status/used",
      { "a/b/c": "1" },
      [
        "status.used[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    ["/status/used/cpu", "-1", ['status.used[cpu]: Invalid value: "-1": must be greater than or equal to 0']],
    [
      "/status/used/pods",
      "-1",
      ['status.used[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(validStatus, pointer, value);
    expect(problems(validateResourceQuotaStatusUpdate(changed, valid))).toEqual(expected);
  });

  it("takes what upstream takes: q2 (2)", () => {
    expect(validateResourceQuota(other)).toEqual([]);
  });

  it.each<Corruption>([
    [
      "/spec/hard",
      { "Bad Key!": "10" },
      [
        "spec.hard[Bad Key!]: Invalid value: \"Bad Key!\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.hard[Bad Key!]: Invalid value: "Bad Key!": must be a standard resource for quota',
      ],
    ],
    [
      "/spec/hard",
      { "a/b/c": "10" },
      [
        "spec.hard[a/b/c]: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
    [
      "/spec/hard/requests.cpu",
      "-1",
      ['spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    ["/spec/scopes/0", "", ['spec.scopes: Invalid value: ["","NotBestEffort"]: unsupported scope']],
    [
      "/spec/scopes/0",
      "BestEffort",
      [
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
      ],
    ],
    [
      "/spec/scopes/1",
      "Terminating",
      ['spec.scopes: Invalid value: ["NotTerminating","Terminating"]: conflicting scopes'],
    ],
    [
      "/spec/scopes/1",
      "BestEffort",
      ['spec.scopes: Invalid value: ["NotTerminating","BestEffort"]: unsupported scope applied to resource'],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/scopeName",
      undefined,
      ['spec.scopeSelector.matchExpressions.scopeName: Invalid value: "": unsupported scope'],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/scopeName",
      "Terminating",
      [
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"In\": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/scopeName",
      "BestEffort",
      [
        'spec.scopeSelector.matchExpressions: Invalid value: {"MatchExpressions":[{"ScopeName":"BestEffort","Operator":"In","Values":["high","low"]},{"ScopeName":"CrossNamespacePodAffinity","Operator":"Exists","Values":null}]}: unsupported scope applied to resource',
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"In\": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/operator",
      undefined,
      ['spec.scopeSelector.matchExpressions.operator: Invalid value: "": not a valid selector operator'],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/operator",
      "Exists",
      [
        "spec.scopeSelector.matchExpressions.values: Invalid value: [\"high\",\"low\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      ],
    ],
  ])("%s = %j", (pointer, value, expected) => {
    expect(problems(validateResourceQuota(corrupted(other, pointer, value)))).toEqual(expected);
  });

  it.each<Corruption>([
    ["/spec", undefined, ["spec.scopes: Invalid value: null: field is immutable"]],
    [
      "/spec/scopes",
      ["NotTerminating", "NotTerminating"],
      ['spec.scopes: Invalid value: ["NotTerminating","NotTerminating"]: field is immutable'],
    ],
    ["/spec/scopes/0", undefined, ['spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable']],
    [
      "/spec/scopes/0",
      "",
      [
        'spec.scopes: Invalid value: ["","NotBestEffort"]: unsupported scope',
        'spec.scopes: Invalid value: ["","NotBestEffort"]: field is immutable',
      ],
    ],
    [
      "/spec/scopes/0",
      "BestEffort",
      [
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: field is immutable',
      ],
    ],
    [
      "/spec/scopes/1",
      "Terminating",
      [
        'spec.scopes: Invalid value: ["NotTerminating","Terminating"]: conflicting scopes',
        'spec.scopes: Invalid value: ["NotTerminating","Terminating"]: field is immutable',
      ],
    ],
    [
      "/spec/scopes/1",
      "BestEffort",
      [
        'spec.scopes: Invalid value: ["NotTerminating","BestEffort"]: unsupported scope applied to resource',
        'spec.scopes: Invalid value: ["NotTerminating","BestEffort"]: field is immutable',
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/0/values",
      undefined,
      [
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/1",
      { "Bad Key!": "CrossNamespacePodAffinity" },
      [
        'spec.scopeSelector.matchExpressions.scopeName: Invalid value: "": unsupported scope',
        'spec.scopeSelector.matchExpressions.operator: Invalid value: "": not a valid selector operator',
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/1/scopeName",
      "BestEffort",
      [
        'spec.scopeSelector.matchExpressions: Invalid value: {"MatchExpressions":[{"ScopeName":"PriorityClass","Operator":"In","Values":["high","low"]},{"ScopeName":"BestEffort","Operator":"Exists","Values":null}]}: unsupported scope applied to resource',
      ],
    ],
    [
      "/spec/scopeSelector/matchExpressions/1/operator",
      undefined,
      [
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"\": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        'spec.scopeSelector.matchExpressions.operator: Invalid value: "": not a valid selector operator',
      ],
    ],
  ])("%s changed to %j", (pointer, value, expected) => {
    const problemsOfChange = problems(validateResourceQuotaUpdate(corrupted(other, pointer, value), other));
    expect(problemsOfChange).toEqual(expected);
  });

  it.each<Corruption>([
    ["/status/used/pods", "500m", ['status.used[pods]: Invalid value: "500m": must be an integer']],
  ])("status: %s = %j", (pointer, value, expected) => {
    const changed = corrupted(otherStatus, pointer, value);
    expect(problems(validateResourceQuotaStatusUpdate(changed, other))).toEqual(expected);
  });
});
