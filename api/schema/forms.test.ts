import { describe, expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { normalizeStruct } from "./decode.ts";
import { inGoOrder, jsonForm, storedForm } from "./forms.ts";
import { loadTables } from "./tables.ts";

const kind = (group: string, name: string) => loadTables().kind(group, "v1", name)!;
const pod = kind("", "Pod");
const configMap = kind("", "ConfigMap");
const role = kind("rbac.authorization.k8s.io", "ClusterRole");
const definition = kind("apiextensions.k8s.io", "CustomResourceDefinition");

const asJson = (struct: typeof pod, object: JsonObject) => jsonForm(struct, normalizeStruct(struct, object));
const asStored = (struct: typeof pod, object: JsonObject) =>
  storedForm(struct, normalizeStruct(struct, object));

describe.each([
  ["in Go's order", inGoOrder],
  ["from storage", storedForm],
])("%s", (_, form) => {
  const text = (struct: typeof pod, object: object) => JSON.stringify(form(struct, object));

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

  test("keys that JavaScript knows are keys, what is null stays so", () => {
    const data = JSON.parse('{"a":null,"__proto__":"1"}') as JsonObject;
    expect(text(configMap, { data, binaryData: null })).toBe(
      '{"data":{"__proto__":"1","a":null},"binaryData":null}',
    );
  });
});

const empties: JsonObject = {
  metadata: { labels: {}, finalizers: [] },
  spec: {
    containers: [{ name: "a", ports: [], resources: { limits: {} }, env: [{ name: "x" }] }],
    volumes: [{ name: "v", emptyDir: {} }],
    nodeSelector: {},
  },
};

const withoutEmpties: JsonObject = {
  metadata: {},
  spec: {
    volumes: [{ name: "v", emptyDir: {} }],
    containers: [{ name: "a", env: [{ name: "x" }], resources: {} }],
  },
  status: {},
};

describe("lists and maps that are empty", () => {
  test("are not written where omitempty says so; structs are", () => {
    expect(asJson(pod, empties)).toEqual(withoutEmpties);
    expect(asStored(pod, empties)).toEqual(withoutEmpties);
    const whole = normalizeStruct(pod, empties);
    expect(inGoOrder(pod, whole)).toBe(whole);
  });

  test("of fields that must be written come back from storage as null", () => {
    expect(asJson(role, { rules: [] })["rules"]).toEqual([]);
    expect(asStored(role, { rules: [] })["rules"]).toBeNull();
    expect(asStored(role, { rules: [{ verbs: [] }] })["rules"]).toEqual([{ verbs: null }]);
  });

  test("come back from storage where it keeps JSON", () => {
    const { status } = asStored(definition, { status: { storedVersions: [] } });
    expect(status).toMatchObject({ storedVersions: [] });
  });

  test("go in schemas that may be one or many, and as values of maps", () => {
    const schema = {
      items: [{ required: [] }],
      properties: { a: { required: [], items: { required: [] } } },
      additionalProperties: { required: [] },
      dependencies: { b: { required: [] }, c: ["d"] },
    };
    const spec = { versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }] };
    const written = asJson(definition, { spec });
    expect(written).toMatchObject({
      spec: {
        versions: [
          {
            schema: {
              openAPIV3Schema: {
                items: [{}],
                properties: { a: { items: {} } },
                additionalProperties: {},
                dependencies: { b: {}, c: ["d"] },
              },
            },
          },
        ],
      },
    });
    expect(JSON.stringify(written)).not.toContain("required");
  });
});

test("quantities are read anew from storage, which may change their text", () => {
  const limits = { memory: "31.25Ki", cpu: "1000" };
  const volume = (sizeLimit: string) => ({ name: "000", emptyDir: { sizeLimit } });
  const sent = { spec: { containers: [{ name: "a", resources: { limits } }], volumes: [volume("31.25Ki")] } };
  const spec = (memory: string) => ({
    containers: [{ name: "a", resources: { limits: { memory, cpu: "1k" } } }],
    volumes: [volume(memory)],
  });
  expect(asJson(pod, sent)["spec"]).toEqual(spec("32000"));
  expect(asStored(pod, sent)["spec"]).toEqual(spec("32k"));
});

test.each([
  ["json", jsonForm],
  ["ordered", inGoOrder],
  ["stored", storedForm],
])("what is in the form already stays the same object, and none is changed: %s", (_, form) => {
  const object = { kind: "Pod", metadata: { name: "a", labels: { a: "1", b: "2" } }, ...withoutEmpties };
  const done = form(pod, object);
  expect(form(pod, done)).toBe(done);
  const other = Object.freeze(normalizeStruct(pod, empties));
  form(pod, other);
  expect(other).toEqual(normalizeStruct(pod, empties));
});
