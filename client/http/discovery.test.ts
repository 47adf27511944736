import { expect, test } from "vitest";
import type { JsonValue } from "../../api/object.ts";
import { Discovery } from "./discovery.ts";
import type { HttpRequest, Transport } from "./transport.ts";

const resource = (name: string, kind: string) => ({
  ...{ resource: name, responseKind: { kind }, scope: "Namespaced", verbs: ["get"] },
});
const version = (name: string, freshness: string, ...resources: object[]) => ({
  ...{ version: name, freshness, resources },
});
const documents: Record<string, object> = {
  "/api": { items: [{ metadata: {}, versions: [version("v1", "Current", resource("pods", "Pod"))] }] },
  "/apis": {
    items: [
      {
        metadata: { name: "things.example.com" },
        versions: [
          version("v2", "Current", resource("things", "Thing")),
          version("v1", "Current", resource("things", "Thing"), resource("olds", "Old")),
        ],
      },
      { metadata: { name: "lost.example.com" }, versions: [version("v1", "Stale", resource("x", "X"))] },
    ],
  },
};

function discovery() {
  const asked: (string | undefined)[] = [];
  const transport = {
    async conditionalJson({ path, headers }: HttpRequest) {
      asked.push(headers?.["if-none-match"]);
      if (headers?.["if-none-match"]) return undefined;
      return { value: documents[path] as JsonValue, etag: `tag of ${path}` };
    },
  } as unknown as Transport;
  return { discovery: new Discovery(transport), asked };
}

const texts = (resources: readonly { group: string; version: string; resource: string }[]) =>
  resources.map(({ group, version, resource }) => `${group}/${version}/${resource}`);

test("of several versions the first is preferred, and what is stale is not believed", async () => {
  const { resources, failed } = await discovery().discovery.preferred();
  expect(texts(resources)).toEqual([
    ...["/v1/pods", "things.example.com/v2/things", "things.example.com/v1/olds"],
  ]);
  expect(failed).toEqual(["lost.example.com/v1"]);
  expect(resources[0]).toEqual({
    ...{ group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true, verbs: ["get"] },
  });
});

test("documents that have not changed are not read again", async () => {
  const { discovery: one, asked } = discovery();
  const first = await one.served();
  expect(await one.served()).toEqual(first);
  expect(asked).toEqual([undefined, undefined, "tag of /api", "tag of /apis"]);
});
