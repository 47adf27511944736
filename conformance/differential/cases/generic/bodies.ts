import { raw, test, yaml } from "../../conversation.ts";
import { configMap } from "../../objects.ts";

const BROKEN_JSON: Readonly<Record<string, string>> = {
  empty: "",
  blank: "  \n",
  "open brace": "{",
  "cut off": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":',
  "trailing comma": '{"apiVersion":"v1","kind":"ConfigMap",}',
  "trailing data": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}} more',
  "two documents": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}{"a":1}',
  "single quotes": "{'apiVersion':'v1'}",
  list: "[]",
  "list of objects": '[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}]',
  string: '"text"',
  number: "5",
  null: "null",
  "not JSON": "hello",
  "bad escape": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\\x"}}',
  "control character": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a\tb"}}',
  "byte order mark": '\ufeff{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
  "leading zero": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","generation":01}}',
  NaN: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","generation":NaN}}',
  "lone surrogate": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"\\ud800"}}',
  "kind is a number": '{"apiVersion":"v1","kind":5}',
  "apiVersion is a number": '{"apiVersion":1,"kind":"ConfigMap"}',
  "bad apiVersion": '{"apiVersion":"a/b/c","kind":"ConfigMap"}',
  "a list kind": '{"apiVersion":"v1","kind":"ConfigMapList","items":[]}',
  "kind List": '{"apiVersion":"v1","kind":"List","items":[]}',
  "a Status": '{"apiVersion":"v1","kind":"Status","status":"Failure"}',
  "a kind of another group": '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"}}',
  "a kind of another version": '{"apiVersion":"apps/v1beta1","kind":"Deployment","metadata":{"name":"a"}}',
  options: '{"apiVersion":"meta.k8s.io/v1","kind":"DeleteOptions"}',
};

const BROKEN_YAML: Readonly<Record<string, string>> = {
  empty: "",
  tabs: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n",
  "bad indent": "apiVersion: v1\n kind: ConfigMap\n",
  list: "- a\n- b\n",
  text: "hello",
  "two documents":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y1}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: y2}\n",
  "separator first": "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: y3}\n",
  anchors: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y4}\ndata: &d {a: b}\nbinaryData: *d\n",
  "merge key":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y5}\nx: &d {a: b}\ndata:\n  <<: *d\n  c: d\n",
  "unknown alias": "apiVersion: v1\nkind: ConfigMap\nmetadata: *none\n",
  "int key": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y6}\ndata:\n  1: b\n",
  "octal and booleans":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y7}\ndata: {a: 0o17, b: yes, c: 1_000, d: ~}\n",
  timestamp: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y8}\ndata: {a: 2020-01-01}\n",
  json: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y9"}}',
  "json, cut off": '{"apiVersion":"v1","kind":"ConfigMap"',
  tag: "apiVersion: v1\nkind: !!str ConfigMap\nmetadata: {name: y10}\n",
  "block text":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y11}\ndata:\n  a: |\n    one\n    two\n  b: >-\n    three\n    four\n",
  bomb: `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
    .split("")
    .map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${"abcdefg"[index]}`).join(",")}]`)
    .join("\n")}\n`,
};

