import { describe, expect, test } from "vitest";
import type { FieldError } from "../validation/field.ts";
import {
  authorizersProblems,
  matchConditionsIn,
  readAuthorizationConfiguration,
  validateAuthorizationConfiguration,
} from "./authorization-configuration.ts";

const text = ({ field, body }: FieldError): string => `${field}: ${body}`;
const files = (path: string) => {
  if (path === "/there") return undefined;
  return path === "/folder"
    ? "must be a regular file"
    : `error loading file: stat ${path}: no such file or directory`;
};
const read = (yaml: string) => readAuthorizationConfiguration(Buffer.from(yaml));
const head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n";

test("a configuration is read with its defaults", () => {
  const { authorizers } = read(`${head}authorizers:
- {type: Node, name: node}
- type: Webhook
  name: hook
  webhook: {timeout: 3s, cacheUnauthorizedRequests: false, unauthorizedTTL: 1m}
`);
  expect(authorizers).toEqual([
    { type: "Node", name: "node" },
    {
      ...{ type: "Webhook", name: "hook" },
      webhook: {
        ...{ timeout: "3s", authorizedTTL: "5m", unauthorizedTTL: "1m" },
        ...{ cacheAuthorizedRequests: true, cacheUnauthorizedRequests: false },
      },
    },
  ]);
});

