import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };
const group = "requests.example.com";
const widgets = { group, version: "v1", resource: "widgets", namespace: "default" };
const path = `/apis/${group}/v1/namespaces/default/widgets`;

const schemaOf = (properties: object) => ({
  openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } },
});

const widget = (name: string, spec: object): KubeObject =>
  ({ apiVersion: `${group}/v1`, kind: "Widget", metadata: { name }, spec }) as KubeObject;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({ tokenAuthFile: "secret,admin,1,system:masters" });
  const scale = { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" };
  const version = {
    name: "v1",
    served: true,
    storage: true,
    schema: schemaOf({ size: { type: "integer" }, text: { type: "string" } }),
    subresources: { status: {}, scale },
  };
  await cluster.client.create(definitions, {
    metadata: { name: `widgets.${group}` },
    spec: { group, scope: "Namespaced", names: { plural: "widgets", kind: "Widget" }, versions: [version] },
  } as unknown as KubeObject);
  const isServed = () =>
    cluster.client.list(widgets).then(
      () => true,
      () => false,
    );
  while (!(await isServed())) await new Promise(setImmediate);
  await cluster.client.create(widgets, widget("a", { size: 1 }));
});
afterAll(() => cluster.close());

interface Answer {
  code: number;
  contentType: string;
  text: string;
}

function ask(method: string, at: string, accept = "application/json"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      rejectUnauthorized: false,
      agent: false,
      headers: { accept, authorization: "Bearer secret" },
    };
    const asked = request(cluster.url + at, options, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      const { statusCode: code = 0, headers } = answer;
      resolve({ code, contentType: headers["content-type"] ?? "", text });
    });
    asked.on("error", reject).end();
  });
}

describe("it is the verb that counts, not the path", () => {
  test.each([
    ["HEAD", path, 200, ""],
    ["PUT", path, 400, "name must be provided"],
    ["PATCH", path, 400, "name must be provided"],
    [
      "DELETE",
      `${path}/a/status`,
      405,
      `delete is not supported on resources of kind \\"widgets.${group}\\"`,
    ],
    ["POST", `${path}/a/scale`, 405, `create is not supported on resources of kind \\"widgets.${group}\\"`],
    ["GET", `/apis/${group}/v1/widgets/a`, 404, "404 page not found"],
    ["GET", `${path}/a/status/more`, 200, '"kind":"Widget"'],
  ])("%s %s: %i", async (method, at, code, text) => {
    const answer = await ask(method, at);
    expect(answer.code).toBe(code);
    expect(answer.text).toContain(text);
  });
});

describe("in protobuf", () => {
  const protobuf = "application/vnd.kubernetes.protobuf";
  const as = (kind: string) => `${protobuf};as=${kind};v=v1;g=meta.k8s.io`;

  test("a custom resource cannot be had", async () => {
    const types = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    expect(await ask("GET", `${path}/a`, protobuf)).toMatchObject({
      code: 406,
      text: expect.stringContaining(types),
    });
  });

  test("its metadata can", async () => {
    for (const at of [path, `${path}/a`]) {
      const kind = at === path ? "PartialObjectMetadataList" : "PartialObjectMetadata";
      const { code, contentType, text } = await ask("GET", at, as(kind));
      expect([code, contentType, text.startsWith("k8s\0")]).toEqual([200, protobuf, true]);
    }
  });
});

test("a new default is no change of what was stored before", async () => {
  const { client } = cluster;
  const properties = {
    size: { type: "integer" },
    text: { type: "string" },
    more: { type: "string", default: "x" },
  };
  const change = [{ op: "replace", path: "/spec/versions/0/schema", value: schemaOf(properties) }];
  await client.patch(definitions, `widgets.${group}`, change, { type: "json" });
  const isThere = async () => JSON.stringify(await client.get(widgets, "a")).includes('"more":"x"');
  while (!(await isThere().catch(() => false))) await new Promise(setImmediate);
  const labelled = await client.patch(widgets, "a", { metadata: { labels: { a: "b" } } }, { type: "merge" });
  expect(labelled).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1, more: "x" } });
});

test("an applied null is no value that may be left out", async () => {
  const applied = widget("a", { text: null });
  const options = { type: "apply", fieldManager: "applier" } as const;
  await expect(cluster.client.patch(widgets, "a", applied, options)).rejects.toThrow(
    'spec.text: Invalid value: "null": spec.text in body must be of type string: "null"',
  );
});

test("a scale that is not there to be read can be written", async () => {
  const { client } = cluster;
  await client.create(widgets, widget("unscaled", {}));
  await expect(client.get(widgets, "unscaled", { subresource: "scale" })).rejects.toThrow(
    'the spec replicas field ".spec.size" does not exist',
  );
  const patch = { spec: { replicas: 3 } };
  const scaled = await client.patch(widgets, "unscaled", patch, { type: "merge", subresource: "scale" });
  expect(scaled).toMatchObject({ kind: "Scale", spec: { replicas: 3 } });
});

test("a patch does not take away the metadata", async () => {
  const patch = { metadata: null };
  await expect(cluster.client.patch(widgets, "a", patch, { type: "merge" })).rejects.toThrow(
    "the name of the object (",
  );
});
