import { describe, expect, test } from "vitest";
import { goStructTypes, readGoTypes } from "../../openapi/go-types.ts";
import type { JsonValue } from "../object.ts";
import { StatusError } from "../status.ts";
import { DecodeError } from "./decode-error.ts";
import {
  type DecodedBody,
  type DecodeTarget,
  decodeObject,
  decodePatched,
  decodeUnstructured,
  strictDecodingError,
} from "./decode-object.ts";
import { retiredKinds } from "./retired-versions.ts";
import { loadTables } from "./tables.ts";

const structs = goStructTypes();

function target(group: string, version: string, kind: string): DecodeTarget {
  return {
    group,
    version,
    kind,
    structOf: (gvk) => {
      const goPackage = gvk.group === "" ? "core" : gvk.group.split(".")[0];
      return gvk.kind === "Status"
        ? structs.get("io.k8s.apimachinery.pkg.apis.meta.v1.Status")
        : (structs.get(`io.k8s.api.${goPackage}.${gvk.version}.${gvk.kind}`) ??
            structs.get(`io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${gvk.version}.${gvk.kind}`));
    },
  };
}

const pod = target("", "v1", "Pod");
const deployment = target("apps", "v1", "Deployment");
const crd = target("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
const custom = target("example.com", "v1", "Foo");

const decode = (text: string, to = pod): DecodedBody =>
  decodeObject({ json: text, original: text }, to, true);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError && error.code === 400) return error.message;
    throw error;
  }
  return "not refused";
}

const typeMeta = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

