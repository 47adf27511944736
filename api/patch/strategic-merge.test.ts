import { describe, expect, test } from "vitest";
import type { JsonObject } from "../object.ts";
import { loadTables } from "../schema/tables.ts";
import type { StructType } from "../schema/types.ts";
import { StatusError } from "../status.ts";
import { applyStrategicMergePatch } from "./strategic-merge.ts";

const tables = loadTables();
const struct = (group: string, version: string, kind: string): StructType =>
  tables.kind(group, version, kind)!;
const pod = struct("", "v1", "Pod");
const deployment = struct("apps", "v1", "Deployment");
const service = struct("", "v1", "Service");

function patch(document: object, body: unknown, type = pod) {
  const before = JSON.stringify(document);
  const text = JSON.stringify(body);
  const { value } = applyStrategicMergePatch(document as JsonObject, text, type, { strict: true });
  expect(JSON.stringify(document)).toBe(before);
  return value;
}

function failure(document: object, body: unknown, type = pod): StatusError {
  try {
    patch(document, body, type);
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("the patch was applied");
}

const containers = (...list: object[]) => ({ spec: { containers: list } });
const a = { name: "a", image: "a:1" };
const b = { name: "b", image: "b:1" };
const c = { name: "c", image: "c:1" };

describe("maps", () => {
  test.each([
    [
      "merge",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: { b: "2" } } },
      { metadata: { labels: { a: "1", b: "2" } } },
    ],
    [
      "null deletes",
      { metadata: { labels: { a: "1", b: "2" } } },
      { metadata: { labels: { a: null, z: null } } },
      { metadata: { labels: { b: "2" } } },
    ],
    [
      "$patch: replace",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: { $patch: "replace", b: "2" } } },
      { metadata: { labels: { b: "2" } } },
    ],
    [
      "$patch: delete",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: { $patch: "delete" } } },
      { metadata: { labels: {} } },
    ],
    [
      "a new map comes without nulls",
      {},
      { metadata: { labels: { a: null, b: "2" } } },
      { metadata: { labels: { b: "2" } } },
    ],
    [
      "a directive for what is not there",
      { spec: {} },
      { spec: { securityContext: { $patch: "delete" } } },
      { spec: {} },
    ],
    ["a patch of the whole object", { spec: {} }, { $patch: "replace", metadata: {} }, { metadata: {} }],
  ])("%s", (_name, document, body, expected) => {
    expect(patch(document, body)).toEqual(expected);
  });

  test("a map of an atomic strategy is merged like any other; patchStrategy replace replaces it", () => {
    const data = struct("apps", "v1", "ControllerRevision");
    expect(patch({ data: { a: 1 } }, { data: { b: 2 } }, data)).toEqual({ data: { a: 1, b: 2 } });
  });

  test("$retainKeys removes what it does not name, and must name what the patch sets", () => {
    const recreate = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const change = (keys: unknown) => ({ spec: { strategy: { $retainKeys: keys, type: "Recreate" } } });
    expect(patch(recreate, change(["type"]), deployment)).toEqual({
      spec: { strategy: { type: "Recreate" } },
    });
    for (const keys of [["rollingUpdate"], "type"]) {
      expect(failure(recreate, change(keys), deployment)).toMatchObject({
        code: 400,
        message: "invalid patch format of retainKeys",
      });
    }
  });
});

describe("lists of maps", () => {
  test.each([
    [
      "merge by key",
      containers(a, b),
      containers({ name: "b", image: "b:2" }),
      containers(a, { name: "b", image: "b:2" }),
    ],
    ["new items go first", containers(a), containers(c), containers(c, a)],
    ["delete", containers(a, b, c), containers({ name: "b", $patch: "delete" }), containers(a, c)],
    ["delete what is not there", containers(a), containers({ name: "b", $patch: "delete" }), containers(a)],
    ["replace", containers(a, b), containers({ $patch: "replace" }, c), containers(c)],
    [
      "nested",
      containers({ ...a, env: [{ name: "x", value: "1" }] }),
      containers({ name: "a", env: [{ name: "y", value: "2" }] }),
      containers({
        ...a,
        env: [
          { name: "y", value: "2" },
          { name: "x", value: "1" },
        ],
      }),
    ],
    ["order of the patch wins", containers(a, b), containers({ name: "b" }, { name: "a" }), containers(b, a)],
    [
      "new items go where the patch has them",
      containers(a, b),
      containers(c, { name: "a" }),
      containers(c, a, b),
    ],
    [
      "$setElementOrder",
      containers(a, b, c),
      { spec: { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }, { name: "b" }] } },
      containers(c, a, b),
    ],
    [
      "$setElementOrder with changes",
      containers(a, b),
      {
        spec: {
          "$setElementOrder/containers": [{ name: "c" }, { name: "b" }, { name: "a" }],
          containers: [c],
        },
      },
      containers(c, b, a),
    ],
    [
      "live items that are not in the order keep their place",
      containers(a, b, c),
      { spec: { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }] } },
      containers(b, c, a),
    ],
    [
      "a list that is new",
      { spec: {} },
      {
        spec: {
          "$setElementOrder/containers": [{ name: "a" }],
          containers: [a, { name: "x", $patch: "delete" }],
        },
      },
      containers(a),
    ],
    [
      "an order for a list that is nowhere",
      { spec: {} },
      { spec: { "$setElementOrder/containers": [{ name: "a" }] } },
      { spec: {} },
    ],
    [
      "a list without a merge strategy is replaced",
      { spec: { tolerations: [{ key: "a" }] } },
      { spec: { tolerations: [{ key: "b" }] } },
      { spec: { tolerations: [{ key: "b" }] } },
    ],
  ])("%s", (_name, document, body, expected) => {
    expect(patch(document, body)).toEqual(expected);
  });

  test("items that share a merge key: the first is merged", () => {
    const ports = (...list: object[]) => ({ spec: { ports: list } });
    const tcp = { name: "dns-tcp", port: 53, protocol: "TCP" };
    const udp = { name: "dns", port: 53, protocol: "UDP" };
    expect(patch(ports(udp, tcp), ports({ port: 53, name: "x" }), service)).toEqual(
      ports({ ...udp, name: "x" }, tcp),
    );
  });
});

