import { describe, expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { normalizeStruct } from "./decode.ts";
import { storedForm } from "./stored-form.ts";
import { loadTables } from "./tables.ts";

const kind = (group: string, name: string) => loadTables().kind(group, "v1", name)!;
const pod = kind("", "Pod");
const configMap = kind("", "ConfigMap");
const role = kind("rbac.authorization.k8s.io", "ClusterRole");
const definition = kind("apiextensions.k8s.io", "CustomResourceDefinition");

const stored = (struct: typeof pod, object: JsonObject): JsonObject =>
  storedForm(struct, normalizeStruct(struct, object));

const text = (struct: typeof pod, object: object): string => JSON.stringify(storedForm(struct, object));

describe("order", () => {
  test("fields stand as in the struct, keys of maps are sorted by bytes, at any depth", () => {
    const object = {
      spec: {
        unknown: 1,
        restartPolicy: "Always",
        hostname: undefined,
        nodeSelector: { "\uffee": "3", "😀": "4", b: "1", a: "2" },
        containers: [{ image: "i", resources: { requests: { memory: "1", cpu: "1" } }, name: "c" }],
      },
      metadata: { labels: { b: "1", B: "2" }, name: "a" },
      kind: "Pod",
    };
    const before = JSON.stringify(object);
    expect(text(pod, object)).toBe(
      '{"kind":"Pod","metadata":{"name":"a","labels":{"B":"2","b":"1"}},"spec":{' +
        '"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"1","memory":"1"}}}],' +
        '"restartPolicy":"Always","nodeSelector":{"a":"2","b":"1","\uffee":"3","😀":"4"}}}',
    );
    expect(JSON.stringify(object)).toBe(before);
  });

  test("schemas are ordered wherever they are, what they hold as values is not", () => {
    const schema = { properties: { b: { type: "x", format: "y" }, a: {} }, type: "object" };
    const openAPIV3Schema = { items: [schema], default: { b: 1, a: [2] } };
    expect(text(definition, { spec: { versions: [{ schema: { openAPIV3Schema } }] } })).toContain(
      '{"default":{"b":1,"a":[2]},"items":[{"type":"object","properties":{"a":{},"b":{"type":"x","format":"y"}}}]}',
    );
  });
});

describe("lists and maps that are empty", () => {
  test("are not written where omitempty says so; structs are", () => {
    const object = {
      metadata: { labels: {}, finalizers: [] },
      spec: {
        containers: [{ name: "a", ports: [], resources: { limits: {} } }],
        volumes: [{ name: "v", emptyDir: {} }],
      },
    };
    expect(stored(pod, object)).toEqual({
      metadata: {},
      spec: { volumes: [{ name: "v", emptyDir: {} }], containers: [{ name: "a", resources: {} }] },
      status: {},
    });
  });

  test("of fields that must be written come back as null", () => {
    expect(stored(role, { rules: [] })["rules"]).toBeNull();
    expect(stored(role, { rules: [{ verbs: [] }] })["rules"]).toEqual([{ verbs: null }]);
  });

  test("come back from where JSON is kept", () => {
    expect(stored(definition, { status: { storedVersions: [] } })["status"]).toMatchObject({
      storedVersions: [],
    });
  });
});

test("quantities are read anew, which may change their text", () => {
  const limits = { memory: "31.25Ki", cpu: "1000" };
  const volume = (sizeLimit: string) => ({ name: "000", emptyDir: { sizeLimit } });
  const spec = { containers: [{ name: "a", resources: { limits } }], volumes: [volume("31.25Ki")] };
  expect(stored(pod, { spec })["spec"]).toEqual({
    containers: [{ name: "a", resources: { limits: { memory: "32k", cpu: "1k" } } }],
    volumes: [volume("32k")],
  });
});

test("what is so already stays the same object, and none is changed", () => {
  const object = {
    kind: "Pod",
    metadata: { name: "a", labels: { a: "1", b: "2" } },
    spec: { containers: [] },
  };
  const done = storedForm(pod, object);
  expect(storedForm(pod, done)).toBe(done);
  expect(object.spec).toEqual({ containers: [] });
});

test("keys that JavaScript knows are keys, what is null stays so", () => {
  const data = JSON.parse('{"a":null,"__proto__":"1"}') as JsonObject;
  expect(text(configMap, { data, binaryData: null })).toBe(
    '{"data":{"__proto__":"1","a":null},"binaryData":null}',
  );
});
