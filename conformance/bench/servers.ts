import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "../upstream/child.ts";
import { startPeer, TOKEN_USERS, tokenFile } from "../upstream/peer.ts";

/** A server under load, in processes of its own. */
export interface Server {
  readonly url: string;
  readonly token: string;
  /** From the start of its processes until it is ready and has made its own objects. */
  readonly readyMilliseconds: number;
  residentMegabytes(): number;
  /** What its processes have used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export const serverNames = ["peer", "ours"] as const;
export type ServerName = (typeof serverNames)[number];

/** The peer has no ServiceAccounts without its controllers, and would refuse every pod. */
const disabled = ["ServiceAccount"];
/** Without what the peer does not have or do either, so that both do the same work. */
const bareFlags = [
  "--controllers=",
  `--disable-admission-plugins=${disabled.join(",")}`,
  "--authorization-mode=AlwaysAllow",
];

/** A server as it comes, or with no more than the peer, which has no controllers. */
export async function startServer(name: ServerName, extent: "whole" | "bare"): Promise<Server> {
  const start = performance.now();
  const server =
    name === "peer"
      ? await startPeer({ disableAdmissionPlugins: disabled })
      : await startOurs(extent === "bare" ? bareFlags : []);
  return { ...server, ...processFigures(server.folder), readyMilliseconds: performance.now() - start };
}

async function startOurs(more: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-bench-"));
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, tokenFile());
  const port = await freePort();
  const bundle = join(import.meta.dirname, "../../dist/kubefacade.js");
  const flags = [
    "up",
    `--data-dir=${folder}`,
    `--secure-port=${port}`,
    `--token-auth-file=${tokens}`,
    ...more,
  ];
  const child = startChild(process.execPath, [bundle, ...flags]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const url = `https://127.0.0.1:${port}`;
  const token = TOKEN_USERS[0]?.token ?? "";
  while (!(await isReady(url, token))) {
    if (child.hasEnded()) throw new Error(`kubefacade ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const stop = async () => {
    child.kill();
    await child.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, token, folder, stop };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function isReady(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const asked = request(`${url}/readyz`, { headers, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/** Figures of the processes that were started with this folder in their arguments. Linux only. */
function processFigures(folder: string): Pick<Server, "residentMegabytes" | "cpuSeconds"> {
  const processes = readdirSync("/proc").filter((name) => {
    const args = /^\d+$/.test(name) ? readOrNothing(`/proc/${name}/cmdline`).split("\0") : [];
    return args[0] !== "/bin/sh" && args.some((argument) => argument.includes(folder));
  });
  const sum = (read: (process: string) => number) => processes.map(read).reduce((a, b) => a + b, 0);
  return {
    residentMegabytes: () =>
      sum((id) => Number(/VmRSS:\s+(\d+)/.exec(readOrNothing(`/proc/${id}/status`))?.[1] ?? 0) / 1024),
    cpuSeconds: () =>
      sum((id) => {
        // After the name, which may hold anything: utime and stime in hundredths of a second.
        const fields = readOrNothing(`/proc/${id}/stat`).split(") ").at(-1)?.split(" ") ?? [];
        return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
      }),
  };
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
