/** Small valid objects that many cases use. */

import type { Json, JsonObject } from "./json.ts";

export function configMap(name: string, more: JsonObject = {}): JsonObject {
  const { metadata, ...rest } = more;
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(metadata as JsonObject) }, ...rest };
}

export function pod(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  };
}

export function deployment(name: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i" }] } },
      ...spec,
    },
  };
}

export function service(name: string, spec: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

export function named(
  apiVersion: string,
  kind: string,
  name: string,
  rest: Record<string, Json> = {},
): JsonObject {
  return { apiVersion, kind, metadata: { name }, ...rest };
}
