/**
 * Client libraries of other people say hello: each has a program in its own language that logs in, writes, patches,
 * watches and follows, and checks every answer.
 *
 *     node conformance/clients/run.ts [--client name]... [--peer]
 *
 * --peer: against the real kube-apiserver, which proves that the checks are true. README.md has the rules of a program.
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDoor } from "./door.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { outlive, type Past } from "./past.ts";
import { PROGRAMS, type Program } from "./programs.ts";
import { type Server, startOwnServer, startPeerServer } from "./servers.ts";

/** Programs that are made ready and run at a time. */
const AT_A_TIME = 2;
/** Longer than any program takes. */
const PATIENCE_MS = 240_000;

interface Stage {
  readonly server: Server;
  readonly past: Past;
}

/** A kubeconfig with the two ways of logging in as contexts, and one whose token nobody knows. */
function kubeconfigText(url: string, server: Server): string {
  const users = {
    certificate: server.certificate,
    token: { token: server.token },
    stranger: { token: "not-a-token" },
  };
  const cluster = {
    server: url,
    "certificate-authority-data": Buffer.from(server.ca).toString("base64"),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "certificate",
    clusters: [{ name: "server", cluster }],
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
    contexts: Object.keys(users).map((name) => ({ name, context: { cluster: "server", user: name } })),
  });
}

async function converse(program: Program, command: readonly string[], stage: Stage): Promise<Outcome> {
  const { server, past } = stage;
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-clients-"));
  const door = await openDoor(server.url);
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText(door.url, server));
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      DOOR_CONTROL: door.control,
      PAST_NAMESPACE: past.namespace,
      PAST_VERSION: past.resourceVersion,
      PAST_CONTINUE: past.continue,
    },
  });
  try {
    return await outcomeOf(program.name, child);
  } finally {
    door.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function perform(program: Program, stage: Promise<Stage>): Promise<Outcome> {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  const missing = program.needs.find(([file, ...args]) => spawnSync(file, args).status !== 0);
  if (missing !== undefined) {
    const what = `${missing[0]} is not installed`;
    console.log(process.env["CI"] ? `FAILED ${program.name}: ${what}` : `skipped ${program.name}: ${what}`);
    return { passed: 0, failed: process.env["CI"] ? 1 : 0 };
  }
  try {
    const command = await program.prepare();
    console.log(`${program.name}: ready after ${seconds()}`);
    const outcome = await converse(program, command, await stage);
    console.log(`${program.name}: ${outcome.passed} ok, ${outcome.failed} failed after ${seconds()}`);
    return outcome;
  } catch (error) {
    console.log(`FAILED ${program.name}: it is built: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
}

function chosen(names: readonly string[]): Program[] {
  const unknown = names.filter((name) => !PROGRAMS.some((program) => program.name === name));
  const known = PROGRAMS.map((program) => program.name).join(", ");
  if (unknown.length > 0) {
    console.error(`no such client: ${unknown.join(", ")}; there are ${known}`);
    process.exit(2);
  }
  return PROGRAMS.filter((program) => names.length === 0 || names.includes(program.name));
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      client: { type: "string", multiple: true, default: [] },
      peer: { type: "boolean", default: false },
    },
  });
  const waiting = chosen(values.client);
  const server = await (values.peer ? startPeerServer() : startOwnServer());
  const stage = outlive(server).then((past) => ({ server, past }));
  // Told where it is awaited.
  stage.catch(() => {});
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
      outcomes.push(await perform(program, stage));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  await server.stop();
  const sum = (key: keyof Outcome) => outcomes.reduce((total, one) => total + one[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0;
}

process.exitCode = (await main()) ? 0 : 1;
