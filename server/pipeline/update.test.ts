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
const context = {
  clock: new ManualClock(),
  gates: defaultFeatureGates(),
  admission: new AdmissionChain([]),
} as unknown as PipelineContext;
const live: KubeObject = {
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "a", namespace: "default", uid: "u" },
};

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
  await update(
    context,
    endpoint as unknown as ObjectEndpoint,
    {
      name: "a",
      namespace: "default",
      resource: "configmaps",
      group: "",
      subresource: "",
      userAgent: "tester/1",
      query: new URLSearchParams("fieldValidation=Warn"),
      body: { bytes: Buffer.from(sent), contentType: "application/json" },
      warn: (message: string) => warnings.push(message),
    } as unknown as ApiRequest,
  );
  expect(attempts[0]).toMatchObject({ metadata: { name: "a" }, data: { k: "v" } });
  expect(attempts[1]).toEqual(attempts[0]);
  expect(warnings).toEqual(['unknown field "unknown"']);
});