export const cases = [
  test("bodies: broken JSON", async (t) => {
    for (const [remark, text] of Object.entries(BROKEN_JSON)) {
      await t.post(t.path("v1/configmaps"), raw("application/json", text), { remark });
    }
    await t.post(t.path("v1/configmaps"), raw("application/json", Buffer.from([0x7b, 0xff, 0xfe])), {
      remark: "not UTF-8",
    });
  }),
  test("bodies: broken JSON on update", async (t) => {
    await t.post(t.path("v1/configmaps"), configMap("a"));
    for (const [remark, text] of Object.entries(BROKEN_JSON)) {
      await t.put(`${t.path("v1/configmaps")}/a`, raw("application/json", text), { remark });
    }
  }),
  test("bodies: broken YAML", async (t) => {
    for (const [remark, text] of Object.entries(BROKEN_YAML)) {
      await t.post(t.path("v1/configmaps"), yaml(text), { remark });
    }
  }),
  test("bodies: broken patches", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.post(t.path("v1/configmaps"), configMap("a", { data: { a: "b" } }));
    const types = [
      "application/merge-patch+json",
      "application/strategic-merge-patch+json",
      "application/json-patch+json",
      "application/apply-patch+yaml",
    ];
    for (const type of types) {
      for (const text of [
        "",
        "{",
        "[]",
        "{}",
        "null",
        "5",
        '"x"',
        "[{}]",
        '[{"op":"jump","path":"/a"}]',
        '{"metadata":5}',
        "a: b",
        "a: {",
      ]) {
        await t.patch(at, raw(type, text), { query: { fieldManager: "m" }, remark: `${type} ${text}` });
      }
    }
    await t.patch(at, raw("application/json", "{}"));
    await t.patch(at, raw("text/plain", "{}"));
    await t.patch(at, raw(undefined, "{}"), { remark: "no content type" });
    await t.patch(at, raw("application/merge-patch+json; charset=utf-8", "{}"));
    await t.patch(at, raw("application/apply-patch+json", "{}"));
    await t.patch(at, raw("application/apply-patch+cbor", "{}"));
  }),
  test("bodies: media types", async (t) => {
    const text = JSON.stringify(configMap("a"));
    const types = [
      undefined,
      "",
      "application/json",
      "application/json; charset=utf-8",
      "application/json;stream=watch",
      "APPLICATION/JSON",
      "text/plain",
      "text/json",
      "application/xml",
      "application/yaml",
      "application/octet-stream",
      "application/vnd.kubernetes.protobuf",
      "application/cbor",
      "application/x-www-form-urlencoded",
      "nonsense",
      "application/json, text/plain",
      "*/*",
    ];
    for (const type of types) {
      await t.post(t.path("v1/configmaps"), raw(type, text), {
        query: { dryRun: "All" },
        remark: String(type),
      });
    }
  }),
  test("bodies: accepted media types", async (t) => {
    await t.post(t.path("v1/configmaps"), configMap("a", { data: { a: "b" } }));
    const accepted = [
      "*/*",
      "application/*",
      "application/json",
      "application/json;q=0.5,application/yaml",
      "application/yaml",
      "text/html",
      "text/plain",
      "application/xml",
      "application/vnd.kubernetes.protobuf",
      "application/vnd.kubernetes.protobuf,application/json",
      "application/cbor",
      "application/json;pretty=1",
      "application/json;as=Table;v=v1;g=meta.k8s.io",
      "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
      "application/json;as=Table;v=v2;g=meta.k8s.io",
      "application/json;as=Table;v=v1;g=other",
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
      "application/json;as=Nonsense;v=v1;g=meta.k8s.io",
      "application/json;as=Nonsense;v=v1;g=meta.k8s.io,application/json",
      "application/yaml;as=Table;v=v1;g=meta.k8s.io",
      "",
      "nonsense",
    ];
    for (const accept of accepted) {
      await t.get(`${t.path("v1/configmaps")}/a`, { accept });
      await t.get(t.path("v1/configmaps"), { accept });
      await t.post(t.path("v1/configmaps"), configMap("b"), { accept, query: { dryRun: "All" } });
      await t.get(`${t.path("v1/configmaps")}/missing`, { accept });
    }
    await t.get(`${t.path("v1/configmaps")}/a`, { query: { pretty: "true" } });
    await t.get(`${t.path("v1/configmaps")}/a`, { headers: { "user-agent": "Mozilla/5.0" } });
  }),
  test("bodies: how JSON is written", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(
      all,
      configMap("a", { metadata: { labels: { b: "1", a: "2" } }, data: { z: "<&>", a: "\u2028é😀" } }),
    );
    const got = await t.get(`${all}/a`);
    t.note(Object.keys(got.object).join(","));
    t.note(Object.keys(got.at("metadata") ?? {}).join(","));
    t.note(got.text.slice(got.text.indexOf('"data"')));
    const list = await t.get(all);
    t.note(Object.keys(list.object).join(","));
    const missing = await t.get(`${all}/missing`);
    t.note(missing.text);
    const pretty = await t.get(`${all}/missing`, { query: { pretty: "1" } });
    t.note(pretty.text);
    const browser = await t.get(`${all}/missing`, { headers: { "user-agent": "curl/8.0" } });
    t.note(browser.text);
    const yamlText = await t.get(`${all}/missing`, { accept: "application/yaml" });
    t.note(yamlText.text);
  }),
  test("bodies: large", async (t) => {
    const all = t.path("v1/configmaps");
    await t.post(all, configMap("just", { data: { a: "x".repeat(1024 * 1024) } }), { compare: "head" });
    await t.post(all, configMap("more", { data: { a: "x".repeat(1024 * 1024 + 1) } }), {
      remark: "over 1 MiB",
    });
    await t.post(all, configMap("most", { data: { a: "x".repeat(3 * 1024 * 1024) } }), {
      remark: "over 3 MiB",
    });
    const notes = { "example.com/a": "x".repeat(256 * 1024) };
    await t.post(all, configMap("notes", { metadata: { annotations: notes } }), {
      remark: "annotations over 256 KiB",
    });
    const ops = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/metadata/name", value: "just" }));
    await t.patch(`${all}/just`, ops, { remark: "10001 operations" });
    await t.get(`${all}/just`, { headers: { "accept-encoding": "gzip" }, compare: "head", remark: "gzip" });
    await t.get(`${all}/missing`, { headers: { "accept-encoding": "gzip" }, remark: "gzip" });
    const deep = `${'{"a":'.repeat(10_001)}1${"}".repeat(10_001)}`;
    await t.post(all, raw("application/json", deep), { remark: "nested too deep" });
  }),
];