// What kube-apiserver 1.36.3 answers.
describe("a body is refused in upstream's words", () => {
  test.each([
    [
      "",
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    [
      "{",
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input ({)",
    ],
    [
      "[]",
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type ${typeMeta} (5b5d)`,
    ],
    [
      "<html>this is a long body that is not json</html>",
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: invalid character '<' looking for beginning of value (3c68746d6c3e746869732069732061206c6f6e6720626f64792074686174 ...)",
    ],
    [
      '{"kind":5}',
      'the object provided is unrecognized (must be of type Pod): couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})',
    ],
    [
      '{"kind":"Pod","apiVersion":"a/b/c"}',
      'the object provided is unrecognized (must be of type Pod): unexpected GroupVersion string: a/b/c ({"kind":"Pod","apiVersion":"a/ ...)',
    ],
    [
      '{"kind":"Nope","apiVersion":"v1"}',
      'Nope in version "v1" cannot be handled as a Pod: no kind "Nope" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      '{"apiVersion":"apps/","kind":"Pod"}',
      `Pod in version "" cannot be handled as a Pod: Object 'apiVersion' is missing in '{"apiVersion":"apps/","kind":"Pod"}'`,
    ],
    [
      '{"kind":"Service","apiVersion":"v1"}',
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    ],
    [
      '{"kind":"DeleteOptions","apiVersion":"v1"}',
      'DeleteOptions in version "v1" cannot be handled as a Pod: converting (v1.DeleteOptions) to (core.Pod): unknown conversion',
    ],
    [
      '{"kind":"Pod","apiVersion":"v1","spec":{"terminationGracePeriodSeconds":1e400}}',
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number 1e400 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64',
    ],
  ])("%s", (text, message) => {
    expect(refusal(() => decode(text))).toBe(message);
  });

  test("for a version that is not the endpoint's, served or retired", () => {
    expect(refusal(() => decode('{"apiVersion":"apps/v1beta1","kind":"Deployment"}', deployment))).toBe(
      "the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)",
    );
    const hpa = target("autoscaling", "v1", "HorizontalPodAutoscaler");
    expect(
      refusal(() => decode('{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler"}', hpa)),
    ).toBe(
      "the API version in the data (autoscaling/v2) does not match the expected API version (autoscaling/v1)",
    );
  });

  test("where one of upstream's servers does not know the kinds of another", () => {
    expect(refusal(() => decode('{"apiVersion":"v1","kind":"Pod"}', crd))).toBe(
      'Pod in version "v1" cannot be handled as a CustomResourceDefinition: no kind "Pod" is registered for version "v1" in scheme "pkg/apiserver/apiserver.go:55"',
    );
  });

  test("where it is a custom resource without a kind", () => {
    const body = { json: "{}", original: "{}" };
    expect(refusal(() => decodeUnstructured(body, custom, true))).toBe(
      "the object provided is unrecognized (must be of type Foo): Object 'Kind' is missing in '{}' ({})",
    );
    expect(refusal(() => decodeUnstructured(body, custom, false))).toBe(
      "Foo in version \"v1\" cannot be handled as a Foo: Object 'Kind' is missing in '{}'",
    );
  });
});

test("kind and version default to the endpoint's, and a null is an empty object", () => {
  expect(decode("{}").gvk).toEqual({ group: "", version: "v1", kind: "Pod" });
  expect(decode("null").gvk.kind).toBe("Pod");
  expect(decode('{"KIND":"Pod","apiVersion":"v1"}').strictErrors).toEqual(['unknown field "KIND"']);
});

test("strict errors become one message", () => {
  const decoded = decode(
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","bogus":1,"name":"y"},"foo":1}',
  );
  expect(strictDecodingError(decoded, pod).message).toBe(
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "metadata.bogus", duplicate field "metadata.name", unknown field "foo"',
  );
  const text = '{"apiVersion":"example.com/v1","kind":"Foo","spec":{"a":1,"a":2}}';
  expect(decodeUnstructured({ json: text, original: text }, custom, true).strictErrors).toEqual([
    'duplicate field "spec.a"',
  ]);
});

describe("a patched object", () => {
  const patched = (value: JsonValue, to = deployment) => decodePatched(value, to, { strict: true });

  test("may leave out what it is, or be of another version that was served", () => {
    const metadata = { name: "a" };
    const own = { group: "apps", version: "v1", kind: "Deployment" };
    expect(patched({ metadata })).toMatchObject({ gvk: own, value: { metadata } });
    const old = patched({ kind: "Deployment", apiVersion: "apps/v1beta2", metadata });
    expect(old.gvk).toEqual({ ...own, version: "v1beta2" });
  });

  test.each<[JsonValue, string]>([
    [
      { kind: "Pod", apiVersion: "v1", spec: 5 },
      "json: cannot unmarshal number into Go struct field Pod.spec of type v1.PodSpec",
    ],
    [{ kind: "Pod", apiVersion: "v1" }, "converting (v1.Pod) to (apps.Deployment): unknown conversion"],
    [
      { kind: "Deployment", apiVersion: "apps/v9" },
      'no kind "Deployment" is registered for version "apps/v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      { kind: 5 },
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ],
    [{ apiVersion: "a/b/c" }, "unexpected GroupVersion string: a/b/c"],
  ])("%j is explained", (value, message) => {
    expect(() => patched(value)).toThrow(new DecodeError(message));
  });
});

test("a kind of all groups and a retired kind are registered, though unlike the endpoint's", () => {
  const message = (apiVersion: string, kind: string) =>
    refusal(() => decode(JSON.stringify({ apiVersion, kind }))).split(" cannot be handled as a Pod: ")[1];
  expect(message("apps/v1beta1", "Deployment")).toBe(
    "converting (v1beta1.Deployment) to (core.Pod): unknown conversion",
  );
  expect(message("apps/v1", "DeleteOptions")).toBe(
    "converting (v1.DeleteOptions) to (core.Pod): unknown conversion",
  );
  expect(message("meta.k8s.io/v1", "DeleteOptions")).toContain('no kind "DeleteOptions" is registered');
});

test("retired versions are those that Go's types have and the tables do not", () => {
  const tables = loadTables();
  const groups = new Map(tables.resources.map(({ group }) => [group.split(".")[0], group]));
  const gone = [...readGoTypes().values()].flatMap(({ name, goName, fields }) => {
    const [, goPackage = "", version] = /^io\.k8s\.api\.([^.]*)\.([^.]*)\./.exec(name) ?? [];
    const isObject =
      fields.some((field) => field.name === "kind" && field.inline) &&
      fields.some((field) => field.name === "metadata");
    if (!isObject || goName.endsWith("List") || tables.struct(name) || goPackage === "core") return [];
    const group = groups.get(goPackage) ?? (goPackage === "extensions" ? goPackage : undefined);
    return group === undefined ? [] : [`${group}/${version} ${goName}`];
  });
  const listed = retiredKinds().filter((line) => !/^api(extensions|registration)\./.test(line));
  expect(listed.sort()).toEqual(gone.sort());
});
