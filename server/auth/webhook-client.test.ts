import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Clock, Random } from "../../api/clock.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import { WebhookClient } from "./webhook-client.ts";

let server: Server | undefined;
afterEach(() => server?.close());

const random = { next: () => 0, uuid: () => "" } satisfies Random;

async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

/** Every wait is over at once; what was waited is told. */
function hasty(): Clock & { waits: number[] } {
  const clock = new ManualClock();
  const waits: number[] = [];
  const setTimer = (delay: number, callback: () => void) => {
    // The time limit of a request.
    if (delay === 30_000) return () => {};
    waits.push(delay);
    setImmediate(callback);
    return () => {};
  };
  return { now: () => clock.now(), monotonic: () => clock.monotonic(), setTimer, waits };
}

test("JSON is posted with the credentials, and the answer is read", async () => {
  const url = await serving((request, response) => {
    const { method, url: path, headers } = request;
    response.end(JSON.stringify({ method, path, authorization: headers.authorization }));
  });
  const client = new WebhookClient({ url, authorization: "Bearer t" }, hasty(), random);
  expect(await client.post({})).toEqual({
    method: "POST",
    path: "/hook?timeout=30s",
    authorization: "Bearer t",
  });
});

test("what may pass is tried again, later each time", async () => {
  let attempts = 0;
  const url = await serving((_, response) => {
    response.statusCode = ++attempts < 3 ? 500 : 200;
    response.end("{}");
  });
  const clock = hasty();
  await new WebhookClient({ url }, clock, random).post({});
  expect(clock.waits).toEqual([500, 750]);
});

test("what will not pass is an error at once, as is nobody who listens", async () => {
  const url = await serving((_, response) => void response.writeHead(403).end("no"));
  const clock = hasty();
  const client = new WebhookClient({ url }, clock, random);
  await expect(client.post({})).rejects.toMatchObject({
    ...{ name: "WebhookError", transient: false, message: "no" },
  });
  expect(clock.waits).toEqual([]);
  await new Promise((resolve) => server!.close(resolve));
  const { port } = new URL(url);
  await expect(new WebhookClient({ url }, clock, random).post({})).rejects.toThrow(
    `Post "${url}?timeout=30s": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  );
});

test("CVE-2018-1002102, CVE-2020-8559: nobody is followed to where an answer leads", async () => {
  const asked: string[] = [];
  const url = await serving((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const client = new WebhookClient({ url, authorization: "Bearer t" }, hasty(), random);
  await expect(client.post({})).rejects.toMatchObject({ name: "WebhookError" });
  expect(asked).toEqual(["/hook?timeout=30s"]);
});
