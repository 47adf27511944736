import { test, yaml } from "../../conversation.ts";
import { DEFINITIONS, definition, serve, version } from "../../custom-definitions.ts";
import type { JsonObject } from "../../json.ts";

const widgetProperties: JsonObject = {
  spec: {
    type: "object",
    required: ["size"],
    properties: {
      size: { type: "integer", minimum: 1, maximum: 10 },
      colour: { type: "string", enum: ["red", "green"], default: "red" },
      pattern: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 4 },
      ratio: { type: "number", multipleOf: 0.5, exclusiveMinimum: true, minimum: 0 },
      flag: { type: "boolean", nullable: true },
      when: { type: "string", format: "date-time" },
      list: { type: "array", maxItems: 3, items: { type: "string" }, "x-kubernetes-list-type": "set" },
      ports: {
        type: "array",
        items: {
          type: "object",
          required: ["port"],
          properties: { port: { type: "integer" }, name: { type: "string", default: "p" } },
        },
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["port"],
      },
      labels: { type: "object", additionalProperties: { type: "string", maxLength: 3 }, maxProperties: 2 },
      either: { "x-kubernetes-int-or-string": true },
      anything: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      one: {
        type: "object",
        properties: { a: { type: "string" }, b: { type: "string" } },
        oneOf: [{ required: ["a"] }, { required: ["b"] }],
      },
      template: {
        type: "object",
        "x-kubernetes-embedded-resource": true,
        "x-kubernetes-preserve-unknown-fields": true,
      },
      immutable: { type: "string" },
    },
  },
  status: { type: "object", properties: { replicas: { type: "integer" }, selector: { type: "string" } } },
};

const SPECS: Readonly<Record<string, unknown>> = {
  minimal: { size: 1 },
  missing: undefined,
  empty: {},
  null: null,
  text: "x",
  "too small": { size: 0 },
  "too large": { size: 11 },
  float: { size: 1.5 },
  string: { size: "1" },
  "null size": { size: null },
  "wrong enum": { size: 1, colour: "blue" },
  "null enum": { size: 1, colour: null },
  pattern: { size: 1, pattern: "ABC" },
  short: { size: 1, pattern: "a" },
  long: { size: 1, pattern: "abcde" },
  ratio: { size: 1, ratio: 0.3 },
  "ratio zero": { size: 1, ratio: 0 },
  "null flag": { size: 1, flag: null },
  "flag without size": { size: 1, flag: true },
  "size seven": { size: 7 },
  "bad time": { size: 1, when: "yesterday" },
  "too many items": { size: 1, list: ["a", "b", "c", "d"] },
  "duplicate items": { size: 1, list: ["a", "a"] },
  "wrong item": { size: 1, list: [1] },
  ports: { size: 1, ports: [{ port: 1 }, { port: 2, name: "q" }] },
  "duplicate ports": { size: 1, ports: [{ port: 1 }, { port: 1 }] },
  "port missing": { size: 1, ports: [{ name: "x" }] },
  "too many labels": { size: 1, labels: { a: "b", c: "d", e: "f" } },
  "long label": { size: 1, labels: { a: "bcde" } },
  "either int": { size: 1, either: 5 },
  "either string": { size: 1, either: "5%" },
  "either neither": { size: 1, either: true },
  anything: { size: 1, anything: { a: { b: [1, 2.5, null] } } },
  "one of": { size: 1, one: { a: "x" } },
  "both of one": { size: 1, one: { a: "x", b: "y" } },
  "none of one": { size: 1, one: {} },
  embedded: {
    size: 1,
    template: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", labels: { b: "c" }, nonsense: 1 },
      spec: {},
    },
  },
  "embedded, wrongly": { size: 1, template: { spec: {} } },
  unknown: { size: 1, nonsense: 1 },
  "many faults": { size: 0, colour: "blue", pattern: "ABCDEF", list: ["a", "a", "b", "c"], ports: [{}] },
};

const widget = (name: string, spec: unknown): JsonObject => {
  const base: JsonObject = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name } };
  return spec === undefined ? base : { ...base, spec: spec as JsonObject };
};

const widgetCrd = (group: string) =>
  definition(group, "widgets", "Widget", [
    version("v1", widgetProperties, {
      subresources: {
        status: {},
        scale: {
          specReplicasPath: ".spec.size",
          statusReplicasPath: ".status.replicas",
          labelSelectorPath: ".status.selector",
        },
      },
      additionalPrinterColumns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size", description: "How large" },
        { name: "Colour", type: "string", jsonPath: ".spec.colour", priority: 1 },
        { name: "When", type: "date", jsonPath: ".spec.when" },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
      selectableFields: [{ jsonPath: ".spec.colour" }],
    }),
  ]);

const ruleProperties: JsonObject = {
  spec: {
    type: "object",
    properties: {
      size: { type: "integer", minimum: 1 },
      flag: { type: "boolean" },
      immutable: {
        type: "string",
        maxLength: 10,
        "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "cannot change" }],
      },
    },
    "x-kubernetes-validations": [
      {
        rule: "!has(self.flag) || !self.flag || self.size > 5",
        message: "a flag needs size",
        reason: "FieldValueForbidden",
        fieldPath: ".flag",
      },
      { rule: "self.size != 7", message: "not seven" },
    ],
  },
};

