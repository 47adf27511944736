import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "../upstream/child.ts";
import { type PeerOptions, startPeer, TOKEN_USERS, type TokenUser, tokenFile } from "../upstream/peer.ts";

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

const [administrator, developer] = TOKEN_USERS as [TokenUser, TokenUser];

/**
 * whole: as it comes. bare: with no more than the peer has without its controllers, which is no account for a pod
 * either. guarded: bare, but with RBAC and all default admission plug-ins.
 */
export type Extent = "whole" | "bare" | "guarded";

const disabled = ["ServiceAccount"];

const ourFlags: Readonly<Record<Extent, readonly string[]>> = {
  whole: [],
  bare: [
    "--controllers=",
    `--disable-admission-plugins=${disabled.join(",")}`,
    "--authorization-mode=AlwaysAllow",
  ],
  guarded: ["--controllers="],
};

const peerOptions: Readonly<Record<Extent, PeerOptions>> = {
  whole: { disableAdmissionPlugins: disabled },
  bare: { disableAdmissionPlugins: disabled },
  guarded: { authorizationMode: "Node,RBAC" },
};

export async function startServer(name: ServerName, extent: Extent): Promise<Server> {
  const start = performance.now();
  const server = name === "peer" ? await startPeer(peerOptions[extent]) : await startOurs(ourFlags[extent]);
  const readyMilliseconds = performance.now() - start;
  const token = extent === "guarded" ? await letDeveloperIn(server) : server.token;
  return { ...server, token, ...processFigures(server.folder), readyMilliseconds };
}

const meta = (name: string) => ({ metadata: { name, namespace: "default" } });
const rbacGroup = "rbac.authorization.k8s.io";
const role = { apiGroup: rbacGroup, kind: "Role", name: "load" };

/** What pods and their user need where nothing is allowed by itself. */
const neededObjects: Readonly<Record<string, object>> = {
  "/api/v1/namespaces/default/serviceaccounts": meta("default"),
  [`/apis/${rbacGroup}/v1/namespaces/default/roles`]: {
    ...meta("load"),
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }],
  },
  [`/apis/${rbacGroup}/v1/namespaces/default/rolebindings`]: {
    ...meta("load"),
    roleRef: role,
    subjects: [{ apiGroup: rbacGroup, kind: "Group", name: developer.groups[0] }],
  },
};

/** Resolves to the token of a user whom roles allow to use pods, once they do. */
async function letDeveloperIn({ url, token }: Pick<Server, "url" | "token">): Promise<string> {
  for (const [path, body] of Object.entries(neededObjects)) {
    const status = await ask(url + path, token, JSON.stringify(body));
    if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status}`);
  }
  const pods = `${url}/api/v1/namespaces/default/pods?limit=1`;
  while ((await ask(pods, developer.token)) !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
  return developer.token;
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
  const { token } = administrator;
  while ((await ask(`${url}/readyz`, token)) !== 200) {
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

/** The status of the answer, on a connection of its own; 0 where there is none. */
function ask(url: string, token: string, body?: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const method = body === undefined ? "GET" : "POST";
  const options = { method, headers, rejectUnauthorized: false, agent: false };
  return new Promise((resolve) => {
    const asked = request(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", () => resolve(0));
    asked.end(body);
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
