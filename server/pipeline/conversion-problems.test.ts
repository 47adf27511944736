import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { AdmissionChain } from "../admission/chain.ts";
import { TestRegistry } from "../registry/resources/testing.ts";
import type { PipelineContext } from "./call.ts";
import { create } from "./create.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import { patch } from "./patch.ts";
import type { ApiRequest } from "./request.ts";
import { update } from "./update.ts";

const resource = new TestRegistry().resource("apps/v1/deployments");
const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a", namespace: "default" },
  spec: { selector: { matchLabels: { a: "b" } }, template },
};
const live = { ...resource.read(deployment), status: {} } as KubeObject;
const annotations = { "deprecated.deployment.rollback.to": "x" };
const problem =
  'failed to parse annotation[deprecated.deployment.rollback.to]=x as int64: strconv.ParseInt: parsing "x": invalid syntax';

const context = { clock: new ManualClock(), gates: defaultFeatureGates(), admission: new AdmissionChain([]) };
const store = {
  update: (_name: string, request: { updated(live: KubeObject): unknown }) => request.updated(live),
};
const endpoint = {
  codec: resource.type.versions.get("v1")!,
  registry: { type: resource.type, store },
  strategy: resource.type.definition.strategy,
};

const metadata = { name: "a", namespace: "default", annotations };

/** How a write of an annotation that is no number is refused. */
function refused(write: typeof create, value: object, patchType?: string): Promise<void> {
  const request = {
    name: "a",
    namespace: "default",
    subresource: "",
    query: new URLSearchParams(patchType?.includes("apply") ? { fieldManager: "m" } : {}),
    body: patchType ? { bytes: Buffer.from(JSON.stringify(value)), contentType: patchType } : { value },
    userAgent: "tester/1",
    warn() {},
  };
  return write(
    context as unknown as PipelineContext,
    endpoint as unknown as ObjectEndpoint,
    request as unknown as ApiRequest,
  ).then(
    () => {
      throw new Error("taken");
    },
    ({ code, message }) => ({ code, message }) as never,
  );
}

test.each([
  ["create", create],
  ["update", update],
])("a body that can't be converted is a bad request: %s", async (_, write) => {
  expect(await refused(write, { ...deployment, metadata })).toEqual({
    code: 400,
    message: `Deployment in version "v1" cannot be handled as a Deployment: ${problem}`,
  });
});

test("a merge patch that makes such an object is invalid", async () => {
  expect(await refused(patch, { metadata }, "application/merge-patch+json")).toEqual({
    code: 422,
    message: expect.stringMatching(/^ "" is invalid: patch: Invalid value: .*: failed to parse annotation/),
  });
});

test("a strategic merge patch or an apply of it fails without a reason, as upstream", async () => {
  expect(await refused(patch, { metadata }, "application/strategic-merge-patch+json")).toEqual({
    code: 500,
    message: problem,
  });
  expect(await refused(patch, { ...deployment, metadata }, "application/apply-patch+yaml")).toEqual({
    code: 500,
    message: `failed to convert to unversioned (default/a; apps/v1, Kind=Deployment): ${problem}`,
  });
});

test("an apply of a value that its type refuses fails without a reason, as upstream", async () => {
  const container = { name: "d", image: "i", resources: { requests: { cpu: "lots" } } };
  const spec = { template: { spec: { containers: [container] } } };
  expect(await refused(patch, { ...deployment, spec }, "application/apply-patch+yaml")).toEqual({
    code: 500,
    message: expect.stringMatching(
      /^failed to convert new object \(default\/a; apps\/v1, Kind=Deployment\) to proper version: unable to convert unstructured object to apps\/v1, Kind=Deployment: quantities must match/,
    ),
  });
});
