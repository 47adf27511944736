import { describe, expect, test } from "vitest";
import type { FieldError } from "../validation/field.ts";
import {
  expressionsIn,
  readAuthenticationConfiguration,
  validateAuthenticationConfiguration,
} from "./authentication-configuration.ts";

const text = ({ field, body }: FieldError): string => `${field}: ${body}`;
const read = (yaml: string) => readAuthenticationConfiguration(Buffer.from(yaml));
const head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";

test.each(["v1", "v1beta1", "v1alpha1"])("a configuration in %s is read", (version) => {
  const { jwt, anonymous } = read(`apiVersion: apiserver.config.k8s.io/${version}
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://a", audiences: [b]}
  claimMappings: {username: {claim: sub, prefix: ""}}
anonymous: {enabled: true, conditions: [{path: /livez}]}
`);
  expect(jwt).toEqual([
    {
      issuer: { url: "https://a", audiences: ["b"] },
      claimMappings: { username: { claim: "sub", prefix: "" } },
    },
  ]);
  expect(anonymous).toEqual({ enabled: true, conditions: [{ path: "/livez" }] });
});

describe("in the words of kube-apiserver 1.36.3", () => {
  test.each([
    [
      "kind: AuthenticationConfiguration\njwt: []\n",
      "Object 'apiVersion' is missing in 'kind: AuthenticationConfiguration\njwt: []\n'",
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v1alpha1\njwt: []\n",
      "Object 'Kind' is missing in 'apiVersion: apiserver.config.k8s.io/v1alpha1\njwt: []\n'",
    ],
    [
      "apiVersion: apiserver.config.k8s.io/v1alpha1\nkind: Foo\n",
      'no kind "Foo" is registered for version "apiserver.config.k8s.io/v1alpha1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer: {url: "https://a", audiences: [a], foo: 1}\n  issuer: {url: "https://a", audiences: [a]}\n',
      'strict decoding error: yaml: unmarshal errors:\n  line 5: key "issuer" already set in map',
    ],
    ["", "empty config data"],
    [
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer: {url: \"https://a\", audiences: [3]}\n  claimMappings: {username: {expression: 'claims.sub +'}}\n",
      "json: cannot unmarshal number into Go struct field Issuer.jwt.issuer.audiences of type string",
    ],
  ])("a file that is none is refused: %j", (yaml, message) => {
    expect(() => read(yaml)).toThrow(expect.objectContaining({ message }));
  });

  test("fields that are wrong are told", () => {
    const yaml = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "http://a?x#y", audiences: []}
  claimMappings: {username: {claim: sub}}
- issuer: {url: "https://k", audiences: [a,a,b], discoveryURL: "https://k/", certificateAuthority: foo, audienceMatchPolicy: None}
  claimValidationRules: [{claim: a, message: x},{claim: a},{},{claim: x, expression: "true"}]
  claimMappings: {username: {}, groups: {claim: x}, uid: {claim: a, expression: b}, extra: [{key: Foo, valueExpression: "claims.x"},{key: kubernetes.io/a}]}
  userValidationRules: [{}]
anonymous: {enabled: false, conditions: [{path: /livez}]}
`;
    expect(validateAuthenticationConfiguration(read(yaml), []).map(text)).toEqual([
      'jwt[0].issuer.url: Invalid value: "http://a?x#y": URL scheme must be https',
      'jwt[0].issuer.url: Invalid value: "http://a?x#y": URL must not contain a query',
      'jwt[0].issuer.url: Invalid value: "http://a?x#y": URL must not contain a fragment',
      "jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required",
      "jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing",
      'jwt[1].issuer.discoveryURL: Invalid value: "https://k/": discoveryURL must be different from URL',
      'jwt[1].issuer.audiences[1]: Duplicate value: "a"',
      'jwt[1].issuer.audienceMatchPolicy: Invalid value: "None": audienceMatchPolicy must be MatchAny for multiple audiences',
      'jwt[1].issuer.certificateAuthority: Invalid value: "<omitted>": data does not contain any valid RSA or ECDSA certificates',
      'jwt[1].claimValidationRules[0].message: Invalid value: "x": may not be specified when claim is set',
      'jwt[1].claimValidationRules[1].claim: Duplicate value: "a"',
      "jwt[1].claimValidationRules[2]: Required value: claim or expression is required",
      'jwt[1].claimValidationRules[3]: Invalid value: "x": claim and expression can\'t both be set',
      "jwt[1].claimMappings.username: Required value: claim or expression is required",
      "jwt[1].claimMappings.groups.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing",
      'jwt[1].claimMappings.uid: Invalid value: "": claim and expression can\'t both be set',
      'jwt[1].claimMappings.extra[0].key: Invalid value: "Foo": must be a domain-prefixed path (such as "acme.io/foo")',
      'jwt[1].claimMappings.extra[0].key: Invalid value: "Foo": must be lowercase',
      'jwt[1].claimMappings.extra[1].key: Invalid value: "kubernetes.io/a": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use',
      "jwt[1].claimMappings.extra[1].valueExpression: Required value",
      "jwt[1].userValidationRules[0].expression: Required value",
      'anonymous.conditions: Invalid value: [{"Path":"/livez"}]: enabled should be set to true when conditions are defined',
    ]);
  });

  test("issuers are each other than all others, and than that of service accounts", () => {
    const issuer =
      '{issuer: {url: "https://k", audiences: [a]}, claimMappings: {username: {claim: a, prefix: ""}}}';
    const configuration = read(`${head}jwt: [${issuer}, ${issuer}]`);
    const overlap =
      'Invalid value: "https://k": URL must not overlap with disallowed issuers: [https://j https://k]';
    expect(validateAuthenticationConfiguration(configuration, ["https://k", "https://j"]).map(text)).toEqual([
      `jwt[0].issuer.url: ${overlap}`,
      `jwt[1].issuer.url: ${overlap}`,
      'jwt[1].issuer.url: Duplicate value: "https://k"',
    ]);
  });
});

test("expressions are found", () => {
  const configuration = read(`${head}jwt:
- claimMappings: {username: {expression: a}, extra: [{key: x/y, valueExpression: b}]}
- claimValidationRules: [{claim: a}, {expression: c}]
  userValidationRules: [{expression: d}]
`);
  expect(expressionsIn(configuration)).toEqual([
    "jwt[0].claimMappings.username",
    "jwt[0].claimMappings.extra[0]",
    "jwt[1].claimValidationRules[1]",
    "jwt[1].userValidationRules[0]",
  ]);
});
