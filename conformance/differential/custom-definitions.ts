/** Custom resource definitions, as cases make them. */
import type { Conversation } from "./conversation.ts";
import type { JsonObject } from "./json.ts";

export function definition(
  group: string,
  plural: string,
  kind: string,
  versions: JsonObject[],
  more: JsonObject = {},
): JsonObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind, singular: kind.toLowerCase() },
      versions,
      ...more,
    },
  };
}

export const version = (name: string, properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: name === "v1",
  schema: { openAPIV3Schema: { type: "object", properties } },
  ...more,
});

export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Makes a definition and waits until its resource is served. */
export async function serve(t: Conversation, crd: JsonObject, path: string): Promise<void> {
  await t.post(DEFINITIONS, crd);
  const name = String((crd["metadata"] as JsonObject)["name"]);
  await t.until(`${DEFINITIONS}/${name}`, (answer) => answer.text.includes('"InitialNamesAccepted"'));
  await t.until(path, (answer) => answer.status === 200);
  // The peer answers lists while its handlers are still being replaced.
  await t.pause(300);
}
