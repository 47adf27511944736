import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";
import { send, sendBytes } from "./testing.ts";

const token = "secret";
const credentials = `Authorization: Bearer ${token}\r\n`;
const maxMutating = 3;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({
    controllers: [],
    maxMutatingRequestsInflight: maxMutating,
    tokenAuthFile: `${token},admin,1,"system:masters"\n`,
  });
});
afterAll(() => cluster.close());

const statuses = (answers: string): string[] => answers.match(/(?<=^|\n|\})HTTP\/1\.1 \d+/g) ?? [];

const upgrades = [
  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Upgrade: SPDY/3.1",
  "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
];

describe("CVE-2018-1002105: an upgrade that fails opens nothing", () => {
  test.each(upgrades)("%s", async (upgrade) => {
    const exec = "GET /api/v1/namespaces/default/pods/none/exec?command=sh HTTP/1.1\r\nHost: a\r\n";
    const afterwards = "GET /api/v1/secrets HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const asked = `${exec}${credentials}Connection: Upgrade\r\n${upgrade}\r\n\r\n`;
    const answers = await sendBytes(cluster.url, asked, { afterwards });
    const [first, ...next] = statuses(answers);
    expect(first).toBe("HTTP/1.1 404");
    // What comes next, if the connection is not ended, is a request of its own, by nobody.
    expect(["", "HTTP/1.1 403"]).toContain(next.join());
    expect(answers).not.toContain("SecretList");
  });
});

describe("CVE-2023-44487: requests that are reset as fast as they are made", () => {
  test("HTTP/2 is not spoken", async () => {
    await expect(sendBytes(cluster.url, "", { protocols: ["h2"] })).rejects.toThrow(/application protocol/);
    const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    expect(statuses(await sendBytes(cluster.url, preface))).toEqual(["HTTP/1.1 400"]);
  });

  test("a request that its client leaves counts no longer", async () => {
    const head = `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: a\r\n${credentials}`;
    const leaving = Array.from({ length: 20 * maxMutating }, () =>
      leave(`${head}Content-Length: 100\r\n\r\n{`),
    );
    await Promise.all(leaving);
    await expect
      .poll(async () => {
        const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}';
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const path = `${cluster.url}/api/v1/namespaces/default/configmaps`;
        return (await send(path, { method: "POST", headers, body })).status;
      })
      .toBe(201);
  });
});

/** Writes the beginning of a request and resets the connection. */
function leave(bytes: string): Promise<void> {
  const { hostname, port } = new URL(cluster.url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      socket.write(bytes, () => setTimeout(() => socket.destroy(), 20));
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

describe("requests that two readers would read differently", () => {
  const post = `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: a\r\n${credentials}`;
  test.each([
    ["a length and chunks", `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 501],
    ["two lengths", `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`, 400],
    ["an unknown encoding", `${post}Transfer-Encoding: xchunked\r\n\r\n`, 501],
    ["chunks that are not last", `${post}Transfer-Encoding: chunked, identity\r\n\r\n`, 501],
    ["a space before a colon", "GET /version HTTP/1.1\r\nHost : a\r\n\r\n", 400],
    ["a header on two lines", "GET /version HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n", 400],
    ["a zero byte", "GET /version HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n", 400],
    ["a chunk of no length", `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  ])("%s", async (_, bytes, code) => {
    const after = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    const answers = await sendBytes(cluster.url, bytes + after);
    expect(statuses(answers).at(-1)).toBe(`HTTP/1.1 ${code}`);
    expect(answers).not.toContain("smuggled");
  });
});

describe("requests that are sent before the answer to the last is read", () => {
  const request = `GET /version HTTP/1.1\r\nHost: a\r\n${credentials}`;

  test("are answered one after the other: they never are too many at a time", async () => {
    const last = `${request}Connection: close\r\n\r\n`;
    const answers = await sendBytes(cluster.url, `${request}\r\n`.repeat(500) + last);
    expect(statuses(answers)).toEqual(Array(501).fill("HTTP/1.1 200"));
  });

  test("end the connection where they are thousands", async () => {
    const watch = `GET /api/v1/configmaps?watch=true HTTP/1.1\r\nHost: a\r\n${credentials}\r\n`;
    const answers = await sendBytes(cluster.url, watch, { afterwards: `${request}\r\n`.repeat(2_000) });
    expect(statuses(answers)).toEqual(["HTTP/1.1 200"]);
  });
});

test("headers may be many, but not larger than a mebibyte", async () => {
  const get = (headers: string) =>
    sendBytes(cluster.url, `GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`);
  const many = Array.from({ length: 10_000 }, (_, index) => `X-${index}: a\r\n`).join("");
  expect(statuses(await get(many))).toEqual(["HTTP/1.1 200"]);
  expect(statuses(await get(`X-A: ${"a".repeat(1.1 * 1024 * 1024)}\r\n`))).toEqual(["HTTP/1.1 431"]);
});

test("a body that is too large is refused before it has come", async () => {
  const head = `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${credentials}`;
  const answers = await sendBytes(cluster.url, `${head}Content-Length: 1000000000\r\n\r\n{`);
  expect(answers).toContain("Request entity too large: limit is 3145728");
});
