/**
 * Sends to the running server what nobody sends who means well, and measures what it costs everybody else.
 *
 *     node conformance/hostile/run.ts [--filter text]
 *
 * A case fails where its answer is not the expected one, where /livez, or the event loop, takes 250 ms or more meanwhile, or
 * where the process keeps more than 64 MiB. The last line says "N passed, N failed".
 */
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { cases, type HostileCase, prepare } from "./cases.ts";
import { Client } from "./client.ts";
import { type GaugedServer, startServer } from "./server.ts";

const maxDelay = 250;
const maxGrowth = 64 * 1024 * 1024;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The longest that an answer to the prober took since the last time it was asked. */
async function longestAnswer(prober: Worker): Promise<number> {
  const answer = once(prober, "message");
  prober.postMessage("read");
  const [longest] = (await answer) as [number];
  return longest;
}

/** The memory that is kept once everything has settled. */
async function settled(server: GaugedServer, before: number): Promise<number> {
  let { rss } = await server.read();
  for (let attempt = 0; attempt < 20 && rss - before > maxGrowth; attempt++) {
    await pause(250);
    ({ rss } = await server.read(attempt < 4 ? "read" : "rest"));
  }
  return rss;
}

async function runCase(server: GaugedServer, prober: Worker, one: HostileCase): Promise<boolean> {
  const { rss: before } = await server.read();
  await longestAnswer(prober);
  const answer = await one.run(new Client(server)).catch((error: unknown) => String(error));
  const latency = await longestAnswer(prober);
  const { delay } = await server.read();
  const growth = (await settled(server, before)) - before;
  const isWell = one.expected.test(answer) && latency < maxDelay && delay < maxDelay && growth <= maxGrowth;
  const figures = `livez ${latency.toFixed()} ms, loop ${delay.toFixed()} ms, kept ${(growth / 2 ** 20).toFixed(1)} MiB`;
  console.log(`${isWell ? "ok    " : "FAILED"} ${one.name}: ${figures}; ${answer.slice(0, 100)}`);
  return isWell;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });
  const server = await startServer();
  const prober = new Worker(join(import.meta.dirname, "prober.ts"), { workerData: { url: server.url } });
  let failed = 0;
  const chosen = cases.filter(({ name }) => name.includes(values.filter));
  try {
    await prepare(new Client(server));
    for (const one of chosen) if (!(await runCase(server, prober, one))) failed++;
  } finally {
    await prober.terminate();
    await server.stop();
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 && chosen.length > 0;
}

process.exitCode = (await main()) ? 0 : 1;