describe("lists of scalars", () => {
  const finalizers = (...list: string[]) => ({ metadata: { finalizers: list } });

  test.each([
    ["merge", finalizers("a", "b"), finalizers("b", "c"), finalizers("a", "b", "c")],
    [
      "delete",
      finalizers("a", "b", "c"),
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["b", "z"] } },
      finalizers("a", "c"),
    ],
    [
      "delete from what is not there",
      { metadata: {} },
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["b"] } },
      { metadata: {} },
    ],
    [
      "order",
      finalizers("a", "b"),
      { metadata: { "$setElementOrder/finalizers": ["b", "c", "a"], finalizers: ["c"] } },
      finalizers("b", "c", "a"),
    ],
    [
      "order and delete",
      finalizers("a", "b", "c"),
      {
        metadata: { "$deleteFromPrimitiveList/finalizers": ["a"], "$setElementOrder/finalizers": ["c", "b"] },
      },
      finalizers("c", "b"),
    ],
  ])("%s", (_name, document, body, expected) => {
    expect(patch(document, body)).toEqual(expected);
  });
});

describe("a patch that does not fit is answered as upstream does", () => {
  test.each([
    [
      "no merge key",
      containers(a),
      containers({ image: "x", args: ["1", null] }),
      500,
      "map: map[args:[1 <nil>] image:x] does not contain declared merge key: name",
    ],
    [
      "an unknown directive",
      { spec: {} },
      { $patch: "keep", x: 1 },
      500,
      "unknown patch type: keep in map: map[$patch:keep x:1]",
    ],
    [
      "a directive that is no text",
      containers(a),
      containers({ name: "a", $patch: 1 }),
      500,
      "unknown patch type: %!s(int64=1) in map: map[$patch:1 name:a]",
    ],
    [
      "$patch: merge in a list",
      containers(a),
      containers({ name: "a", $patch: "merge" }),
      500,
      "merging lists cannot yet be specified in the patch",
    ],
    [
      "an unknown field",
      { x: { y: 1 } },
      { x: { y: 2 } },
      500,
      'unable to find api field in struct Pod for the json field "x"',
    ],
    [
      "items of several types",
      containers(a),
      containers({ name: "b" }, "c" as never),
      500,
      "list element types are not identical: [[map[image:a:1 name:a]] [map[name:b] c]]",
    ],
    [
      "a list of lists",
      { spec: { tolerations: [["x"]] } },
      { spec: { "$setElementOrder/tolerations": [] } },
      422,
      "the server rejected our request due to an error in our request",
    ],
    [
      "an order that is no list",
      containers(a),
      { spec: { "$setElementOrder/containers": {} } },
      500,
      "expected a []interface {}, but received a map[string]interface {}",
    ],
    [
      "an order for nothing",
      containers(a),
      { spec: { $setElementOrder: [] } },
      400,
      "invalid patch format of setElementOrder list",
    ],
    [
      "a deletion from nothing",
      containers(a),
      { spec: { $deleteFromPrimitiveList: [] } },
      400,
      "invalid patch format of primitive list",
    ],
    [
      "items that the order does not name",
      containers(a),
      { spec: { "$setElementOrder/containers": [{ name: "a" }], containers: [b] } },
      500,
      "The order in patch list:\n[map[image:b:1 name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [
      "a map inside a map",
      { metadata: { labels: { a: {} } } },
      { metadata: { labels: { a: {} } } },
      500,
      "merging an object in json but data type is not struct, instead is: map",
    ],
  ])("%s", (_name, document, body, code, message) => {
    expect(failure(document, body)).toMatchObject({ code, message });
  });

  test("a body that is no object", () => {
    expect(() => applyStrategicMergePatch({}, "[]", pod, { strict: true })).toThrow(
      expect.objectContaining({
        code: 400,
        message: "json: cannot unmarshal array into Go value of type map[string]interface {}",
      }),
    );
    expect(applyStrategicMergePatch({ spec: {} }, "null", pod, { strict: true }).value).toEqual({ spec: {} });
  });

  test("a custom resource", () => {
    expect(() => applyStrategicMergePatch({}, "{}", undefined, { strict: true })).toThrow(
      expect.objectContaining({ code: 400, message: "strategic merge patch format is not supported" }),
    );
  });
});
