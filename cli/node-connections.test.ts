import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { send } from "./testing.ts";

const core = (resource: string, namespace?: string) => ({
  ...{ group: "", version: "v1", resource },
  ...(namespace === undefined ? {} : { namespace }),
});

/** Stands for what a node, or whoever has taken it over, may lead to. */
let target: Server;
let asked = 0;
let cluster: Cluster;
beforeAll(async () => {
  target = createServer((_, response) => {
    response.writeHead(302, { location: `${cluster.url}/api/v1/secrets` }).end();
  });
  target.on("connection", () => asked++);
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  cluster = await createCluster({
    controllers: [],
    disableAdmissionPlugins: ["ServiceAccount"],
    tokenAuthFile: `secret,admin,1,"system:masters"\n`,
  });
  const { port } = target.address() as AddressInfo;
  const addresses = ["127.0.0.1", "localhost", "169.254.169.254", "::1"].map((address) => ({
    type: address === "localhost" ? "Hostname" : "InternalIP",
    address,
  }));
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  await cluster.client.create(core("nodes"), { apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
  await cluster.client.patch(core("nodes"), "n", { status } as never, {
    type: "merge",
    subresource: "status",
  });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: { nodeName: "n", containers: [{ name: "c", image: "i", ports: [{ containerPort: port }] }] },
  };
  await cluster.client.create(core("pods", "default"), pod as unknown as KubeObject);
  const podStatus = { status: { podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] } };
  await cluster.client.patch(core("pods", "default"), "p", podStatus as never, {
    type: "merge",
    subresource: "status",
  });
});
afterAll(async () => {
  await cluster.close();
  target.close();
});

const get = (path: string) =>
  send(cluster.url + path, {
    method: "GET",
    headers: { authorization: "Bearer secret", connection: "Upgrade", upgrade: "SPDY/3.1" },
  });

const pod = "/api/v1/namespaces/default/pods/p";
const streams = [`${pod}/exec?command=sh`, `${pod}/attach`, `${pod}/portforward`, `${pod}/log`];
const port = () => (target.address() as AddressInfo).port;

describe("CVE-2018-1002102, CVE-2020-8559: a node that redirects what it is asked", () => {
  test.each(streams)("%s leads nowhere", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain("SecretList");
    expect(asked).toBe(0);
  });
});

describe("CVE-2022-3294: a node whose address is the server's own", () => {
  test("its proxy leads nowhere, however it is named", async () => {
    for (const name of ["n", `n:${port()}`, `https:n:${port()}`, `http:n:`, "n:10250"]) {
      expect((await get(`/api/v1/nodes/${name}/proxy/api/v1/secrets`)).status).toBe(503);
    }
    expect((await get("/api/v1/nodes/ftp:n:1/proxy/")).status).toBe(400);
    expect(asked).toBe(0);
  });

  test("nor does a pod's whose address is", async () => {
    for (const name of ["p", `p:${port()}`, `https:p:${port()}`]) {
      const answer = await get(`/api/v1/namespaces/default/pods/${name}/proxy/`);
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("address not allowed") });
    }
    expect(asked).toBe(0);
  });
});
