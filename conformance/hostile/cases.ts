/** What hostile clients send, and what they are to be told. */
import { gzipSync } from "node:zlib";
import type { Client, Sent } from "./client.ts";
import { connectionCases } from "./connection-cases.ts";

export interface HostileCase {
  name: string;
  /** Says what came of it. */
  run(client: Client): Promise<string>;
  expected: RegExp;
}

const maps = "/api/v1/namespaces/default/configmaps";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const one = `${maps}/hostile`;
const mebibyte = 1024 * 1024;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const nested = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);
const record = <T>(count: number, value: (index: number) => T): Record<string, T> =>
  Object.fromEntries(times(count, (index) => [`k${index}`, value(index)]));

const object = (metadata: object, rest: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "hostile", ...metadata },
  ...rest,
});
const body = (value: object): string => JSON.stringify(value);
const bodyWith = (field: string): string => `${body(object({})).slice(0, -1)},"zzz":${field}}`;

const bomb = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
  .map(
    (name, at, all) =>
      `${name}: &${name} [${times(9, () => (at === 0 ? "lol" : `*${all[at - 1]}`)).join(",")}]`,
  )
  .join("\n");

const patch = (operations: object[]): Sent => ({
  path: one,
  method: "PATCH",
  type: "application/json-patch+json",
  body: JSON.stringify(operations),
});

const apply = (value: object): Sent => ({
  path: `${one}?fieldManager=m&force=true`,
  method: "PATCH",
  type: "application/apply-patch+yaml",
  body: body(value),
});

