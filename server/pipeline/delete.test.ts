import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import { AdmissionChain } from "../admission/chain.ts";
import { TestRegistry } from "../registry/resources/testing.ts";
import type { PipelineContext } from "./call.ts";
import { deleteCollection, deleteOne } from "./delete.ts";
import type { ObjectEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

const { type } = new TestRegistry().resource("batch/v1/jobs");
const context = {
  clock: new ManualClock(),
  gates: defaultFeatureGates(),
  admission: new AdmissionChain([]),
} as unknown as PipelineContext;

/** Warnings of deleting a Job, or all of none. */
async function warningsOf(remove: typeof deleteOne, query = ""): Promise<string[]> {
  const warnings: string[] = [];
  const store = { delete: async () => ({ deleted: true, marked: false, object: { metadata: {} } }) };
  const registry = { type, store, list: async () => ({ entries: [] }) };
  const endpoint = { codec: type.versions.get("v1")!, registry } as unknown as ObjectEndpoint;
  await remove(context, endpoint, {
    name: "a",
    namespace: "default",
    userAgent: "tester/1",
    query: new URLSearchParams(query),
    warn: (message: string) => warnings.push(message),
  } as unknown as ApiRequest);
  return warnings;
}

test.each([
  ["one", deleteOne],
  ["a collection, be it empty", deleteCollection],
])("a deletion that leaves dependents behind without being asked to warns once: %s", async (_, remove) => {
  expect(await warningsOf(remove)).toEqual([expect.stringMatching(/^child pods are preserved by default/)]);
  expect(await warningsOf(remove, "propagationPolicy=Orphan")).toEqual([]);
  expect(await warningsOf(remove, "orphanDependents=true")).toEqual([]);
});

test("what upstream keeps cannot be deleted by its name", async () => {
  const priorities = new TestRegistry().resource("scheduling.k8s.io/v1/priorityclasses").type;
  const store = { delete: async () => ({ deleted: true, marked: false, object: { metadata: {} } }) };
  const endpoint = { codec: priorities.versions.get("v1")!, registry: { type: priorities, store } };
  const remove = (name: string) =>
    deleteOne(
      context,
      endpoint as unknown as ObjectEndpoint,
      {
        ...{ name, namespace: "", userAgent: "tester/1", query: new URLSearchParams() },
      } as unknown as ApiRequest,
    );
  await expect(remove("system-node-critical")).rejects.toMatchObject({
    code: 403,
    message:
      'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  });
  await expect(remove("other")).resolves.toMatchObject({ code: 200 });
});
