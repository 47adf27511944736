import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import { notFound } from "../../../api/status.ts";
import type { Registry } from "../../registry/registry.ts";
import type { PipelineContext } from "../call.ts";
import type { ApiRequest } from "../request.ts";
import { connections } from "./connect.ts";

const container = (name: string) => ({ name, image: "i" });
const pod = (name: string, spec: object, status: object = {}) => ({ metadata: { name }, spec, status });
const objects: Record<string, readonly object[]> = {
  pods: [
    pod("one", { containers: [container("a")] }),
    pod("two", { initContainers: [container("i")], containers: [container("a"), container("b")] }),
    pod("placed", { nodeName: "bare", containers: [container("a")] }),
    pod("lost", { nodeName: "missing", containers: [container("a")] }),
  ],
  services: [{ metadata: { name: "web" } }],
  nodes: [{ metadata: { name: "bare" } }],
};

const registry = {
  get: (group: string, resource: string) => ({
    type: { namespaced: resource !== "nodes" },
    store: {
      async get(_namespace: string, name: string) {
        const found = (objects[resource] as KubeObject[]).find(({ metadata }) => metadata.name === name);
        if (!found) throw notFound({ group, resource }, name);
        return found;
      },
      objectOf: (object: KubeObject) => object,
    },
  }),
} as unknown as Registry;

function connect(resource: string, name: string, subresource: string, query = "") {
  const { connect: handle } = connections(registry, { gates: defaultFeatureGates() } as PipelineContext);
  const parameters = new URLSearchParams(query);
  return handle!({ resource, name, subresource, namespace: "default", query: parameters } as ApiRequest);
}

test("the log of a pod that is on no node is empty", async () => {
  expect(await connect("pods", "one", "log")).toEqual({ kind: "empty" });
});

test.each([
  ["pods", "one", "exec", "", 400, "pod one does not have a host assigned"],
  ["pods", "one", "portforward", "container=none", 400, "pod one does not have a host assigned"],
  ["pods", "one", "log", "container=none", 400, "container none is not valid for pod one"],
  ["pods", "two", "log", "", 400, "a container name must be specified for pod two, choose one of: [i a b]"],
  ["pods", "two", "attach", "container=i", 400, "pod two does not have a host assigned"],
  ["pods", "placed", "log", "", 500, "no preferred addresses found; known addresses: []"],
  ["pods", "lost", "exec", "", 404, 'pods "missing" not found'],
  ["pods", "none", "log", "", 404, 'pods "none" not found'],
  ["pods", "http:one:80", "proxy", "", 400, "address not allowed"],
  ["pods", "ftp:one:80", "proxy", "", 400, 'invalid pod request "ftp:one:80"'],
  ["services", "web:80", "proxy", "", 503, 'no endpoints available for service "web:80"'],
  ["services", "a:b:c:d", "proxy", "", 400, 'invalid service request "a:b:c:d"'],
  ["nodes", "bare:10250", "proxy", "", 500, "no preferred addresses found; known addresses: []"],
  ["nodes", "none", "proxy", "", 404, 'nodes "none" not found'],
])("%s %s %s %s: %i %s", async (resource, name, subresource, query, code, message) => {
  await expect(connect(resource, name, subresource, query)).rejects.toMatchObject({ code, message });
});
