import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { authorizersOfModes } from "./authorization.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const users = `alice-token,alice,u,"developers"
node-token,system:node:n1,v,"system:nodes"
admin-token,admin,w,"system:masters"
`;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({ tokenAuthFile: users });
});
afterAll(() => cluster.close());

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };

/** The status that somebody gets. */
function get(path: string, token?: string, accept = "*/*"): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { accept, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const asked = request(
      cluster.url + path,
      { rejectUnauthorized: false, agent: false, headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on("error", reject).end();
  });
}

test.each([
  [[], "at least one authorization-mode must be passed"],
  [["Foo"], 'authorization-mode "Foo" is not a valid mode'],
  [["toString"], 'authorization-mode "toString" is not a valid mode'],
  [["Webhook"], "authorization-mode Webhook's authorization config file not passed"],
  [["ABAC"], "authorization-mode ABAC's authorization policy file not passed"],
  [["RBAC", "RBAC"], 'authorization-mode ["RBAC" "RBAC"] has mode specified more than once'],
])("modes %j are refused", (modes, message) => {
  expect(() => authorizersOfModes(modes, {})).toThrow(message);
});

test("the default roles count as soon as the server is ready", async () => {
  expect(await get("/version")).toBe(200);
  expect(await get("/api")).toBe(403);
  expect(await get("/api", "alice-token")).toBe(200);
  expect(await get("/api/v1/nodes", "alice-token")).toBe(403);
});

test("who may not is told so before the request is looked at any further", async () => {
  expect(await get("/api/v1/nodes", "alice-token", "text/html")).toBe(403);
});

test("what comes over a connection is not negotiated, as other answers are", async () => {
  const pod = "/api/v1/namespaces/default/pods/absent";
  expect(await get(`${pod}/exec`, "admin-token", "text/html")).toBe(404);
  expect(await get(`${pod}/log`, "admin-token", "text/html")).toBe(406);
});

test("a binding counts at once, and no longer when it is gone", async () => {
  const path = "/api/v1/namespaces/default/configmaps/absent";
  expect(await get(path, "alice-token")).toBe(403);
  const bindings = { ...rbac, resource: "rolebindings", namespace: "default" };
  await cluster.client.create({ ...rbac, resource: "roles", namespace: "default" }, {
    metadata: { name: "reader" },
    rules: [{ verbs: ["get"], apiGroups: [""], resources: ["configmaps"] }],
  } as object as KubeObject);
  await cluster.client.create(bindings, {
    metadata: { name: "reader" },
    roleRef: { apiGroup: rbac.group, kind: "Role", name: "reader" },
    subjects: [{ kind: "Group", name: "developers" }],
  } as object as KubeObject);
  expect(await get(path, "alice-token")).toBe(404);
  await cluster.client.delete(bindings, "reader");
  expect(await get(path, "alice-token")).toBe(403);
});

test("where everything is allowed, nobody gets in without credentials", async () => {
  const open = await createCluster({ authorizationMode: ["AlwaysAllow"] });
  try {
    const status = await new Promise((resolve) => {
      const asked = request(`${open.url}/version`, { rejectUnauthorized: false, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.end();
    });
    expect(status).toBe(401);
  } finally {
    await open.close();
  }
});

test("a node reaches its pods from the first time that it asks", async () => {
  const pods = { group: "", version: "v1", resource: "pods", namespace: "default" };
  const spec = { nodeName: "n1", containers: [{ name: "c", image: "i" }] };
  await cluster.client.create(pods, { metadata: { name: "first" }, spec } as object as KubeObject);
  const path = "/api/v1/namespaces/default/pods";
  expect(await get(`${path}/first`, "node-token")).toBe(200);
  await cluster.client.create(pods, { metadata: { name: "second" }, spec } as object as KubeObject);
  expect(await get(`${path}/second`, "node-token")).toBe(200);
  expect(await get(path, "node-token")).toBe(403);
});
