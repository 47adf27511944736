/** A client of its own thread that asks for /livez again and again; tells how long an answer took at most. */
import { Agent, get } from "node:https";
import { parentPort, workerData } from "node:worker_threads";

const interval = 20;
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
let longest = 0;

function probe(): void {
  const start = performance.now();
  const done = () => {
    longest = Math.max(longest, performance.now() - start);
    setTimeout(probe, interval);
  };
  get(`${workerData.url}/livez`, { agent }, (answer) => answer.resume().on("close", done)).on("error", done);
}

parentPort?.on("message", () => {
  parentPort?.postMessage(longest);
  longest = 0;
});
probe();
