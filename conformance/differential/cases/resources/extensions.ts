import { crud } from "../../crud.ts";
import type { JsonObject } from "../../json.ts";

const group = "things.example.com";

function definition(name: string, version: JsonObject, names: JsonObject = {}): JsonObject {
  const plural = name.split(".")[0] ?? "";
  return {
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind: `K${plural.replaceAll("-", "")}`, ...names },
      versions: [{ name: "v1", served: true, storage: true, ...version }],
    },
  };
}

const schema: JsonObject = {
  openAPIV3Schema: {
    description: "A thing.",
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        properties: {
          size: { type: "integer", minimum: 1, maximum: 10, default: 3, format: "int32" },
          name: { type: "string", pattern: "^[a-z]+$", minLength: 1, maxLength: 5, nullable: true },
          colour: { type: "string", enum: ["red", "green"] },
          ports: {
            type: "array",
            minItems: 1,
            maxItems: 5,
            items: { type: "object", required: ["port"], properties: { port: { type: "integer" } } },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["port"],
          },
          any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          either: { "x-kubernetes-int-or-string": true },
          labels: {
            type: "object",
            additionalProperties: { type: "string" },
            "x-kubernetes-map-type": "atomic",
          },
        },
        "x-kubernetes-validations": [
          { rule: "self.size < 9", message: "too large", reason: "FieldValueForbidden", fieldPath: ".size" },
        ],
      },
      status: { type: "object", properties: { replicas: { type: "integer" } } },
    },
  },
};

const keywords: JsonObject = {
  openAPIV3Schema: {
    type: "object",
    properties: {
      spec: {
        type: "object",
        title: "t",
        minProperties: 1,
        maxProperties: 5,
        externalDocs: { description: "d", url: "https://example.com" },
        example: { a: 1 },
        properties: {
          n: {
            type: "number",
            minimum: 1,
            maximum: 10,
            exclusiveMinimum: true,
            exclusiveMaximum: true,
            multipleOf: 0.5,
            default: 2.5,
          },
          s: {
            type: "string",
            not: { enum: ["x"] },
            allOf: [{ minLength: 1 }],
            anyOf: [{ maxLength: 5 }, { pattern: "^a" }],
          },
          o: {
            type: "object",
            properties: { a: { type: "string" } },
            oneOf: [{ required: ["a"] }, { not: { required: ["a"] } }],
          },
          embedded: {
            type: "object",
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-preserve-unknown-fields": true,
          },
          ruled: {
            type: "string",
            maxLength: 5,
            "x-kubernetes-validations": [
              {
                rule: "oldSelf.hasValue() || self != 'x'",
                messageExpression: "'bad ' + self",
                optionalOldSelf: true,
                reason: "FieldValueInvalid",
              },
            ],
          },
        },
      },
    },
  },
};

export const cases = [
  ...crud({
    resource: "apiextensions.k8s.io/v1/customresourcedefinitions",
    kind: "CustomResourceDefinition",
    settles: true,
    clusterScoped: true,
    name: (word) => `${word}s.${group}`,
    minimal: (name) => definition(name, { schema: { openAPIV3Schema: { type: "object" } } }),
    variants: {
      full: (name) =>
        definition(
          name,
          {
            schema,
            deprecated: true,
            deprecationWarning: "use something else",
            subresources: {
              status: {},
              scale: {
                specReplicasPath: ".spec.size",
                statusReplicasPath: ".status.replicas",
                labelSelectorPath: ".status.selector",
              },
            },
            additionalPrinterColumns: [
              {
                name: "Size",
                type: "integer",
                jsonPath: ".spec.size",
                format: "int32",
                description: "d",
                priority: 1,
              },
            ],
            selectableFields: [{ jsonPath: ".spec.colour" }],
          },
          {
            listKind: "ThingList",
            singular: (name.split(".")[0] ?? "").slice(0, -1),
            shortNames: ["thg"],
            categories: ["all"],
          },
        ),
      "every keyword": (name) => definition(name, { schema: keywords }),
      webhook: (name) => {
        const { spec } = definition(name, { schema: { openAPIV3Schema: { type: "object" } } });
        const clientConfig = {
          service: { namespace: "n", name: "s", path: "/p", port: 8443 },
          caBundle: "eA==",
        };
        const conversion = {
          strategy: "Webhook",
          webhook: { clientConfig, conversionReviewVersions: ["v1"] },
        };
        return { spec: { ...(spec as JsonObject), conversion } };
      },
    },
    statusOf: (name) => definition(name, { schema: { openAPIV3Schema: { type: "object" } } }),
    change: { "/spec/versions/0/additionalPrinterColumns": [{ name: "A", type: "string", jsonPath: ".a" }] },
    status: {
      "status.conditions": [
        {
          type: "Terminating",
          status: "False",
          reason: "R",
          message: "m",
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
  ...crud({
    resource: "apiregistration.k8s.io/v1/apiservices",
    kind: "APIService",
    settles: true,
    clusterScoped: true,
    name: (word) => `v1.${word}.example.com`,
    minimal: (name) => ({
      spec: { group: name.slice("v1.".length), version: "v1", groupPriorityMinimum: 10, versionPriority: 10 },
    }),
    variants: {
      full: (name) => ({
        spec: {
          group: name.slice("v1.".length),
          version: "v1",
          groupPriorityMinimum: 10,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          service: { namespace: "nowhere", name: "nothing", port: 8443 },
        },
      }),
    },
    change: { "spec.versionPriority": 20 },
    status: {
      "status.conditions": [
        {
          type: "Other",
          status: "True",
          reason: "R",
          message: "m",
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
];