describe("in the words of kube-apiserver 1.36.3", () => {
  test.each([
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- type: Foo\n  name: x\n- type: Webhook\n  name: B_d\n  webhook:\n    timeout: 40s\n    foo: 1\n",
      'strict decoding error: unknown field "authorizers[1].webhook.foo"',
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- type: Foo\n  name: x\n- type: Webhook\n  name: B_d\n  webhook:\n    timeout: 40s\n    matchConditions: [{expression: \"request.user == 'a'\"}]\n    connectionInfo: {type: Foo}\n- type: RBAC\n  name: foo\n- name: y\n",
      "json: cannot unmarshal bool into Go struct field AuthorizerConfiguration.authorizers.name of type string",
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v2\nkind: AuthorizationConfiguration\n",
      'no kind "AuthorizationConfiguration" is registered for version "apiserver.config.k8s.io/v2" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      "kind: AuthorizationConfiguration\n",
      "Object 'apiVersion' is missing in 'kind: AuthorizationConfiguration\n'",
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n",
      "expected AuthorizationConfiguration, got *apiserver.AuthenticationConfiguration",
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: 3\n",
      "json: cannot unmarshal number into Go struct field AuthorizationConfiguration.authorizers of type []v1.AuthorizerConfiguration",
    ],
    ["apiVersion: [\n", "yaml: line 1: did not find expected node content"],
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- type: Webhook\n  name: e\n  webhook:\n    timeout: 3\n    authorizedTTL: x\n",
      'time: invalid duration "x"',
    ],
  ])("a file that is none is refused: %j", (yaml, message) => {
    expect(() => read(yaml)).toThrow(expect.objectContaining({ message }));
  });

  test("fields that are wrong are told", () => {
    const yaml = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthorizationConfiguration
authorizers:
- type: Foo
  name: x
- type: Webhook
  name: B_d
  webhook:
    timeout: 40s
    authorizedTTL: -5s
    unauthorizedTTL: 1500ms
    failurePolicy: x
    subjectAccessReviewVersion: v2
    matchConditionSubjectAccessReviewVersion: v1beta1
    matchConditions: [{expression: ""},{expression: ""}]
    connectionInfo: {type: Foo}
- type: RBAC
  name: foo
  webhook: {}
- name: "y"
- type: RBAC
  name: rbac
- type: Webhook
  name: B_d
  webhook:
    connectionInfo: {type: InClusterConfig, kubeConfigFile: x}
- type: Webhook
  name: a
- type: Webhook
  name: b
  webhook:
    timeout: 3s
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: x}
- type: Webhook
  name: c
  webhook:
    matchConditions: [{expression: "true"}]
    timeout: 3s
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: /x}
- type: Webhook
  webhook:
    timeout: 3s
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: /folder}
- type: Webhook
  name: e
  webhook:
    timeout: -3s
    connectionInfo: {type: KubeConfigFile}
`;
    expect(validateAuthorizationConfiguration(read(yaml), files).map(text)).toEqual([
      'authorizers[0].type: Unsupported value: "Foo": supported values: "ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
      expect.stringMatching(
        /^authorizers\[1\]\.name: Invalid value: "B_d": authorizer name is invalid: a lowercase RFC 1123/,
      ),
      'authorizers[1].timeout: Invalid value: "40s": must be > 0s and <= 30s',
      'authorizers[1].authorizedTTL: Invalid value: "-5s": must be > 0s',
      'authorizers[1].subjectAccessReviewVersion: Unsupported value: "v2": supported values: "v1", "v1beta1"',
      'authorizers[1].matchConditionSubjectAccessReviewVersion: Unsupported value: "v1beta1": supported values: "v1"',
      'authorizers[1].failurePolicy: Unsupported value: "x": supported values: "NoOpinion", "Deny"',
      'authorizers[1].connectionInfo.type: Unsupported value: {"Type":"Foo","KubeConfigFile":null}: supported values: "InClusterConfig", "KubeConfigFile"',
      "authorizers[1].matchConditions[0].expression: Required value",
      "authorizers[1].matchConditions[1].expression: Required value",
      'authorizers[2].webhook: Invalid value: "non-null": may only be specified when type=Webhook',
      "authorizers[3].type: Required value",
      'authorizers[4].type: Duplicate value: "RBAC"',
      'authorizers[5].name: Duplicate value: "B_d"',
      "authorizers[5].timeout: Required value",
      "authorizers[5].subjectAccessReviewVersion: Required value",
      "authorizers[5].failurePolicy: Required value",
      'authorizers[5].connectionInfo.kubeConfigFile: Invalid value: "x": can only be set when type=KubeConfigFile',
      "authorizers[6].webhook: Required value: required when type=Webhook",
      "authorizers[7].subjectAccessReviewVersion: Required value",
      "authorizers[7].failurePolicy: Required value",
      'authorizers[7].connectionInfo.kubeConfigFile: Invalid value: "x": must be an absolute path',
      "authorizers[8].subjectAccessReviewVersion: Required value",
      "authorizers[8].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified",
      "authorizers[8].failurePolicy: Required value",
      'authorizers[8].connectionInfo.kubeConfigFile: Invalid value: "/x": error loading file: stat /x: no such file or directory',
      "authorizers[9].name: Required value",
      "authorizers[9].subjectAccessReviewVersion: Required value",
      "authorizers[9].failurePolicy: Required value",
      'authorizers[9].connectionInfo.kubeConfigFile: Invalid value: "/folder": must be a regular file',
      'authorizers[10].timeout: Invalid value: "-3s": must be > 0s and <= 30s',
      "authorizers[10].subjectAccessReviewVersion: Required value",
      "authorizers[10].failurePolicy: Required value",
      "authorizers[10].connectionInfo.kubeConfigFile: Required value",
    ]);
  });

  test("a file without authorizers is refused", () => {
    expect(validateAuthorizationConfiguration(read(""), files).map(text)).toEqual([
      "authorizers: Required value: at least one authorization mode must be defined",
    ]);
  });

  test("built-in authorizers have their type's name, and stay", () => {
    const configuration = read(`${head}authorizers: [{type: RBAC, name: foo}]`);
    expect(authorizersProblems(configuration, ["RBAC", "Node"])).toEqual([
      "expected name rbac for authorizer RBAC instead of foo",
      "missing required types: [Node]",
    ]);
  });
});

test("expressions are found", () => {
  const webhook = "{type: Webhook, name: a, webhook: {matchConditions: [{expression: 'true'}]}}";
  expect(matchConditionsIn(read(`${head}authorizers: [{type: RBAC, name: rbac}, ${webhook}]`))).toEqual([
    "authorizers[1].matchConditions",
  ]);
});
