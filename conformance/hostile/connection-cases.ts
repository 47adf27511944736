/** What hostile clients do with connections. */
import { connect as connectTcp } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HostileCase } from "./cases.ts";
import type { Client } from "./client.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const count = (text: string, part: string): number => text.split(part).length - 1;
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** A few at a time: what a handshake costs is no secret. */
async function openMany(
  client: Client,
  count: number,
  bytes: (index: number) => string,
): Promise<TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(times(10, (index) => client.open(bytes(sockets.length + index))))));
  }
  return sockets;
}

/** Connections that never finish what they began; upstream gives them 32 seconds. */
async function unfinished(client: Client): Promise<string> {
  const beginnings = ["", "GET /version HTTP/1.1\r\n", `GET /version HTTP/1.1\r\n${client.credentials}`];
  const sockets = await openMany(client, 300, (index) => beginnings[index % 3]!);
  const dripping = setInterval(() => {
    for (const socket of sockets.slice(0, 100)) if (socket.writable) socket.write("X");
  }, 1000);
  await seconds(36);
  clearInterval(dripping);
  const left = sockets.filter((socket) => !socket.readableEnded && !socket.destroyed).length;
  for (const socket of sockets) socket.destroy();
  return `${left} left`;
}

/** The head of a write, and never its body. */
async function silentBodies(client: Client): Promise<string> {
  const head = `POST ${maps} HTTP/1.1\r\n${client.credentials}Content-Length: 1000\r\n\r\n{`;
  const sockets = await openMany(client, 250, () => head);
  await seconds(1);
  const answer = await client.send({ path: "/version" });
  for (const socket of sockets) socket.destroy();
  await seconds(0.5);
  return `${answer.slice(0, 3)} ${(await client.send({ path: maps, body: "{}" })).slice(0, 3)}`;
}

/** Watches whose events nobody reads, while 3 MB of them are written. */
async function unreadWatches(client: Client): Promise<string> {
  const ask = `GET ${maps}?watch=true HTTP/1.1\r\n${client.credentials}\r\n`;
  const sockets = await openMany(client, 100, () => ask);
  for (const socket of sockets) socket.pause();
  const data = { a: "a".repeat(100_000) };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "watched" }, data };
  await client.send({ path: maps, body: JSON.stringify(object) });
  const answers = new Set<string>();
  for (let turn = 0; turn < 30; turn++) {
    const body = JSON.stringify({ data: { b: `${turn}` } });
    const type = "application/merge-patch+json";
    answers.add((await client.send({ path: `${maps}/watched`, method: "PATCH", type, body })).slice(0, 3));
  }
  for (const socket of sockets) socket.destroy();
  await client.send({ path: `${maps}/watched`, method: "DELETE" });
  await seconds(1);
  return [...answers].join();
}

async function garbage(client: Client): Promise<string> {
  const { hostname, port } = client.address;
  const ended = times(200, (index) => {
    const socket = connectTcp(port, hostname);
    socket.on("error", () => {});
    socket.write(Buffer.from(times(1000, (at) => (at * 37 + index) & 255)));
    socket.resume();
    return new Promise<void>((resolve) => socket.on("close", () => resolve()));
  });
  await Promise.all(ended);
  return "all ended";
}

/** Requests that are reset as soon as they are sent. */
async function resets(client: Client): Promise<string> {
  const request = `GET ${maps} HTTP/1.1\r\n${client.credentials}\r\n`;
  for (let batch = 0; batch < 20; batch++) {
    for (const socket of await openMany(client, 50, () => request)) socket.destroy();
  }
  return (await client.send({ path: maps })).slice(0, 3);
}

async function pipelined(client: Client): Promise<string> {
  const request = `GET /livez HTTP/1.1\r\n${client.credentials}\r\n`;
  const last = request.replace("\r\n", "\r\nConnection: close\r\n");
  const answers = await client.talk(request.repeat(900) + last, 20_000);
  return `${count(answers, "HTTP/1.1 ")} answers`;
}

/** Thousands of requests whose answers nobody reads. */
async function pipelinedUnread(client: Client): Promise<string> {
  const request = `GET /openapi/v2 HTTP/1.1\r\n${client.credentials}\r\n`;
  const sockets = await Promise.all(times(5, () => client.open(request.repeat(200))));
  for (const socket of sockets) socket.pause();
  await seconds(2);
  const answer = await client.send({ path: "/version" });
  for (const socket of sockets) socket.destroy();
  await seconds(1);
  return answer.slice(0, 3);
}

export const connectionCases: readonly HostileCase[] = [
  { name: "300 connections that finish nothing", run: unfinished, expected: /^0 left/ },
  { name: "250 bodies that do not come", run: silentBodies, expected: /^200 422$/ },
  { name: "100 watches that nobody reads", run: unreadWatches, expected: /^200$/ },
  { name: "200 connections of garbage", run: garbage, expected: /^all ended$/ },
  { name: "1,000 requests that are reset", run: resets, expected: /^200$/ },
  { name: "900 requests at once", run: pipelined, expected: /^901 answers$/ },
  { name: "1,000 long answers that nobody reads", run: pipelinedUnread, expected: /^200$/ },
];
