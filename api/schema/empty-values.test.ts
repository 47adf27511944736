import { describe, expect, test } from "vitest";
import { goStructTypes } from "../../openapi/go-types.ts";
import type { JsonObject } from "../object.ts";
import { normalizeStruct } from "./decode.ts";
import { jsonForm } from "./empty-values.ts";

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
  });

  test("are written where it does not", () => {
    expect(jsonForm(clusterRole, normalizeStruct(clusterRole, { rules: [] }))["rules"]).toEqual([]);
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
  expect(jsonForm(pod, object)).toBe(object);
  const other = Object.freeze(normalizeStruct(pod, empties));
  jsonForm(pod, other);
  expect(other).toEqual(normalizeStruct(pod, empties));
});
