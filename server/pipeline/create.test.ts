import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { AdmissionChain, type AdmissionPlugin } from "../admission/chain.ts";
import type { PipelineContext } from "./call.ts";
import { createSpecial } from "./create.ts";
import type { SpecialEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";
import { kindCodec } from "./special-endpoints.ts";

const gates = defaultFeatureGates();
const info = loadTables().resource("authorization.k8s.io", "v1", "subjectaccessreviews")!;

/** Creates a review and gives back what its handler has seen. */
async function create(
  value: object,
  { plugins = [], ...request }: Partial<ApiRequest> & { plugins?: AdmissionPlugin[] },
): Promise<{ object: KubeObject; warnings: string[] }> {
  let seen: KubeObject | undefined;
  const warnings: string[] = [];
  const context = { clock: new ManualClock(), gates, admission: new AdmissionChain(plugins) };
  const endpoint: SpecialEndpoint = {
    form: "special",
    info,
    subresource: undefined,
    handlers: {
      codec: kindCodec(info, info.group, info.version, info.kind, gates),
      preservesMetadata: true,
      async create(object) {
        seen = object;
        return { kind: "text", code: 200, contentType: "", body: new Uint8Array() };
      },
    },
  };
  await createSpecial(context as unknown as PipelineContext, endpoint, {
    query: new URLSearchParams(),
    body: { value: { kind: info.kind, apiVersion: "authorization.k8s.io/v1", ...value } },
    namespace: "",
    subresource: "",
    userAgent: "tester/1",
    warn: (message: string) => warnings.push(message),
    ...request,
  } as unknown as ApiRequest);
  return { object: seen!, warnings };
}

const spec = { user: "alice" };
const managed = [{ manager: "tester", operation: "Update", fieldsV1: { "f:spec": { "f:user": {} } } }];

test("what is created without being kept has managed fields and no system fields", async () => {
  const { object } = await create({ metadata: { uid: "u" }, spec }, {});
  expect(object.metadata.uid).toBeUndefined();
  expect(object.metadata.managedFields).toMatchObject(managed);
});

test("a subresource may take the uid as a precondition", async () => {
  const { object } = await create({ metadata: { uid: "u" }, spec }, { subresource: "binding" });
  expect(object.metadata.uid).toBe("u");
});

test("managed fields that admission breaks are as before, with a warning", async () => {
  const plugin: AdmissionPlugin = {
    name: "Breaking",
    rules: [
      {
        operations: ["CREATE"],
        resources: "*",
        admit: ({ object }) => {
          object!.metadata.managedFields = [{ manager: "x", operation: "Update", apiVersion: "v1" }];
        },
      },
    ],
  };
  const { object, warnings } = await create({ spec }, { plugins: [plugin] });
  expect(object.metadata.managedFields).toMatchObject(managed);
  expect(warnings).toEqual([
    ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: missing fieldsType in managed fields entry 0",
  ]);
});
