import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goStructTypes } from "../../openapi/go-types.ts";
import { EmptyMap } from "../empty-map.ts";
import { parseJson, stringifyJson } from "../json.ts";
import { parseJsonTree } from "../json-tree.ts";
import type { JsonObject } from "../object.ts";
import { decodeBase64 } from "./base64.ts";
import { type Decoded, decodeStruct, normalizeStruct } from "./decode.ts";
import { tryNormalize } from "./normalize.ts";
import type { StructType } from "./types.ts";

const structs = goStructTypes();

function struct(name: string): StructType {
  const found = structs.get(name);
  if (!found) throw new Error(`no struct ${name}`);
  return found;
}

const pod = struct("io.k8s.api.core.v1.Pod");
const deployment = struct("io.k8s.api.apps.v1.Deployment");
const configMap = struct("io.k8s.api.core.v1.ConfigMap");
const service = struct("io.k8s.api.core.v1.Service");
const crd = struct("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");

function decode(type: StructType, text: string): Decoded {
  const { value, lossy } = parseJson(text);
  return decodeStruct(type, value, { strict: true, owned: true, lossy, tree: () => parseJsonTree(text) });
}

const decoded = (type: StructType, text: string): string => stringifyJson(decode(type, text).value);

describe("what upstream keeps of an object", () => {
  test("fields come in Go's order, maps sorted", () => {
    const text =
      '{"spec":{},"metadata":{"labels":{"b":"2","a":"1"},"name":"x"},"kind":"Pod","apiVersion":"v1"}';
    expect(decoded(pod, text)).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{"a":"1","b":"2"}},"spec":{"containers":null},"status":{}}',
    );
  });

  test("zero scalars and nulls go the way of their Go type", () => {
    const text = `{"metadata":{"name":"","labels":null,"finalizers":null,"generation":0,"creationTimestamp":null},
      "spec":{"replicas":0,"paused":false,"strategy":null,"template":{"spec":{"hostNetwork":false}}}}`;
    expect(decoded(deployment, text)).toBe(
      '{"metadata":{},"spec":{"replicas":0,"selector":null,"template":{"metadata":{},"spec":{"containers":null}},"strategy":{}},"status":{}}',
    );
  });

  test("values get their canonical form", () => {
    const text = `{"metadata":{"creationTimestamp":"2026-01-02T05:04:05.5+02:00"},
      "spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":1.5,"memory":"1024Mi"}},
      "ports":[{"containerPort":8e1}]}]}}`;
    expect(() => decode(pod, text)).toThrow(
      "json: cannot unmarshal number 8e1 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    );
    const { value } = decode(pod, text.replace("8e1", "80"));
    expect(value["metadata"]).toEqual({ creationTimestamp: "2026-01-02T03:04:05Z" });
    expect(stringifyJson(value)).toContain('"limits":{"cpu":"1500m","memory":"1Gi"}');
  });

  test("nulls in lists and maps are zero values", () => {
    expect(decoded(configMap, '{"data":{"a":null}}')).toBe('{"metadata":{},"data":{"a":""}}');
    expect(decoded(pod, '{"spec":{"containers":[null]}}')).toContain(
      '"containers":[{"name":"","resources":{}}]',
    );
  });

  test("lists and maps that are empty are not nil", () => {
    const { value } = decode(pod, '{"metadata":{"labels":{},"finalizers":[]},"spec":{"containers":[]}}');
    expect(value).toEqual({
      metadata: { labels: new EmptyMap(), finalizers: [] },
      spec: { containers: [] },
      status: {},
    });
    expect((value["metadata"] as JsonObject)["labels"]).toBeInstanceOf(EmptyMap);
    expect(value["status"]).not.toBeInstanceOf(EmptyMap);
  });

  test("schemas inside lists, booleans and maps are decoded too", () => {
    const schema = (text: string): string =>
      `{"spec":{"versions":[{"name":"v1","schema":{"openAPIV3Schema":${text}}}]}}`;
    const kept = (text: string): unknown =>
      JSON.parse(decoded(crd, schema(text))).spec.versions[0].schema.openAPIV3Schema;
    expect(kept('{"items":[{"bogus":1,"type":"string"}],"additionalProperties":false}')).toEqual({
      items: [{ type: "string" }],
      additionalProperties: false,
    });
    expect(kept('{"items":"neither"}')).toEqual({ items: null });
    expect(kept('{"dependencies":{"a":["b"],"c":{"type":"x","bogus":1}}}')).toEqual({
      dependencies: { a: ["b"], c: { type: "x" } },
    });
    expect(() => decode(crd, schema('{"additionalProperties":5}'))).toThrow(
      "boolean or JSON schema expected",
    );
    expect(() => decode(crd, schema('{"items":{"type":5}}'))).toThrow(
      "json: cannot unmarshal number into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.items.type of type string",
    );
  });

  test("normalizing is done after one time, and leaves its argument alone", () => {
    const value = parseJson(
      '{"metadata":{"name":"x","labels":{"b":"","a":""}},"spec":{"containers":[{}]}}',
    ).value;
    const before = stringifyJson(value);
    const once = normalizeStruct(pod, value);
    expect(stringifyJson(value)).toBe(before);
    expect(stringifyJson(normalizeStruct(pod, once))).toBe(stringifyJson(once));
  });

  test("keys that mean something to JavaScript are data in maps and unknown in structs", () => {
    const { value, strictErrors } = decode(configMap, '{"__proto__":{"x":1},"data":{"__proto__":"a"}}');
    expect(strictErrors).toEqual(['unknown field "__proto__"']);
    expect(stringifyJson(value)).toBe('{"metadata":{},"data":{"__proto__":"a"}}');
  });
});