export const cases = [
  test("custom resources: rules", async (t) => {
    const group = "rules.example.com";
    const all = t.path(`${group}/v1/widgets`);
    await serve(t, definition(group, "widgets", "Widget", [version("v1", ruleProperties)]), all);
    const object = (spec: JsonObject) => ({ ...widget("a", spec), apiVersion: `${group}/v1` });
    await t.post(all, object({ size: 1, flag: true }));
    await t.post(all, object({ size: 7 }));
    await t.post(all, object({ size: 0, flag: true }));
    const created = await t.post(all, object({ size: 1, immutable: "x" }));
    await t.put(`${all}/a`, created.with({ "spec.immutable": "y" }));
    await t.put(`${all}/a`, created.with({ "spec.size": 7 }));
  }),
  test("custom resources: values", async (t) => {
    const all = t.path("values.example.com/v1/widgets");
    await serve(t, widgetCrd("values.example.com"), all);
    for (const [remark, spec] of Object.entries(SPECS)) {
      const object = { ...widget("a", spec), apiVersion: "values.example.com/v1" };
      await t.post(all, object, { remark, query: { dryRun: "All" } });
      await t.post(all, object, { remark, query: { dryRun: "All", fieldValidation: "Strict" } });
    }
    await t.post(
      all,
      yaml(
        "apiVersion: values.example.com/v1\nkind: Widget\nmetadata: {name: y}\nspec: {size: 2, size: 3}\n",
      ),
      { query: { fieldValidation: "Strict" } },
    );
  }),
  test("custom resources: life", async (t) => {
    const group = "life.example.com";
    const all = t.path(`${group}/v1/widgets`);
    await serve(t, widgetCrd(group), all);
    const object = (name: string, spec: JsonObject) => ({ ...widget(name, spec), apiVersion: `${group}/v1` });
    const created = await t.post(all, {
      ...object("a", { size: 1, immutable: "x" }),
      status: { replicas: 5 },
    });
    await t.post(all, object("a", { size: 1 }));
    await t.get(`${all}/a`);
    await t.put(`${all}/a`, created.object, { remark: "no change" });
    const updated = await t.put(`${all}/a`, created.with({ "spec.size": 2 }));
    await t.put(`${all}/a`, created.with({ "spec.size": 3 }), { remark: "stale" });
    await t.put(`${all}/a`, object("a", { size: 3 }), { remark: "no resourceVersion" });
    await t.put(`${all}/a`, updated.with({ "spec.immutable": "y" }));
    await t.put(`${all}/a`, updated.with({ "spec.size": 99 }));
    await t.put(
      `${all}/a/status`,
      updated.with({ "status.replicas": 2, "status.selector": "a=b", "spec.size": 9 }),
    );
    await t.get(`${all}/a/scale`);
    await t.patch(`${all}/a/scale`, { spec: { replicas: 4 } });
    await t.patch(`${all}/a/scale`, { spec: { replicas: 40 } });
    await t.patch(`${all}/a`, { spec: { colour: "green" } });
    await t.patch(`${all}/a`, { spec: { colour: "green" } }, { type: "strategic" });
    await t.patch(`${all}/a`, [{ op: "replace", path: "/spec/size", value: 6 }]);
    await t.apply(`${all}/a`, object("a", { size: 8, ports: [{ port: 1 }] }), "one");
    await t.apply(`${all}/a`, object("a", { size: 8, ports: [{ port: 2 }] }), "two", {
      query: { force: true },
    });
    await t.apply(`${all}/a`, object("a", { size: 6, ports: [{ port: 1 }] }), "one", {
      query: { force: true },
    });
    await t.post(all, object("b", { size: 1, colour: "green" }));
    await t.get(all);
    await t.get(all, { query: { fieldSelector: "spec.colour=green" } });
    await t.get(all, { query: { fieldSelector: "spec.size=1" } });
    await t.get(all, { query: { labelSelector: "a=b", limit: 1 } });
    await t.get(all, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await t.get(all, { accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" });
    await t.get(all, { accept: "application/vnd.kubernetes.protobuf" });
    await t.get(`${all}/a`, { accept: "application/yaml" });
    await t.get(`/apis/${group}/v1/widgets`);
    const watch = await t.watch(all, { query: { resourceVersion: "0" } });
    await watch.events(2);
    await t.delete(`${all}/a`);
    await watch.events(1);
    await t.delete(all);
    await t.get(`/apis/${group}`);
    await t.get(`/apis/${group}/v1`);
    await t.get(`/apis/${group}/v2`);
    await t.get(`${all}/a/nothing`);
  }),
  test("custom resources: cluster-scoped, pruning and versions", async (t) => {
    const group = "versions.example.com";
    const all = `/apis/${group}/v1/things`;
    const crd = definition(
      group,
      "things",
      "Thing",
      [
        version("v1", { spec: { type: "object", properties: { a: { type: "string" } } } }),
        version(
          "v1beta1",
          {
            spec: {
              type: "object",
              properties: { a: { type: "string" }, b: { type: "string", default: "x" } },
            },
          },
          { deprecated: true },
        ),
        { ...version("v1alpha1", {}), served: false },
      ],
      { scope: "Cluster" },
    );
    await serve(t, crd, all);
    const thing = (name: string, spec: JsonObject, v = "v1") => ({
      apiVersion: `${group}/${v}`,
      kind: "Thing",
      metadata: { name },
      spec,
    });
    await t.post(all, thing("a", { a: "1", b: "2", c: "3" }));
    await t.get(`/apis/${group}/v1beta1/things/a`);
    await t.post(`/apis/${group}/v1beta1/things`, thing("b", { a: "1", b: "2" }, "v1beta1"));
    await t.post(`/apis/${group}/v1beta1/things`, thing("c", { a: "1" }, "v1"));
    await t.get(`/apis/${group}/v1/things/b`);
    await t.get(`/apis/${group}/v1alpha1/things`);
    await t.get(t.path(`${group}/v1/things`));
    await t.post(all, { ...thing("d", {}), metadata: { name: "d", namespace: "x" } });
    await t.post(all, { ...thing("Bad Name", {}) });
    await t.get(`/apis/${group}`);
    const got = await t.ask("GET", `${DEFINITIONS}/things.${group}`);
    await t.put(`${DEFINITIONS}/things.${group}`, got.with({ "spec.scope": "Namespaced" }));
    await t.put(`${DEFINITIONS}/things.${group}`, got.with({ "spec.names.kind": "Other" }), {
      query: { dryRun: "All" },
    });
    await t.put(`${DEFINITIONS}/things.${group}`, got.with({ "spec.group": "other" }));
  }),
  test("custom resources: definitions that clash or are wrong", async (t) => {
    const group = "clash.example.com";
    await serve(t, definition(group, "things", "Thing", [version("v1", {})]), t.path(`${group}/v1/things`));
    await t.post(DEFINITIONS, definition(group, "others", "Thing", [version("v1", {})]), {
      query: { dryRun: "All" },
    });
    const wrong: Record<string, JsonObject> = {
      "name that does not match": {
        ...definition(group, "a", "A", [version("v1", {})]),
        metadata: { name: "b.c" },
      },
      "no versions": definition(group, "a", "A", []),
      "no storage version": definition(group, "a", "A", [{ ...version("v1", {}), storage: false }]),
      "two storage versions": definition(group, "a", "A", [
        version("v1", {}),
        { ...version("v2", {}), storage: true },
      ]),
      "same version twice": definition(group, "a", "A", [version("v1", {}), version("v1", {})]),
      "no schema": definition(group, "a", "A", [{ name: "v1", served: true, storage: true }]),
      "preserved unknown fields": definition(group, "a", "A", [version("v1", {})], {
        preserveUnknownFields: true,
      }),
      unstructural: definition(group, "a", "A", [version("v1", { spec: { properties: { a: {} } } })]),
      "bad type": definition(group, "a", "A", [version("v1", { spec: { type: "thing" } })]),
      "bad pattern": definition(group, "a", "A", [version("v1", { spec: { type: "string", pattern: "(" } })]),
      "bad default": definition(group, "a", "A", [version("v1", { spec: { type: "string", default: 5 } })]),
      "bad rule": definition(group, "a", "A", [
        version("v1", { spec: { type: "string", "x-kubernetes-validations": [{ rule: "self + 1" }] } }),
      ]),
      "costly rule": definition(group, "a", "A", [
        version("v1", {
          spec: {
            type: "array",
            items: { type: "string" },
            "x-kubernetes-validations": [{ rule: "self.all(a, self.all(b, a == b || a.contains(b)))" }],
          },
        }),
      ]),
      "webhook without a client": definition(group, "a", "A", [version("v1", {})], {
        conversion: { strategy: "Webhook" },
      }),
      "kubernetes group": definition("things.k8s.io", "a", "A", [version("v1", {})]),
      "bad scope": definition(group, "a", "A", [version("v1", {})], { scope: "Everywhere" }),
      "bad kind": definition(group, "a", "a b", [version("v1", {})]),
      "list map without keys": definition(group, "a", "A", [
        version("v1", {
          spec: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
        }),
      ]),
      "bad column": definition(group, "a", "A", [
        version("v1", {}, { additionalPrinterColumns: [{ name: "x", type: "thing", jsonPath: "no" }] }),
      ]),
      "bad scale": definition(group, "a", "A", [
        version(
          "v1",
          {},
          { subresources: { scale: { specReplicasPath: "spec", statusReplicasPath: ".status.x" } } },
        ),
      ]),
      "metadata in schema": definition(group, "a", "A", [
        version("v1", { metadata: { type: "object", properties: { labels: { type: "object" } } } }),
      ]),
    };
    for (const [remark, crd] of Object.entries(wrong))
      await t.post(DEFINITIONS, crd, { remark, query: { dryRun: "All" } });
  }),
];
