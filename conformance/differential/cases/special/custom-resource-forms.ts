import { type Conversation, test } from "../../conversation.ts";
import { DEFINITIONS, definition, serve, version } from "../../custom-definitions.ts";
import type { Json, JsonObject } from "../../json.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const partial = (kind: string, type = "application/json") => `${type};as=${kind};v=v1;g=meta.k8s.io`;

function object(group: string, name: string, more: JsonObject, kind = "Widget", v = "v1"): JsonObject {
  return { apiVersion: `${group}/${v}`, kind, metadata: { name }, ...more };
}

/** Changes a definition, and waits until its resource behaves as it says. */
async function redefine(
  t: Conversation,
  name: string,
  changes: Record<string, Json | undefined>,
): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const live = await t.ask("GET", `${DEFINITIONS}/${name}`);
    const answer = await t.ask("PUT", `${DEFINITIONS}/${name}`, live.with(changes));
    if (answer.status === 200) break;
  }
  await t.pause(1500);
}

const open: JsonObject = {
  spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};

export const cases = [
  test("custom resources: media types", async (t) => {
    const group = "media.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const scale = { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" };
    const subresources = { status: {}, scale };
    await serve(t, definition(group, "widgets", "Widget", [version("v1", open, { subresources })]), all);
    await t.post(all, object(group, "a", { spec: { size: 2 } }));
    for (const accept of [
      PROTOBUF,
      `${PROTOBUF},application/json`,
      partial("PartialObjectMetadata", PROTOBUF),
      partial("PartialObjectMetadataList", PROTOBUF),
      `${partial("PartialObjectMetadata", PROTOBUF)},${partial("PartialObjectMetadata")}`,
      partial("Table", PROTOBUF),
      partial("PartialObjectMetadata", "application/yaml"),
      "application/cbor",
      "text/plain",
      "application/*",
      "*/*",
    ]) {
      await t.get(`${all}/a`, { accept });
      await t.get(all, { accept });
      await t.get(`${all}/a/status`, { accept });
      await t.get(`${all}/a/scale`, { accept });
    }
    await t.patch(`${all}/a`, { metadata: null });
    await t.patch(`${all}/a`, { metadata: null }, { query: { fieldValidation: "Strict", dryRun: "All" } });
    await t.put(`${all}/a`, { apiVersion: `${group}/v1`, kind: "Widget", metadata: null });
    await t.apply(`${all}/a`, { apiVersion: `${group}/v1`, kind: "Widget", metadata: null });
    await t.put(all, object(group, "a", {}));
    await t.patch(all, {});
    await t.post(`${all}/a`, object(group, "a", {}));
    await t.post(`${all}/a`, object(group, "other", {}));
    await t.post(`/apis/${group}/v1/widgets`, object(group, "c", {}));
    await t.delete(`/apis/${group}/v1/widgets`);
    await t.get(`/apis/${group}/v1/widgets/a`);
    await t.get(`${all}/a/status/more`);
    await t.request("OPTIONS", all);
    await t.request("HEAD", all);
    await t.request("HEAD", `${all}/a`);
    await t.request("HEAD", `${all}/a/status`);
    for (const accept of [PROTOBUF, `${PROTOBUF};stream=watch`, "application/yaml", "text/plain"]) {
      await t.get(all, { accept, query: { watch: true, timeoutSeconds: 1 } });
    }
    await t.post(all, object(group, "b", { spec: {} }), { accept: PROTOBUF });
    await t.put(`${all}/a`, object(group, "a", { spec: {} }), { accept: PROTOBUF });
    await t.delete(`${all}/a`, undefined, { accept: partial("PartialObjectMetadata", PROTOBUF) });
  }),
  test("custom resources: columns", async (t) => {
    const group = "columns.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const column = (name: string, type: string, jsonPath: string, more: JsonObject = {}) => ({
      name,
      type,
      jsonPath,
      ...more,
    });
    const additionalPrinterColumns = [
      column("Int", "integer", ".spec.int"),
      column("Int of text", "integer", ".spec.text"),
      column("Number", "number", ".spec.number"),
      column("Bool", "boolean", ".spec.bool", { description: "Whether." }),
      column("Text", "string", ".spec.text", { priority: 1, format: "password" }),
      column("Text of int", "string", ".spec.int"),
      column("Text of list", "string", ".spec.list"),
      column("Text of object", "string", ".spec.object"),
      column("Date", "date", ".spec.date"),
      column("Date of text", "date", ".spec.text"),
      column("Date of int", "date", ".spec.int"),
      column("First", "string", ".spec.list[0]"),
      column("All", "string", ".spec.list[*]"),
      column("Conditions", "string", '.status.conditions[?(@.type=="Ready")].status'),
      column("Several", "string", ".status.conditions[*].type"),
      column("Dotted", "string", ".spec.object.a\\.b"),
      column("Label", "string", ".metadata.labels.app"),
      column("Annotation", "string", ".metadata.annotations.example\\.com/x"),
      column("Out of range", "string", ".spec.list[9]"),
      column("Root", "string", "."),
    ];
    const crd = definition(group, "widgets", "Widget", [version("v1", open, { additionalPrinterColumns })]);
    await serve(t, crd, all);
    const full = {
      int: 12345678901,
      number: 1234567.5,
      bool: true,
      text: "x\ny",
      list: ["a", 1, null, { b: 2 }],
      object: { "a.b": 1, c: [true] },
      date: "2020-01-01T00:00:00Z",
    };
    const conditions = [
      { type: "Ready", status: "True" },
      { type: "Other", status: "False" },
    ];
    const metadata = { name: "full", labels: { app: "x" }, annotations: { "example.com/x": "y" } };
    await t.post(all, { ...object(group, "full", { spec: full, status: { conditions } }), metadata });
    await t.post(all, object(group, "empty", {}));
    const odd = { int: 1.5, number: "x", bool: "true", text: 5, list: [], object: null, date: "yesterday" };
    await t.post(all, object(group, "odd", { spec: odd }));
    await t.get(all, { accept: TABLE });
    await t.get(`${all}/full`, { accept: TABLE, query: { includeObject: "None" } });
    await t.get(`${all}/odd`, { accept: TABLE, query: { includeObject: "Object" } });
  }),
  test("custom resources: scales of odd objects", async (t) => {
    const group = "scales.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const scale = {
      specReplicasPath: ".spec.a.size",
      statusReplicasPath: ".status.size",
      labelSelectorPath: ".status.selector",
    };
    const crd = definition(group, "widgets", "Widget", [
      version("v1", open, { subresources: { status: {}, scale } }),
    ]);
    await serve(t, crd, all);
    for (const [name, size] of Object.entries({
      number: 3,
      zero: 0,
      negative: -1,
      large: 3000000000,
      float: 1.5,
      text: "3",
      null: null,
    })) {
      await t.post(all, object(group, name, { spec: { a: { size } } }));
      await t.get(`${all}/${name}/scale`);
    }
    await t.post(all, object(group, "none", { spec: {} }));
    const got = await t.get(`${all}/none/scale`);
    await t.patch(`${all}/none/scale`, { spec: { replicas: 2 } });
    await t.patch(`${all}/number/scale`, { spec: { replicas: -2 } });
    await t.patch(`${all}/number/scale`, { spec: { replicas: "x" } });
    await t.patch(`${all}/number/scale`, { spec: null });
    await t.patch(`${all}/number/scale`, { metadata: { labels: { a: "b" } } });
    await t.patch(`${all}/number/scale`, { spec: { replicas: 5 } }, { query: { dryRun: "All" } });
    await t.put(`${all}/number/scale`, { spec: { replicas: 5 } });
    await t.put(`${all}/number/scale`, { metadata: { name: "other" }, spec: { replicas: 5 } });
    const scaleOf = await t.get(`${all}/number/scale`);
    await t.put(`${all}/number/scale`, scaleOf.with({ "spec.replicas": 6 }));
    await t.put(`${all}/number/scale`, scaleOf.with({ "spec.replicas": 7 }), { remark: "stale" });
    const applied = {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "number" },
      spec: { replicas: 9 },
    };
    await t.apply(`${all}/number/scale`, applied, "scaler");
    await t.apply(`${all}/number/scale`, applied, "scaler", { query: { force: true } });
    await t.get(`${all}/number`);
    await t.patch(`${all}/zero/status`, { status: { size: "x", selector: 5 } });
    await t.get(`${all}/zero/scale`);
    await t.patch(`${all}/zero/status`, { status: null });
    await t.get(`${all}/missing/scale`);
    await t.delete(`${all}/zero/scale`);
    await t.post(`${all}/zero/scale`, got.object);
  }),
  test("custom resources: status subresource", async (t) => {
    const group = "status.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const properties = {
      spec: { type: "object", properties: { a: { type: "integer", minimum: 1 } } },
      status: {
        type: "object",
        required: ["phase"],
        properties: { phase: { type: "string", enum: ["On", "Off"] }, n: { type: "integer", default: 4 } },
      },
    };
    const crd = definition(group, "widgets", "Widget", [
      version("v1", properties, { subresources: { status: {} } }),
    ]);
    await serve(t, crd, all);
    const created = await t.post(all, object(group, "a", { spec: { a: 1 }, status: { phase: "wrong" } }));
    await t.put(`${all}/a/status`, created.with({ "spec.a": 0, status: { phase: "On" } }));
    await t.put(`${all}/a/status`, created.with({ status: { phase: "Off" } }), { remark: "stale" });
    const live = await t.get(`${all}/a/status`);
    for (const [remark, status] of Object.entries<Json>({
      "wrong phase": { phase: "Half" },
      "no phase": {},
      null: null,
      text: "x",
      list: [],
      unknown: { phase: "On", more: 1 },
      "wrong type": { phase: 5 },
    })) {
      await t.put(`${all}/a/status`, live.with({ status }), { remark, query: { dryRun: "All" } });
      await t.patch(
        `${all}/a/status`,
        { status },
        { remark, query: { dryRun: "All", fieldValidation: "Strict" } },
      );
    }
    await t.put(`${all}/a/status`, live.with({ status: undefined }), { query: { dryRun: "All" } });
    await t.put(
      `${all}/a/status`,
      live.with({ "metadata.labels": { a: "b" }, "metadata.finalizers": ["x.io/y"] }),
    );
    await t.patch(`${all}/a/status`, { metadata: { annotations: { a: "b" } }, status: { phase: "Off" } });
    await t.apply(`${all}/a/status`, object(group, "a", { status: { phase: "On" } }), "one");
    await t.apply(`${all}/a/status`, object(group, "a", { spec: { a: 3 } }), "two");
    await t.apply(`${all}/a/status`, object(group, "b", { status: { phase: "On" } }), "one");
    await t.patch(`${all}/a`, { spec: { a: 2 }, status: { phase: "broken" } });
    await t.get(`${all}/a`);
    await t.delete(`${all}/a/status`);
    await t.post(`${all}/a/status`, live.object);
  }),
  test("custom resources: apply to lists and maps of all types", async (t) => {
    const group = "apply.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const keyed = (keys: string[], more: JsonObject = {}) => ({
      type: "array",
      items: {
        type: "object",
        required: keys,
        properties: {
          key: { type: "string" },
          n: { type: "integer" },
          other: { type: "string", default: "d" },
        },
      },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": keys,
      ...more,
    });
    const spec = {
      type: "object",
      properties: {
        atomic: { type: "array", items: { type: "string" } },
        set: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
        byKey: keyed(["key"]),
        byTwo: keyed(["key", "n"]),
        atomicMap: {
          type: "object",
          additionalProperties: { type: "string" },
          "x-kubernetes-map-type": "atomic",
        },
        map: { type: "object", additionalProperties: { type: "string" } },
        open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
        scalar: { type: "string" },
      },
    };
    await serve(t, definition(group, "widgets", "Widget", [version("v1", { spec })]), all);
    const applied = (fields: JsonObject) => object(group, "a", { spec: fields });
    const template = { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec: { containers: [] } };
    await t.apply(
      `${all}/a`,
      applied({
        atomic: ["a", "b"],
        set: ["a", "b"],
        byKey: [{ key: "a", n: 1 }, { key: "b" }],
        byTwo: [
          { key: "a", n: 1 },
          { key: "a", n: 2 },
        ],
        atomicMap: { a: "1" },
        map: { a: "1" },
        open: { a: { b: [1] } },
        template,
        scalar: "x",
      }),
      "one",
    );
    await t.apply(`${all}/a`, applied({ set: ["c", "a"], byKey: [{ key: "c" }], map: { b: "2" } }), "two");
    await t.apply(`${all}/a`, applied({ atomic: ["c"] }), "two");
    await t.apply(`${all}/a`, applied({ atomic: ["c"] }), "two", { query: { force: true } });
    await t.apply(`${all}/a`, applied({ atomicMap: { b: "2" } }), "three");
    await t.apply(`${all}/a`, applied({ byKey: [{ key: "a", n: 5 }] }), "three");
    await t.apply(`${all}/a`, applied({ byTwo: [{ key: "a", n: 1, other: "e" }] }), "three");
    await t.apply(`${all}/a`, applied({ open: { a: { b: [2] } } }), "three");
    await t.apply(`${all}/a`, applied({ template: { ...template, spec: {} } }), "three");
    await t.apply(`${all}/a`, applied({ byKey: [{ key: "a" }, { key: "a" }] }), "four");
    await t.apply(`${all}/a`, applied({ set: ["x", "x"] }), "four");
    await t.apply(`${all}/a`, applied({ byKey: [{ n: 1 }] }), "four");
    await t.apply(`${all}/a`, applied({ byKey: ["x"] }), "four");
    await t.apply(`${all}/a`, applied({ set: "x" }), "four");
    await t.apply(`${all}/a`, applied({ unknown: 1 }), "four");
    await t.apply(`${all}/a`, applied({ unknown: 1 }), "four", { query: { fieldValidation: "Strict" } });
    await t.apply(`${all}/a`, applied({ scalar: null, byKey: null }), "one", { query: { force: true } });
    await t.apply(`${all}/a`, object(group, "a", {}), "one");
    await t.apply(`${all}/a`, object(group, "a", {}), "two");
    await t.apply(`${all}/b`, object(group, "a", {}), "two");
    await t.apply(`${all}/a`, { ...object(group, "a", {}), kind: "Other" }, "two");
    await t.apply(`${all}/a`, { ...object(group, "a", {}), apiVersion: `${group}/v2` }, "two");
    await t.get(`${all}/a`);
  }),
  test("custom resources: what is stored meets a new schema", async (t) => {
    const group = "read.forms.example.com";
    const name = `widgets.${group}`;
    const all = t.path(`${group}/v1/widgets`);
    const spec = (properties: JsonObject) => ({ spec: { type: "object", properties } });
    const first = spec({
      a: { type: "integer" },
      b: { type: "string" },
      c: { type: "array", items: { type: "string" } },
    });
    await serve(t, definition(group, "widgets", "Widget", [version("v1", first)]), all);
    await t.post(all, object(group, "a", { spec: { a: 100, b: "x", c: ["p", "p"] } }));
    await t.post(all, object(group, "bare", {}));
    const second = spec({
      a: { type: "integer", maximum: 10 },
      c: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
      d: { type: "string", default: "new" },
      e: { type: "object", default: {}, properties: { f: { type: "integer", default: 5 } } },
    });
    await redefine(t, name, {
      "/spec/versions/0/schema/openAPIV3Schema/properties": second,
    });
    const read = await t.get(`${all}/a`);
    await t.get(`${all}/bare`);
    await t.get(all);
    await t.patch(`${all}/a`, { metadata: { labels: { x: "y" } } }, { remark: "wrong before and after" });
    await t.patch(`${all}/a`, { spec: { a: 101 } }, { remark: "wrong otherwise" });
    await t.patch(`${all}/a`, { spec: { c: ["p", "p", "q"] } });
    await t.put(`${all}/a`, read.with({ "spec.d": undefined, "metadata.resourceVersion": undefined }));
    await t.patch(`${all}/a`, { spec: { a: 5 } });
    await t.get(`${all}/a`);
    const watch = await t.watch(all, { query: { resourceVersion: "0" } });
    await watch.events(2);
    await t.delete(`${all}/bare`);
    await watch.events(1);
  }),
  test("custom resources: definitions that clash, go and come back", async (t) => {
    const group = "again.forms.example.com";
    const all = t.path(`${group}/v1/widgets`);
    const crd = (plural: string, names: JsonObject) =>
      definition(group, plural, "Widget", [version("v1", {})], { names: { plural, ...names } });
    await serve(t, crd("widgets", { kind: "Widget", singular: "widget", shortNames: ["w", "wd"] }), all);
    const says = async (plural: string) => {
      const path = `${DEFINITIONS}/${plural}.${group}`;
      await t.until(path, ({ text }) => text.includes('"NamesAccepted"'));
      await t.pause(500);
      const answer = await t.ask("GET", path);
      t.note(
        `${plural} ${JSON.stringify(answer.at("status.conditions"))} ${JSON.stringify(answer.at("status.acceptedNames"))}`.replace(
          /"lastTransitionTime":"[^"]*"/g,
          '"lastTransitionTime":"TIME"',
        ),
      );
    };
    for (const [plural, names] of Object.entries<JsonObject>({
      kinds: { kind: "Widget", listKind: "KindList", singular: "kinds" },
      lists: { kind: "List", listKind: "WidgetList", singular: "list" },
      crossed: { kind: "WidgetList", listKind: "CrossedList", singular: "crossed" },
      singulars: { kind: "Singular", singular: "widgets" },
      shorts: { kind: "Short", singular: "short", shortNames: ["wd", "w", "x"] },
      plain: { kind: "Plain", singular: "plain", shortNames: ["plains"], categories: ["all"] },
    })) {
      await t.ask("POST", DEFINITIONS, crd(plural, names));
      await says(plural);
    }
    await t.get(t.path(`${group}/v1/kinds`));
    await t.post(all, object(group, "a", {}));
    await t.delete(`${DEFINITIONS}/widgets.${group}`);
    await t.until(`${DEFINITIONS}/widgets.${group}`, ({ status }) => status === 404);
    await t.until(`${DEFINITIONS}/kinds.${group}`, ({ text }) => text.includes('"InitialNamesAccepted"'));
    await says("shorts");
    await t.get(all);
    await t.ask("DELETE", `${DEFINITIONS}/kinds.${group}`);
    await t.until(`${DEFINITIONS}/kinds.${group}`, ({ status }) => status === 404);
    await t.post(DEFINITIONS, crd("widgets", { kind: "Gadget", singular: "widget" }));
    await t.until(all, ({ status }) => status === 200);
    await t.get(all);
    await t.get(`${all}/a`);
  }),
];
