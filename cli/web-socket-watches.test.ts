import { once } from "node:events";
import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  const tokenAuthFile = 'admin-token,admin,u-admin,"system:masters"\n';
  cluster = await createCluster({ controllers: [], tokenAuthFile });
});
afterAll(() => cluster.close());

const asking = {
  authorization: "Bearer admin-token",
  connection: "Upgrade",
  upgrade: "websocket",
  origin: "https://here",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

interface Answer {
  code: number | undefined;
  /** Behind the head, until the connection ends. */
  bytes: Buffer;
}

function ask(path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(cluster.url + path, { rejectUnauthorized: false, headers });
    asked.on("error", reject);
    asked.on("upgrade", ({ statusCode }, socket, head) => {
      const bytes: Buffer[] = [head];
      socket.on("data", (chunk: Buffer) => bytes.push(chunk));
      socket.on("close", () => resolve({ code: statusCode, bytes: Buffer.concat(bytes) }));
    });
    asked.on("response", async (response) => {
      resolve({ code: response.statusCode, bytes: Buffer.concat(await response.toArray()) });
    });
    asked.end();
  });
}

const watch = "/api/v1/namespaces?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Ddefault";
const goodbye = "880203e8";

test("a watch over a WebSocket sends each event as a text, and says goodbye", async () => {
  const { code, bytes } = await ask(watch, asking);
  expect([code, bytes[0], bytes[1]]).toEqual([101, 0x81, 126]);
  const length = bytes.readUInt16BE(2);
  const text = bytes.subarray(4, 4 + length).toString();
  expect(text.endsWith("}\n")).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ type: "ADDED", object: { metadata: { name: "default" } } });
  expect(bytes.subarray(4 + length).toString("hex")).toBe(goodbye);
});

test("protobuf comes in binary messages, without the length that streams have", async () => {
  const { bytes } = await ask(watch, { ...asking, accept: "application/vnd.kubernetes.protobuf" });
  const length = bytes.readUInt16BE(2);
  expect(bytes[0]).toBe(0x82);
  // WatchEvent.type.
  expect(bytes.subarray(4, 11).toString("latin1")).toBe("\n\u0005ADDED");
  expect(bytes.subarray(4 + length).toString("hex")).toBe(goodbye);
});

test("other requests are answered as if they had not asked for a WebSocket", async () => {
  const list = await ask("/api/v1/namespaces", asking);
  expect([list.code, JSON.parse(list.bytes.toString()).kind]).toEqual([200, "NamespaceList"]);
  const { authorization, ...stranger } = asking;
  const denied = await ask(watch, stranger);
  expect([denied.code, JSON.parse(denied.bytes.toString()).reason]).toEqual([403, "Forbidden"]);
});

test("a cluster that is closed drops WebSockets that stay", async () => {
  const other = await createCluster({
    controllers: [],
    tokenAuthFile: 'admin-token,admin,,"system:masters"\n',
  });
  const options = { rejectUnauthorized: false, headers: asking };
  const asked = request(`${other.url}/api/v1/namespaces?watch=1`, options);
  const upgraded = once(asked, "upgrade");
  asked.end();
  const [, socket] = await upgraded;
  socket.on("error", () => {}).resume();
  const closed = new Promise((resolve) => socket.on("close", resolve));
  await other.close();
  await closed;
});
