import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { send } from "./testing.ts";

const nodes = { group: "", version: "v1", resource: "nodes" };
const restricted = "node-restriction.kubernetes.io/pool";
const base = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n", labels: { [restricted]: "safe" } },
};

let cluster: Cluster;
let live: KubeObject;
beforeAll(async () => {
  cluster = await createCluster({
    controllers: [],
    enableAdmissionPlugins: ["NodeRestriction"],
    tokenAuthFile: 'kubelet,system:node:n,1,"system:nodes"\n',
  });
  live = await cluster.client.create(nodes, base as unknown as KubeObject);
});
afterAll(() => cluster.close());

/** What the kubelet of the node is told. */
async function write(method: string, contentType: string, body: object, subresource = ""): Promise<string> {
  const query = contentType.includes("apply") ? "?fieldManager=kubelet&force=true" : "";
  const answer = await send(`${cluster.url}/api/v1/nodes/n${subresource}${query}`, {
    method,
    headers: { authorization: "Bearer kubelet", "content-type": contentType },
    body: JSON.stringify(body),
  });
  return answer.status === 403 ? JSON.parse(answer.body).message : `${answer.status}`;
}

const changed = (metadata: object): object => ({ ...live, metadata: { ...live.metadata, ...metadata } });
const jsonPatch = (path: string, value: unknown): object => [{ op: "add", path, value }];

/** Each way to write a node, for metadata that it should have. */
const ways: [string, (metadata: object, pointer: string, value: unknown) => Promise<string>][] = [
  ["an update", (metadata) => write("PUT", "application/json", changed(metadata))],
  ["a merge patch", (metadata) => write("PATCH", "application/merge-patch+json", { metadata })],
  ["a strategic patch", (metadata) => write("PATCH", "application/strategic-merge-patch+json", { metadata })],
  [
    "a JSON patch",
    (_, pointer, value) => write("PATCH", "application/json-patch+json", jsonPatch(pointer, value)),
  ],
  [
    "an apply",
    (metadata) =>
      write("PATCH", "application/apply-patch+yaml", {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "n", ...metadata },
      }),
  ],
  ["an update of the status", (metadata) => write("PUT", "application/json", changed(metadata), "/status")],
  [
    "a patch of the status",
    (metadata) => write("PATCH", "application/merge-patch+json", { metadata }, "/status"),
  ],
];

describe("CVE-2021-25735: what is validated of an update of a node is compared with what there was", () => {
  test.each(ways)("%s that changes a protected label", async (_, way) => {
    const pointer = `/metadata/labels/${restricted.replace("/", "~1")}`;
    expect(await way({ labels: { [restricted]: "mine" } }, pointer, "mine")).toContain(
      `is not allowed to modify labels: ${restricted}`,
    );
    expect((await cluster.client.get(nodes, "n")).metadata.labels).toMatchObject({ [restricted]: "safe" });
  });
});

describe("CVE-2025-5187: a node that makes itself somebody's dependent would be deleted with it", () => {
  test.each(ways)("%s that sets an owner", async (_, way) => {
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "1" }];
    expect(await way({ ownerReferences }, "/metadata/ownerReferences", ownerReferences)).toContain(
      'node "n" is not allowed to modify ownerReferences',
    );
    const { metadata } = await cluster.client.get(nodes, "n");
    expect(metadata.uid).toBe(live.metadata.uid);
    expect(metadata.ownerReferences).toBeUndefined();
  });
});
