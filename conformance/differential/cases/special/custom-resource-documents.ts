import { type Conversation, test } from "../../conversation.ts";
import { definition, serve, version } from "../../custom-definitions.ts";
import { isObject, type Json, type JsonObject } from "../../json.ts";

/** With the keys in order, a line for each value. */
function lines(value: Json): string {
  const sorted = (_: string, one: Json) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one;
  return JSON.stringify(value, sorted, 1);
}

/** Hashes depend on every word of a description. */
function noteEntries(t: Conversation, what: string, map: Json | undefined, part: string): void {
  const entries = isObject(map) ? Object.entries(map).filter(([name]) => name.includes(part)) : [];
  t.note(`${what} ${lines(Object.fromEntries(entries)).replace(/hash=[0-9A-F]{128}"/g, 'hash=HASH"')}`);
}

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

async function compareDocuments(t: Conversation, group: string, versions: readonly string[]): Promise<void> {
  const kind = `"${group}"`;
  await t.until("/openapi/v2", (answer) => answer.text.includes(kind));
  for (const one of versions) {
    const path = `/openapi/v3/apis/${group}/${one}`;
    await t.until(path, (answer) => answer.status === 200 && answer.text.includes(kind));
    await t.get(path);
  }
  const index = await t.ask("GET", "/openapi/v3");
  noteEntries(t, "v3 paths", index.at("paths"), group);
  const reversed = group.split(".").reverse().join(".");
  const v2 = await t.ask("GET", "/openapi/v2");
  noteEntries(t, "v2 definitions", v2.at("definitions"), reversed);
  noteEntries(t, "v2 paths", v2.at("paths"), group);
  await t.get(`/apis/${group}`);
  for (const one of versions) await t.get(`/apis/${group}/${one}`);
  const discovery = await t.ask("GET", "/apis", undefined, { accept: AGGREGATED });
  const items = discovery.at("items");
  const found = Array.isArray(items) ? items.filter((item) => JSON.stringify(item).includes(kind)) : [];
  t.note(`aggregated ${lines(found)}`);
  const groups = await t.ask("GET", "/apis");
  const listed = groups.at("groups");
  t.note(
    `groups ${lines(Array.isArray(listed) ? listed.filter((one) => JSON.stringify(one).includes(kind)) : [])}`,
  );
  for (const one of versions) {
    const name = `${one}.${group}`;
    await t.get(`/apis/apiregistration.k8s.io/v1/apiservices/${name}`);
  }
}

const rich: JsonObject = {
  description: "A thing\nof two lines.",
  type: "object",
  required: ["spec"],
  properties: {
    apiVersion: { type: "string", description: "own" },
    kind: { type: "string" },
    metadata: { type: "object", properties: { name: { type: "string", pattern: "^a" } } },
    spec: {
      type: "object",
      title: "t",
      description: "What is wanted.",
      minProperties: 1,
      maxProperties: 9,
      externalDocs: { description: "d", url: "https://example.com" },
      example: { a: 1 },
      required: ["size"],
      properties: {
        size: { type: "integer", format: "int32", minimum: 1, maximum: 10, default: 3 },
        ratio: { type: "number", multipleOf: 0.5, exclusiveMinimum: true, minimum: 0 },
        name: { type: "string", pattern: "^[a-z]+$", minLength: 1, maxLength: 5, nullable: true },
        colour: { type: "string", enum: ["red", "green"], default: "red" },
        when: { type: "string", format: "date-time" },
        odd: { type: "string", format: "no-such-format" },
        set: { type: "array", maxItems: 3, items: { type: "string" }, "x-kubernetes-list-type": "set" },
        ports: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            required: ["port"],
            properties: { port: { type: "integer" }, name: { type: "string", nullable: true } },
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["port"],
        },
        open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        either: { "x-kubernetes-int-or-string": true, description: "A number or a text." },
        eitherAnyOf: {
          "x-kubernetes-int-or-string": true,
          anyOf: [{ type: "integer" }, { type: "string" }],
          pattern: "^x",
        },
        labels: {
          type: "object",
          additionalProperties: { type: "string" },
          "x-kubernetes-map-type": "atomic",
        },
        nested: { type: "object", additionalProperties: { type: "array", items: { type: "integer" } } },
        anything: { type: "object", additionalProperties: true },
        choice: {
          type: "object",
          properties: { a: { type: "string" }, b: { type: "string" } },
          oneOf: [{ required: ["a"] }, { required: ["b"] }],
          anyOf: [{ properties: { a: { minLength: 1 } } }],
          allOf: [{ maxProperties: 2 }],
          not: { required: ["c"] },
        },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
        embedded: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: { spec: { type: "object", properties: { a: { type: "string" } } } },
        },
        ruled: {
          type: "string",
          maxLength: 5,
          "x-kubernetes-validations": [
            { rule: "self != 'x'", message: "not x", reason: "FieldValueInvalid" },
          ],
        },
      },
    },
    status: { type: "object", properties: { replicas: { type: "integer" }, selector: { type: "string" } } },
  },
};

const scale: JsonObject = {
  specReplicasPath: ".spec.size",
  statusReplicasPath: ".status.replicas",
  labelSelectorPath: ".status.selector",
};

export const cases = [
  test("custom resources: documents of a rich definition", async (t) => {
    const group = "rich.docs.example.com";
    const crd = definition(
      group,
      "gadgets",
      "Gadget",
      [
        version("v1", {}, { schema: { openAPIV3Schema: rich }, subresources: { status: {}, scale } }),
        version("v1beta1", {}, { deprecated: true }),
        version("v2alpha1", {}, { served: false }),
      ],
      {
        names: {
          plural: "gadgets",
          singular: "gadget",
          kind: "Gadget",
          listKind: "ListOfGadgets",
          shortNames: ["gd", "gt"],
          categories: ["all", "gadgetry"],
        },
      },
    );
    await serve(t, crd, t.path(`${group}/v1/gadgets`));
    await compareDocuments(t, group, ["v1", "v1beta1"]);
  }),
  test("custom resources: documents of a cluster-scoped definition", async (t) => {
    const group = "plain.docs.example.com";
    const crd = definition(group, "plains", "Plain", [version("v1", {})], { scope: "Cluster" });
    await serve(t, crd, `/apis/${group}/v1/plains`);
    await compareDocuments(t, group, ["v1"]);
  }),
  test("custom resources: documents of two kinds in a group, one of them open", async (t) => {
    const group = "two.docs.example.com";
    const open = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    await serve(
      t,
      definition(group, "ones", "One", [version("v1", {}, { schema: open })]),
      t.path(`${group}/v1/ones`),
    );
    await serve(t, definition(group, "twos", "Two", [version("v1", {})]), t.path(`${group}/v1/twos`));
    await t.until(
      `/openapi/v3/apis/${group}/v1`,
      ({ text }) => text.includes('"Two"') && text.includes('"One"'),
    );
    await t.until("/openapi/v2", ({ text }) => text.includes(`/apis/${group}/v1/twos`));
    await compareDocuments(t, group, ["v1"]);
  }),
];
