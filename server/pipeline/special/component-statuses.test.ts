import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { loadTables } from "../../../api/schema/tables.ts";
import type { SpokenAnswer } from "../answer.ts";
import type { PipelineContext } from "../call.ts";
import { listSpecial } from "../list.ts";
import type { ApiRequest } from "../request.ts";
import { componentStatuses } from "./component-statuses.ts";

const gates = defaultFeatureGates();
const info = loadTables().resource("", "v1", "componentstatuses")!;
const endpoint = {
  form: "special" as const,
  info,
  subresource: undefined,
  handlers: componentStatuses(),
};

/** The names of what is listed. */
async function list(query: Record<string, string> = {}): Promise<unknown[]> {
  const request = { verb: "list", name: "", query: new URLSearchParams(query) } as ApiRequest;
  const { object } = (await listSpecial({ gates } as PipelineContext, endpoint, request)) as SpokenAnswer;
  const { items } = object as unknown as { items: KubeObject[] };
  return items.map(({ metadata }) => metadata.name);
}

test("components are listed by the selectors", async () => {
  expect(await list()).toEqual(["controller-manager", "etcd-0", "scheduler"]);
  expect(await list({ fieldSelector: "metadata.name=etcd-0" })).toEqual(["etcd-0"]);
  expect(await list({ labelSelector: "a=b" })).toEqual([]);
  await expect(list({ fieldSelector: "a=b" })).rejects.toMatchObject({ code: 400 });
});

test("components cannot be watched", async () => {
  await expect(list({ watch: "true" })).rejects.toMatchObject({
    code: 405,
    message: 'watch is not supported on resources of kind "componentstatuses"',
  });
});