describe("strict errors", () => {
  test("come in the order of the text, each once, and merge what repeats", () => {
    const { value, strictErrors } = decode(
      deployment,
      `{"bogus":{"a":1,"a":2},"spec":{"replicas":1,"template":{"spec":{"containers":[{"nam":1},{"nam":1}]}}},
       "metadata":{"labels":{"a":"1","a":"2"}},"spec":{"replicas":2},"bogus":1}`,
    );
    expect(strictErrors).toEqual([
      'unknown field "bogus"',
      'unknown field "spec.template.spec.containers[0].nam"',
      'unknown field "spec.template.spec.containers[1].nam"',
      'duplicate field "metadata.labels.a"',
      'duplicate field "spec"',
    ]);
    const { containers } = ((value["spec"] as JsonObject)["template"] as JsonObject)["spec"] as JsonObject;
    expect((value["spec"] as JsonObject)["replicas"]).toBe(2);
    expect(containers).toHaveLength(2);
  });

  test("are not collected for somebody who does not ask", () => {
    const value = { bogus: 1, metadata: { name: "x" } };
    expect(decodeStruct(configMap, value)).toEqual({ value: { metadata: { name: "x" } }, strictErrors: [] });
  });
});

// Compared with the serializer of apimachinery 0.36.3.
describe("Go's words for a wrong value", () => {
  test.each([
    [pod, '{"spec":5}', "json: cannot unmarshal number into Go struct field Pod.spec of type v1.PodSpec"],
    [
      pod,
      '{"kind":true}',
      "json: cannot unmarshal bool into Go struct field Pod.TypeMeta.kind of type string",
    ],
    [
      deployment,
      '{"spec":{"replicas":"3"}}',
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      deployment,
      '{"spec":{"replicas":2147483648}}',
      "json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      deployment,
      '{"spec":{"replicas":1.0}}',
      "json: cannot unmarshal number 1.0 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      pod,
      '{"spec":{"containers":{}}}',
      "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
    ],
    [
      pod,
      '{"spec":{"containers":["a"]}}',
      "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container",
    ],
    [
      pod,
      '{"spec":{"volumes":[{"emptyDir":[]}]}}',
      "json: cannot unmarshal array into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource",
    ],
    [
      configMap,
      '{"data":{"a":1}}',
      "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
    ],
    [configMap, '{"binaryData":{"a":"&&&"}}', "illegal base64 data at input byte 0"],
    [
      pod,
      '{"status":{"phase":1}}',
      "json: cannot unmarshal number into Go struct field PodStatus.status.phase of type v1.PodPhase",
    ],
    [
      pod,
      '{"metadata":{"creationTimestamp":5}}',
      "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string",
    ],
    [
      pod,
      '{"metadata":{"creationTimestamp":"x"}}',
      'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ],
    [
      pod,
      '{"spec":{"overhead":{"cpu":{}}}}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      service,
      '{"spec":{"ports":[{"targetPort":true}]}}',
      "json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32",
    ],
    // The first one counts, unless a type with a decoder of its own fails later.
    [
      pod,
      '{"spec":{"hostname":1,"nodeName":2}}',
      "json: cannot unmarshal number into Go struct field PodSpec.spec.hostname of type string",
    ],
    [
      pod,
      '{"spec":{"hostname":1,"overhead":{"cpu":"x"}}}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])("%#: %o", (type, text, message) => {
    expect(() => decode(type, text)).toThrow(message);
    expect(tryNormalize(type, parseJson(text.replace("1.0", "1.5")).value)).toBe(undefined);
  });
});

describe("base64", () => {
  test("decodes what Node encodes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(decodeBase64(text)).toEqual(Buffer.from(bytes));
        expect(decodeBase64(`${text.slice(0, 3)}\r\n${text.slice(3)}\n`)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  // Compared with Go 1.26.
  test.each([
    ["A", 0],
    ["AA", 0],
    ["AAA", 0],
    ["AA=", 3],
    ["=", 0],
    ["A=", 1],
    ["AA=A", 2],
    ["AA==A", 4],
    ["AAA=A", 4],
    ["AAAA!", 4],
    ["AAAA-___", 4],
  ])("finds the place of what is wrong in %s", (text, place) => {
    expect(decodeBase64(text)).toBe(place);
  });
});
