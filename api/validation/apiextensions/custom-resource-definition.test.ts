import { describe, expect, test } from "vitest";
import type { CustomResourceDefinition } from "../../custom/definition.ts";
import type { JsonSchema } from "../../custom/json-schema.ts";
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionUpdate,
} from "./custom-resource-definition.ts";

type Version = CustomResourceDefinition["spec"]["versions"][number];

const properties: Record<string, JsonSchema> = {
  spec: { type: "object", properties: { colour: { type: "string" }, size: { type: "integer" } } },
  metadata: { type: "object", properties: { name: { type: "string" } } },
};

function definition(spec: Partial<CustomResourceDefinition["spec"]> = {}): CustomResourceDefinition {
  return {
    metadata: { name: "things.example.com", resourceVersion: "1" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
      versions: [version({})],
      ...spec,
    },
    status: { acceptedNames: { plural: "", kind: "" }, storedVersions: ["v1"] },
  } as CustomResourceDefinition;
}

const version = (more: Partial<Version>, schema: JsonSchema = { type: "object", properties }): Version =>
  ({ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }) as Version;

const problems = (spec: Partial<CustomResourceDefinition["spec"]>) =>
  validateCustomResourceDefinition(definition(spec)).map(({ field, body }) => `${field}: ${body}`);

const withSpec = (spec: JsonSchema): Partial<CustomResourceDefinition["spec"]> => ({
  versions: [version({}, { type: "object", properties: { spec } })],
});

test("a definition with all it needs is good", () => {
  expect(problems({})).toEqual([]);
});

test("versions that are not there are said so", () => {
  const versions = null as unknown as Version[];
  const expected =
    "spec.versions: Invalid value: null: must have exactly one version marked as storage version";
  expect(problems({ versions })).toContain(expected);
  const updated = definition({ versions });
  const errors = validateCustomResourceDefinitionUpdate(updated, definition());
  expect(errors.map(({ field }) => field)).toEqual(["spec.versions", "status.storedVersions[0]"]);
});

test("versions are shown with all their fields, but for what they have in common", () => {
  const twice = [version({}), version({ storage: false }, { type: "object", nullable: false })];
  const [problem = ""] = problems({ versions: twice });
  expect(problem).toMatch(/^spec\.versions: Invalid value: \[\{"Name":"v1","Served":true,"Storage":true,/);
  expect(problem).toContain('"Schema":{"OpenAPIV3Schema":{"ID":"","Schema":"","Ref":null,"Description":""');
  expect(problem).toMatch(/: must contain unique version names$/);
});

describe("selectable fields", () => {
  test.each([
    [".spec.colour", []],
    ["spec", ['"spec": is an invalid path: expected [ or . but got: spec']],
    [".spec['colour']", ["\".spec['colour']\": is an invalid path: array notation is not allowed"]],
    [".metadata.name", ['".metadata.name": must not point to fields in metadata']],
  ])("%s", (jsonPath, expected) => {
    const at = "spec.selectableFields[0].jsonPath: Invalid value: ";
    const found = problems({ versions: [version({ selectableFields: [{ jsonPath }] })] });
    expect(found).toEqual(expected.map((problem) => at + problem));
  });

  test("need a schema", () => {
    const { schema: _, ...bare } = version({ selectableFields: [{ jsonPath: ".spec.colour" }] });
    expect(problems({ versions: [bare] })).toContain(
      'spec.selectableFields: Invalid value: "": may only be set when validations.schema is included',
    );
  });

  test("may be too many where they were", () => {
    const names = Array.from({ length: 9 }, (_, index) => `f${index}`);
    const schema: JsonSchema = {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    };
    const selectableFields = names.map((name) => ({ jsonPath: `.${name}` }));
    const many = definition({ versions: [version({ selectableFields }, schema)] });
    expect(validateCustomResourceDefinition(many).map(({ type }) => type)).toEqual(["FieldValueTooMany"]);
    expect(validateCustomResourceDefinitionUpdate(many, many)).toEqual([]);
  });
});

test("the path of a rule's field leads somewhere", () => {
  const rule = { rule: "true", fieldPath: ".size" };
  const spec: JsonSchema = {
    type: "object",
    properties: { size: { type: "integer" } },
    "x-kubernetes-validations": [rule],
  };
  expect(problems(withSpec(spec))).toEqual([]);
  expect(
    problems(withSpec({ ...spec, "x-kubernetes-validations": [{ ...rule, fieldPath: ".weight" }] })),
  ).toEqual([
    'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].fieldPath: Invalid value: ".weight": must be a valid path',
  ]);
});

test("a list map has one schema for its items", () => {
  const list: JsonSchema = {
    type: "array",
    items: null,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["a"],
  };
  expect(problems(withSpec(list))).toContain(
    'spec.validation.openAPIV3Schema.properties[spec].items: Invalid value: {"Schema":null,"JSONSchemas":null}: must only have a single schema if x-kubernetes-list-type is map',
  );
});

test("a dependency that is neither a schema nor a list is no dependency", () => {
  const spec: JsonSchema = { type: "object", dependencies: { a: null } };
  const at = "spec.validation.openAPIV3Schema.properties[spec].dependencies";
  expect(problems(withSpec(spec))).toEqual([`${at}: Forbidden: dependencies is not supported`]);
});

test("defaults are held to formats that values are not", () => {
  const integer: JsonSchema = { type: "boolean", format: "int32", default: 3 };
  expect(problems(withSpec(integer))).toContain(
    'spec.validation.openAPIV3Schema.properties[spec].default: Invalid value: "int64":  in body must be of type int32: "int64"',
  );
});

describe("a conversion webhook", () => {
  const converting = (clientConfig: object) =>
    definition({
      conversion: { strategy: "Webhook", webhook: { clientConfig, conversionReviewVersions: ["v1"] } },
    });
  const service = { namespace: "n", name: "s", port: 443 };

  test("is told of the other name, as upstream does", () => {
    const errors = validateCustomResourceDefinition(converting({ service: { ...service, name: "" } }));
    expect(errors.map(({ field }) => field)).toEqual([
      "spec.conversion.webhookClientConfig.service.namespace",
    ]);
  });

  test("may have a bad bundle of authorities until the definition is established", () => {
    const bad = converting({ service, caBundle: "eA==" });
    const good = converting({ service });
    const established = (one: CustomResourceDefinition) => ({
      ...one,
      status: { ...one.status, conditions: [{ type: "Established", status: "True" }] },
    });
    expect(validateCustomResourceDefinitionUpdate(bad, good)).toEqual([]);
    expect(validateCustomResourceDefinitionUpdate(bad, established(bad))).toEqual([]);
    const [error] = validateCustomResourceDefinitionUpdate(bad, established(good));
    expect(error).toMatchObject({
      field: "spec.conversion.webhookClientConfig.caBundle",
      body: 'Invalid value: "eA==": unable to load root certificates: unable to parse bytes as PEM block',
    });
  });
});
