import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { AdmissionChain } from "../admission/chain.ts";
import { TestRegistry } from "../registry/resources/testing.ts";
import type { UpdateRequest } from "../registry/write-request.ts";
import type { PipelineContext } from "./call.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";
import { update } from "./update.ts";

const { type } = new TestRegistry().resource("v1/configmaps");
const allowed = { authorize: () => ({ allowed: true }) };
const context = {
  clock: new ManualClock(),
  authorizer: allowed,
  gates: defaultFeatureGates(),
  admission: new AdmissionChain([]),
} as unknown as PipelineContext;
const live: KubeObject = {
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "a", namespace: "default", uid: "u" },
};

const requestOf = (sent: string, warnings: string[] = []): ApiRequest =>
  ({
    name: "a",
    namespace: "default",
    resource: "configmaps",
    group: "",
    subresource: "",
    verb: "update",
    user: { name: "alice", groups: [] },
    userAgent: "tester/1",
    query: new URLSearchParams("fieldValidation=Warn"),
    body: { bytes: Buffer.from(sent), contentType: "application/json" },
    warn: (message: string) => warnings.push(message),
  }) as unknown as ApiRequest;

test("each attempt begins with what was sent, and warns of nothing again", async () => {
  const attempts: KubeObject[] = [];
  const warnings: string[] = [];
  const store = {
    async update(_name: string, { updated }: UpdateRequest) {
      for (let attempt = 0; attempt < 2; attempt++) {
        const object = await updated(live);
        attempts.push(structuredClone(object));
        object.metadata.labels = { from: "a failed attempt" };
      }
      return { object: live, entry: undefined, created: false };
    },
  };
  const codec = type.versions.get("v1")!;
  const endpoint = { codec, info: codec.info, registry: { type, store } };
  const sent = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"k":"v"},"unknown":1}';
  await update(context, endpoint as unknown as ObjectEndpoint, requestOf(sent, warnings));
  expect(attempts[0]).toMatchObject({ metadata: { name: "a" }, data: { k: "v" } });
  expect(attempts[1]).toEqual(attempts[0]);
  expect(warnings).toEqual(['unknown field "unknown"']);
});

test("what is not there yet is made by those only who may create it", async () => {
  const store = {
    async update(_name: string, { admitCreate }: UpdateRequest) {
      await admitCreate?.(live);
      return { object: live, entry: undefined, created: true };
    },
  };
  const codec = type.versions.get("v1")!;
  const endpoint = { codec, info: codec.info, registry: { type, store } } as unknown as ObjectEndpoint;
  const asked: unknown[] = [];
  const updateWith = (decision: object) => {
    const authorizer = {
      authorize(attributes: { verb: string }) {
        asked.push(attributes.verb);
        return decision;
      },
    };
    const sent = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}';
    return update({ ...context, authorizer } as unknown as PipelineContext, endpoint, requestOf(sent));
  };
  await expect(updateWith({ allowed: false })).rejects.toMatchObject({
    code: 403,
    message:
      'configmaps "a" is forbidden: User "alice" cannot create resource "configmaps" in API group "" in the namespace "default"',
  });
  await expect(updateWith({ allowed: false, error: "broken" })).rejects.toMatchObject({
    code: 500,
    message: "Internal error occurred: broken",
  });
  await expect(updateWith({ allowed: true })).resolves.toMatchObject({ code: 201 });
  expect(asked).toEqual(["create", "create", "create"]);
});