/** A definition; each with a kind of its own. */
function definition(plural: string, schema: object): object {
  const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } };
  const names = { plural, singular: plural.slice(0, -1), kind: `K${plural}`, listKind: `K${plural}List` };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.hostile.example.com` },
    spec: { group: "hostile.example.com", scope: "Namespaced", names, versions: [version] },
  };
}

const nestedSchema = (depth: number): string =>
  nested(depth, '{"type":"object","properties":{"a":', "}}").replace(":}", ':{"type":"string"}}');

/** Gone again with all that it had made. */
async function defined(client: Client, plural: string, schema: object): Promise<string> {
  const answer = await client.send({ path: definitions, body: body(definition(plural, schema)) });
  await client.send({ path: `${definitions}/${plural}.hostile.example.com`, method: "DELETE" });
  return answer;
}

/** A pattern that takes a backtracking matcher for ever, and a text for it. */
async function slowPattern(client: Client): Promise<string> {
  const properties = { spec: { type: "string", pattern: "^(a+)+$" } };
  await client.send({ path: definitions, body: body(definition("slows", { type: "object", properties })) });
  const path = "/apis/hostile.example.com/v1/namespaces/default/slows";
  const sent = {
    apiVersion: "hostile.example.com/v1",
    kind: "Kslows",
    metadata: { name: "a" },
    spec: `${"a".repeat(50_000)}!`,
  };
  let answer = "";
  for (let attempt = 0; attempt < 50 && (answer === "" || answer.startsWith("404")); attempt++) {
    answer = await client.send({ path, body: body(sent) });
  }
  await client.send({ path: `${definitions}/slows.hostile.example.com`, method: "DELETE" });
  return answer;
}

async function manyDefinitions(client: Client): Promise<string> {
  const answers = new Set<string>();
  for (let index = 0; index < 100; index++) {
    const properties = record(50, () => ({ type: "string" }));
    answers.add((await defined(client, `many${index}s`, { type: "object", properties })).slice(0, 3));
  }
  return [...answers].join();
}

const protobuf = (bytes: number[]): Uint8Array => Buffer.concat([Buffer.from("k8s\0"), Buffer.from(bytes)]);
const sent = (name: string, request: Sent, expected: RegExp): HostileCase => ({
  name,
  run: (client) => client.send(request),
  expected,
});

const bodies: HostileCase[] = [
  sent(
    "a body of 3 MiB and a byte",
    { path: maps, body: Buffer.alloc(3 * mebibyte + 1, " ") },
    /^413 .*limit is 3145728/,
  ),
  sent(
    "3 MiB of blanks",
    { path: maps, body: Buffer.alloc(3 * mebibyte, " ") },
    /^400 .*unexpected end of JSON input/,
  ),
  sent("3 MiB of brackets", { path: maps, body: "[".repeat(3 * mebibyte) }, /^400 .*exceeded max depth/),
  sent(
    "3 MiB of braces in YAML",
    { path: maps, type: "application/yaml", body: "{a: ".repeat(0.75 * mebibyte) },
    /^400 .*exceeded max depth/,
  ),
  sent("50,000 keys", { path: maps, body: bodyWith(body(record(50_000, () => "v"))) }, /^201|^409/),
  sent(
    "an unknown field of 9,999 levels",
    { path: `${maps}?dryRun=All`, body: bodyWith(nested(9_998)) },
    /^201|^409/,
  ),
  sent("10,001 levels", { path: maps, body: bodyWith(nested(10_000)) }, /^400 .*exceeded max depth/),
  sent(
    "fieldsV1 of 9,000 levels",
    {
      path: `${maps}?dryRun=All`,
      body: bodyWith("0").replace(
        '"name"',
        `"managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":${nested(9_000, '{"f:a":', "}").replace(":}", ":{}}")}}],"name"`,
      ),
    },
    /^400 .*exceeded max depth/,
  ),
  sent(
    "a compressed body",
    { path: maps, body: gzipSync(body(object({}))), headers: { "content-encoding": "gzip" } },
    /^400 .*looking for beginning of value/,
  ),
  sent(
    "YAML aliases that multiply",
    { path: maps, type: "application/yaml", body: bomb },
    /^400 .*excessive aliasing/,
  ),
  sent(
    "a protobuf length beyond its body",
    {
      path: maps,
      type: "application/vnd.kubernetes.protobuf",
      body: protobuf([0x0a, 0xff, 0xff, 0xff, 0x7f]),
    },
    /^400/,
  ),
  sent(
    "protobuf groups in groups",
    { path: maps, type: "application/vnd.kubernetes.protobuf", body: protobuf(times(mebibyte, () => 0x0b)) },
    /^400/,
  ),
  sent(
    "3 MiB of Secret that is not base64",
    {
      path: "/api/v1/namespaces/default/secrets",
      body: body({ ...object({}), kind: "Secret", data: { a: "!".repeat(2.9 * mebibyte) } }),
    },
    /^400 .*illegal base64/,
  ),
  sent(
    "an object larger than etcd takes",
    {
      path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      body: body({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "hostile" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "a" },
        subjects: times(2_500, (i) => ({
          kind: "User",
          apiGroup: "rbac.authorization.k8s.io",
          name: `${i}`.padEnd(900, "a"),
        })),
      }),
    },
    /^500 .*trying to send message larger than max/,
  ),
];

const patches: HostileCase[] = [
  sent(
    "a JSON patch of 10,001 operations",
    patch(times(10_001, () => ({ op: "test", path: "/data/a", value: "b" }))),
    /^413 .*10000, got 10001/,
  ),
  sent(
    "a JSON patch of 10,000 operations",
    patch(times(10_000, () => ({ op: "add", path: "/data/a", value: "b" }))),
    /^200/,
  ),
  sent(
    "copies of copies",
    patch(times(60, (i) => ({ op: "copy", from: "/data", path: `/data/k${i}` }))),
    /^422/,
  ),
  sent(
    "a list that grows at its front",
    patch([
      { op: "add", path: "/x", value: [] },
      ...times(9_999, (i) => ({ op: "add", path: "/x/0", value: i })),
    ]),
    /^200/,
  ),
  sent(
    "a merge patch of 9,000 levels",
    {
      ...patch([]),
      type: "application/merge-patch+json",
      body: `{"zzz":${nested(9_000, '{"a":', "}").replace(":}", ":1}")}}`,
    },
    /^400 exceeded max depth/,
  ),
  sent("an apply of 5,000 fields", apply(object({}, { data: record(5_000, () => "v") })), /^200/),
  sent(
    "managedFields of 2,000 managers",
    {
      path: `${maps}?dryRun=All`,
      body: body(
        object(
          {
            name: "managed",
            managedFields: times(2_000, (i) => ({
              manager: `m${i}`,
              operation: "Update",
              apiVersion: "v1",
              time: "2020-01-01T00:00:00Z",
              fieldsType: "FieldsV1",
              fieldsV1: { "f:data": { [`f:k${i}`]: {} } },
            })),
          },
          { data: { a: "b" } },
        ),
      ),
    },
    /^201/,
  ),
];

const queries: HostileCase[] = [
  sent("100,000 query parameters", { path: `${maps}?${times(100_000, (i) => `a${i}=1`).join("&")}` }, /^200/),
  sent(
    "a label selector of 10,000 requirements",
    { path: `${maps}?labelSelector=${times(10_000, (i) => `a${i}=b`).join(",")}` },
    /^200/,
  ),
  sent(
    "a label selector of 20,000 values",
    {
      path: `${maps}?labelSelector=${encodeURIComponent(`a in (${times(20_000, (i) => `b${i}`).join(",")})`)}`,
    },
    /^200/,
  ),
  sent("a label selector of brackets", { path: `${maps}?labelSelector=${"(".repeat(300_000)}` }, /^400/),
  sent(
    "a field selector of 10,000 requirements",
    { path: `${maps}?fieldSelector=${times(10_000, (i) => `metadata.name!=b${i}`).join(",")}` },
    /^200/,
  ),
  sent("a name of half a megabyte", { path: `${maps}/${"a".repeat(500_000)}` }, /^404/),
  sent("a name in bytes that are no text", { path: `${maps}/%ff%fe%00` }, /^400|^404/),
  sent(
    "an Accept header of 30,000 media types",
    { path: maps, headers: { accept: times(30_000, (i) => `a/b${i}`).join() } },
    /^406/,
  ),
  sent("10,000 headers", { path: "/version", headers: { ...record(10_000, () => "a") } }, /^200/),
  sent(
    "1.1 MiB of headers",
    { path: "/version", headers: { a: "a".repeat(1.1 * mebibyte) } },
    /^431|ECONNRESET|EPIPE/,
  ),
  sent(
    "10,000 groups to impersonate",
    {
      path: "/version",
      headers: { "impersonate-user": "a", "impersonate-group": times(10_000, (i) => `g${i}`) },
    },
    /^200/,
  ),
];

const definitionCases: HostileCase[] = [
  { name: "a pattern that backtracks", run: slowPattern, expected: /^422 / },
  {
    name: "a schema of 1,000 properties",
    run: (client) =>
      defined(client, "wides", { type: "object", properties: record(1_000, () => ({ type: "string" })) }),
    expected: /^201/,
  },
  {
    name: "a schema of 400 levels",
    run: (client) => defined(client, "deeps", JSON.parse(nestedSchema(400))),
    expected: /^201/,
  },
  {
    name: "a schema of 4,000 levels",
    run: (client) =>
      client.send({
        path: definitions,
        body: body(definition("deepers", { mark: 0 })).replace('{"mark":0}', nestedSchema(4_000)),
      }),
    expected: /^400 .*exceeded max depth/,
  },
  { name: "100 definitions", run: manyDefinitions, expected: /^201$/ },
];

export const prepare = (client: Client): Promise<string> =>
  client.send({ path: maps, body: body(object({}, { data: { a: "b" } })) });

export const cases: readonly HostileCase[] = [
  ...bodies,
  ...patches,
  ...queries,
  ...definitionCases,
  ...connectionCases,
];
