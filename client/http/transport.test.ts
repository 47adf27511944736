import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { HttpClient } from "./http-client.ts";
import { Transport } from "./transport.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serving(handler: RequestListener) {
  server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const clock = new ManualClock();
  const refusals: string[] = [];
  const options = {
    access: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/below/` },
    credentials: {
      get: async () => ({ authorization: "Bearer me" }),
      refused: () => void refusals.push("refused"),
    },
    ...{ clock, userAgent: "tester/1", timeout: 5000 },
  };
  return { transport: new Transport(options), client: new HttpClient(options), clock, refusals };
}

/** Lets time pass until the promise is settled. */
async function settled<T>(promise: Promise<T>, clock: ManualClock, step: number): Promise<T> {
  let pending = true;
  const end = () => {
    pending = false;
  };
  promise.then(end, end);
  while (pending) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    clock.advance(step);
  }
  return promise;
}

test("requests say who asks, and what they send", async () => {
  const heads: unknown[] = [];
  const { transport } = await serving((request, response) => {
    const { authorization, "user-agent": agent, "content-type": type } = request.headers;
    heads.push([request.method, request.url, authorization, agent, type]);
    response.end('{"n":9007199254740993}');
  });
  const answer = await transport.json({ method: "POST", path: "/api/v1/x?a=b", body: {} });
  expect(answer).toEqual({ n: 9007199254740993n });
  expect(heads).toEqual([["POST", "/below/api/v1/x?a=b", "Bearer me", "tester/1", "application/json"]]);
});

test("one connection serves requests one after the other", async () => {
  const sockets = new Set<unknown>();
  const { transport } = await serving((request, response) => {
    sockets.add(request.socket);
    response.end("{}");
  });
  for (let i = 0; i < 3; i++) await transport.json({ method: "GET", path: "/" });
  expect(sockets.size).toBe(1);
});

test("a server that asks for patience is asked again when it says so, ten times at most", async () => {
  const times: number[] = [];
  const { transport, clock } = await serving((_, response) => {
    times.push(clock.monotonic());
    response.writeHead(429, { "retry-after": "2" });
    response.end();
  });
  const asking = transport.json({ method: "POST", path: "/", body: {} });
  await expect(settled(asking, clock, 500)).rejects.toMatchObject({ code: 429, reason: "TooManyRequests" });
  expect(times).toHaveLength(11);
  expect(times.every((time, at) => at === 0 || time - times[at - 1]! >= 2000)).toBe(true);
});

test("a failure that asks for nothing is told at once", async () => {
  let asked = 0;
  const { transport } = await serving((_, response) => {
    asked++;
    response.writeHead(500);
    response.end("oops\n");
  });
  await expect(transport.json({ method: "GET", path: "/" })).rejects.toMatchObject({
    ...{ name: "StatusError", code: 500, reason: "InternalError" },
    message: 'an error on the server ("oops") has prevented the request from succeeding',
  });
  expect(asked).toBe(1);
});

test("reads are repeated where the connection is lost, writes are not", async () => {
  let asked = 0;
  const { transport, clock } = await serving((request, response) => {
    if (asked++ < 2) request.socket.destroy();
    else response.end('{"ok":true}');
  });
  await expect(transport.json({ method: "PUT", path: "/", body: {} })).rejects.toMatchObject({
    code: "ECONNRESET",
  });
  expect(await settled(transport.json({ method: "GET", path: "/" }), clock, 500)).toEqual({ ok: true });
  expect(asked).toBe(3);
});

test("an answer has its time", async () => {
  const { transport, clock } = await serving((_, response) => {
    response.writeHead(200);
    response.write("{");
  });
  const asking = transport.json({ method: "POST", path: "/slow", body: {} });
  await expect(settled(asking, clock, 1000)).rejects.toThrow("POST /slow: no answer in time");
});

test("credentials that are refused are known to be", async () => {
  const { transport, refusals } = await serving((_, response) => {
    response.writeHead(401);
    response.end();
  });
  await expect(transport.json({ method: "GET", path: "/" })).rejects.toMatchObject({
    reason: "Unauthorized",
  });
  expect(refusals).toEqual(["refused"]);
});

const pods = { group: "", version: "v1", resource: "pods" };
const eventOf = (name: string, text = "") =>
  `${JSON.stringify({ type: "ADDED", object: { metadata: { name }, text } })}\n`;

test("a watch reads no faster than its events are looked at", async () => {
  const text = "x".repeat(64 << 10);
  let written = 0;
  const { client } = await serving((_, response) => {
    const write = () => {
      if (written < 400 && !response.destroyed) {
        written++;
        if (response.write(eventOf(String(written), text))) setImmediate(write);
        else response.once("drain", write);
      }
    };
    write();
  });
  const events = client.watch(pods)[Symbol.asyncIterator]();
  await events.next();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(written).toBeLessThan(400);
  await events.return?.();
});

test("a watch whose reader goes away ends its connection", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { client } = await serving((request, response) => {
    request.socket.on("close", () => resolve());
    response.write(eventOf("a"));
  });
  for await (const { object } of client.watch(pods)) {
    expect(object.metadata.name).toBe("a");
    break;
  }
  await closed;
});

test("a watch that the server forgets to end is ended after its time", async () => {
  const { client, clock } = await serving((_, response) => {
    response.write(eventOf("a"));
  });
  const names: unknown[] = [];
  const watching = (async () => {
    for await (const { object } of client.watch(pods, { timeoutSeconds: 1 }))
      names.push(object.metadata.name);
  })();
  await settled(watching, clock, 2000);
  expect(names).toEqual(["a"]);
});

test("a connection that breaks in the middle of a watch is an error", async () => {
  const { client } = await serving((_, response) => {
    response.write(eventOf("a"), () => response.destroy());
  });
  const watching = (async () => {
    for await (const _ of client.watch(pods));
  })();
  await expect(watching).rejects.toThrow("aborted");
});
