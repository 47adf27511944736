/** Requests that nobody means well with: sizes, depths and numbers just within and just beyond what upstream takes. */
import { gzipSync } from "node:zlib";
import { raw, test, yaml } from "../../conversation.ts";
import { configMap } from "../../objects.ts";

const json = (text: string) => raw("application/json", text);
const patchTypes = ["merge-patch", "strategic-merge-patch", "json-patch", "apply-patch"];
const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const withField = (value: string) =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"zzz":${value}}`;
const dryRun = { query: { dryRun: "All" } };
const MiB = 1024 * 1024;

function binding(name: string, count: number, managedFields: number): object {
  const fields = Object.fromEntries(Array.from({ length: managedFields }, (_, index) => [`f:k${index}`, {}]));
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: {
      name,
      managedFields: [
        { manager: "m", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: fields },
      ],
    },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "x" },
    subjects: Array.from({ length: count }, (_, index) => ({
      kind: "User",
      apiGroup: "rbac.authorization.k8s.io",
      name: `${index}`.padEnd(500, "x"),
    })),
  };
}

/** Each anchor repeats the one before it nine times. */
const aliasBomb = (indent: string) =>
  ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    .map(
      (letter, index, all) =>
        `${indent}${letter}: &${letter} [${Array(9)
          .fill(index === 0 ? "lol" : `*${all[index - 1]}`)
          .join(",")}]`,
    )
    .join("\n");

export const cases = [
  test("hostile: bodies of any size", async (t) => {
    const maps = t.path("v1/configmaps");
    await t.post(maps, raw("application/json", Buffer.alloc(3 * MiB, " ")));
    await t.post(maps, raw("application/json", Buffer.alloc(3 * MiB + 1, " ")));
    await t.post(maps, raw("application/json", Buffer.alloc(3 * MiB + 1, " ")), {
      headers: { "transfer-encoding": "chunked" },
      remark: "chunked",
    });
    for (const open of ["[", '{"a":'])
      for (const type of ["application/json", "application/yaml"])
        await t.post(maps, raw(type, open.repeat(MiB / 2)), { remark: type });
    await t.post(maps, raw("application/json", gzipSync(JSON.stringify(configMap("a")))), {
      headers: { "content-encoding": "gzip" },
      remark: "gzip",
    });
    await t.post(maps, configMap("a"), { ...dryRun, headers: { "content-encoding": "gzip" } });
  }),
  test("hostile: objects that etcd does not take", async (t) => {
    const all = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    for (const [name, count, fields] of [
      ["hostile-small", 2_000, 1],
      ["hostile-large", 3_000, 1],
      ["hostile-larger", 4_500, 1],
      ["hostile-managed", 2_600, 20_000],
    ] as const) {
      const made = await t.post(all, binding(name, count, fields) as never);
      if (made.status === 201) t.leftovers.add(`${all}/${name}`);
    }
    await t.patch(`${all}/hostile-small`, {
      subjects: (binding("x", 3_000, 1) as { subjects: never }).subjects,
    });
  }),
  test("hostile: JSON that nests", async (t) => {
    const maps = t.path("v1/configmaps");
    for (const nested of [lists, objects]) {
      for (const depth of [999, 1_001, 9_999, 10_000, 100_000])
        await t.post(maps, json(withField(nested(depth))), { ...dryRun, remark: `${depth}` });
    }
    await t.post(maps, json(`{"apiVersion":"v1","kind":"ConfigMap","data":${lists(9_990)}}`));
    await t.post(maps, json(`{"apiVersion":"v1","kind":"ConfigMap","metadata":${objects(9_990)}}`), dryRun);
    await t.post(maps, configMap("a"));
    for (const depth of [2_000, 10_001]) {
      for (const type of ["strategic-merge-patch+json", "merge-patch+json", "apply-patch+yaml"])
        await t.patch(`${maps}/a`, raw(`application/${type}`, withField(objects(depth))), {
          query: { fieldManager: "m", ...dryRun.query },
          remark: `${type} ${depth}`,
        });
    }
    const add = (value: string) => `[{"op":"add","path":"/zzz","value":${value}}]`;
    for (const depth of [9_000, 10_000])
      await t.patch(`${maps}/a`, raw("application/json-patch+json", add(lists(depth))), {
        remark: `${depth}`,
      });
  }),
  test("hostile: YAML that repeats itself", async (t) => {
    const maps = t.path("v1/configmaps");
    await t.post(maps, yaml(aliasBomb("")));
    await t.post(
      maps,
      yaml(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${aliasBomb("  ")}\n`),
    );
    await t.post(maps, yaml("apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a, x: *m}\n"));
    await t.patch(`${maps}/a`, raw("application/apply-patch+yaml", aliasBomb("")), {
      query: { fieldManager: "m" },
    });
  }),
  test("hostile: JSON patches that grow", async (t) => {
    const at = `${t.path("v1/configmaps")}/a`;
    await t.post(t.path("v1/configmaps"), configMap("a", { data: { a: "b" } }));
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ op: "test", path: "/data/a", value: "b" }));
    await t.patch(at, many(10_000));
    await t.patch(at, many(10_001));
    const copies = (from: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ op: "copy", from, path: `/data/k${index}` }));
    await t.patch(at, [{ op: "add", path: "/data/a", value: "x".repeat(1_000) }, ...copies("/data", 40)]);
    await t.patch(at, [{ op: "add", path: "/data/a", value: "x".repeat(MiB) }, ...copies("/data/a", 10)]);
    await t.patch(at, [
      { op: "add", path: "/x", value: [] },
      { op: "add", path: "/x/999999999", value: 1 },
    ]);
    await t.patch(at, [{ op: "add", path: "/a".repeat(100_000), value: 1 }]);
    for (const type of patchTypes)
      await t.patch(at, raw(`application/${type}+json`, Buffer.alloc(3 * MiB + 1, " ")), { remark: type });
  }),
  test("hostile: managedFields of thousands", async (t) => {
    const managedFields = Array.from({ length: 1_000 }, (_, index) => ({
      manager: `m${index}`,
      operation: "Update",
      apiVersion: "v1",
      time: "2020-01-01T00:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { [`f:k${index}`]: {} } },
    }));
    const object = configMap("a", { data: { a: "b" } });
    await t.post(t.path("v1/configmaps"), {
      ...object,
      metadata: { name: "a", managedFields },
    });
    const data = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, "v"]));
    await t.apply(`${t.path("v1/configmaps")}/b`, configMap("b", { data }));
  }),
  test("hostile: queries and selectors", async (t) => {
    const maps = t.path("v1/configmaps");
    for (const count of [9_999, 10_000, 10_001]) {
      const padding = Array.from({ length: count - 1 }, (_, index) => `a${index}=1`).join("&");
      await t.post(`${maps}?${padding}&dryRun=All`, configMap(`q${count}`), { remark: `${count}` });
    }
    const selectors = [
      Array.from({ length: 5_000 }, (_, index) => `a${index}!=b`).join(","),
      `a notin (${Array.from({ length: 20_000 }, (_, index) => `b${index}`).join(",")})`,
      "(".repeat(50_000),
      ",".repeat(50_000),
      "!".repeat(50_000),
    ];
    for (const labelSelector of selectors) await t.get(maps, { query: { labelSelector } });
    const fieldSelector = Array.from({ length: 5_000 }, (_, index) => `metadata.name!=b${index}`).join(",");
    await t.get(maps, { query: { fieldSelector } });
  }),
  test("hostile: names and paths", async (t) => {
    const maps = t.path("v1/configmaps");
    for (const name of [
      "a%2Fb",
      "a%25b",
      "a%00b",
      "..",
      "%2e%2e",
      ".",
      "%zz",
      "a%",
      "a%0ab",
      "%20",
      "a".repeat(100_000),
    ])
      await t.get(`${maps}/${name}`);
    for (const path of [
      "//api/v1/namespaces/default",
      "/api//v1/namespaces",
      "/api/v1/../v1/namespaces",
      "/api/v1/namespaces/default//",
    ])
      await t.get(path);
    await t.put(`${maps}/a%2Fb`, configMap("a/b"));
    await t.post(maps, configMap("a/b"));
    await t.post(maps, configMap("a".repeat(100_000)));
  }),
];
