import { describe, expect, test } from "vitest";
import { goStructTypes } from "../../openapi/go-types.ts";
import type { JsonObject } from "../object.ts";
import { normalizeStruct } from "./decode.ts";
import { jsonForm, storedForm } from "./empty-values.ts";

const struct = (name: string) => goStructTypes().get(name)!;
const pod = struct("io.k8s.api.core.v1.Pod");
const clusterRole = struct("io.k8s.api.rbac.v1.ClusterRole");
const definition = struct(
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
);

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
    expect(jsonForm(pod, normalizeStruct(pod, empties))).toEqual(withoutEmpties);
    expect(storedForm(pod, normalizeStruct(pod, empties))).toEqual(withoutEmpties);
  });

  test("of fields that must be written come back from storage as null", () => {
    const role = normalizeStruct(clusterRole, { rules: [] });
    expect(jsonForm(clusterRole, role)["rules"]).toEqual([]);
    expect(storedForm(clusterRole, role)["rules"]).toBeNull();
    const inside = normalizeStruct(clusterRole, { rules: [{ verbs: [] }] });
    expect(storedForm(clusterRole, inside)["rules"]).toEqual([{ verbs: null }]);
  });

  test("come back from storage where it keeps JSON", () => {
    const crd = normalizeStruct(definition, { status: { storedVersions: [] } });
    expect(storedForm(definition, crd)["status"]).toMatchObject({ storedVersions: [] });
  });

  test("go in schemas that may be one or many, and as values of maps", () => {
    const schema = {
      items: [{ required: [] }],
      properties: { a: { required: [], items: { required: [] } } },
      additionalProperties: { required: [] },
      dependencies: { b: { required: [] }, c: ["d"] },
    };
    const spec = { versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }] };
    const written = jsonForm(definition, normalizeStruct(definition, { spec }));
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

test("an object without empty lists and maps stays the same object, and none is changed", () => {
  const object = normalizeStruct(pod, withoutEmpties);
  expect(storedForm(pod, object)).toBe(object);
  const other = Object.freeze(normalizeStruct(pod, empties));
  storedForm(pod, other);
  expect(other).toEqual(normalizeStruct(pod, empties));
});

test("quantities are read anew from storage, which may change their text", () => {
  const sent = normalizeStruct(pod, {
    spec: {
      containers: [{ name: "a", resources: { limits: { memory: "31.25Ki", cpu: "1000" } } }],
      volumes: [{ name: "000", emptyDir: { sizeLimit: "31.25Ki" } }],
    },
  });
  const spec = (limits: JsonObject, sizeLimit: string): JsonObject => ({
    containers: [{ name: "a", resources: { limits } }],
    volumes: [{ name: "000", emptyDir: { sizeLimit } }],
  });
  expect(jsonForm(pod, sent)["spec"]).toEqual(spec({ memory: "32000", cpu: "1k" }, "32000"));
  expect(storedForm(pod, sent)["spec"]).toEqual(spec({ memory: "32k", cpu: "1k" }, "32k"));
});
