/**
 * Runs the same kubectl commands against kubefacade and the real kube-apiserver, and shows where outputs or exit
 * codes differ: once with the pinned kubectl, and once with the one on PATH.
 *
 *     node conformance/kubectl/run.ts [--filter text] [--file name] [--ours URL --token T | --ours peer]
 *                                     [--kubectl path]... [--full] [--limit n] [--causes] [--verbose]
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Judge } from "../differential/judge.ts";
import { type NormalStep, normalize } from "../differential/normalize.ts";
import { startOurs } from "../differential/ours.ts";
import { caseReport, causesReport, filesReport } from "../differential/report.ts";
import { type Entry, loadCases } from "../differential/suite.ts";
import { builtProgram } from "../upstream/build.ts";
import { kubeconfigText, MISSING_ADMISSION_PLUGINS, startPeer } from "../upstream/peer.ts";
import { ALLOWED } from "./allowed.ts";
import { withoutAges, withoutPassing } from "./passing.ts";
import { type KubectlCase, Session } from "./session.ts";

interface Server {
  readonly name: string;
  readonly url: string;
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

const CASES = join(import.meta.dirname, "cases");

function options() {
  return parseArgs({
    options: {
      filter: { type: "string", default: "" },
      file: { type: "string", default: "" },
      ours: { type: "string" },
      token: { type: "string", default: "admin-token" },
      kubectl: { type: "string", multiple: true },
      full: { type: "boolean", default: false },
      limit: { type: "string", default: "40" },
      causes: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  }).values;
}

type Options = ReturnType<typeof options>;

async function startServer(
  name: "peer" | "ours",
  values: Options,
  flags: readonly string[],
): Promise<Server> {
  if (name === "peer" || values.ours === "peer") {
    return { ...(await startPeer({ disableAdmissionPlugins: MISSING_ADMISSION_PLUGINS, flags })), name };
  }
  if (values.ours === undefined) return startOurs(flags);
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-kubectl-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText({ url: values.ours, token: values.token }));
  const stop = async () => rmSync(folder, { recursive: true, force: true });
  return { name, url: values.ours, kubeconfig, stop };
}

interface Kubectl {
  readonly path: string;
  /** Stands behind the names of its cases. */
  readonly label: string;
}

/** Those given; else the pinned one, whose cases have plain names, and the one on PATH where that is another version. */
function kubectls(given: readonly string[] | undefined): Kubectl[] {
  const pinned = builtProgram("kubectl");
  const found = spawnSync("sh", ["-c", "command -v kubectl"], { encoding: "utf8" }).stdout.trim();
  const paths = given?.map((path) => resolve(path)) ?? [pinned, found];
  const versions = new Map<string, Kubectl>();
  for (const path of paths) {
    if (path === undefined || path === "") continue;
    const version = minorVersion(path);
    const label = path === pinned ? "" : ` (kubectl ${version})`;
    if (!versions.has(version)) versions.set(version, { path, label });
  }
  return [...versions.values()];
}

/** "1.36" */
function minorVersion(path: string): string {
  const { stdout } = spawnSync(path, ["version", "--client"], { encoding: "utf8" });
  return /v(\d+\.\d+)/.exec(stdout)?.[1] ?? path;
}

/** Runs a case against one server. */
async function converse(
  server: Server,
  kubectl: string,
  one: KubectlCase,
  root: string,
): Promise<NormalStep[]> {
  const namespace = one.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40);
  const folder = join(root, server.name, namespace);
  const home = join(root, server.name, "home");
  const k = new Session({ kubectl, kubeconfig: server.kubeconfig, home, folder, namespace });
  await k.quietly(["create", "namespace", namespace]);
  try {
    await one.run(k);
  } catch (error) {
    // Names the server, so that it is a difference even where both do the same.
    const body = Buffer.from(`the script ended early, with ${server.name}: ${String(error)}`);
    k.steps.push({ label: "note", status: 0, headers: {}, body, compare: "all" });
  }
  const places = [folder, home, server.kubeconfig, kubectl];
  const steps = k.steps.map((step) => ({ ...step, body: step.body && withoutPassing(step.body, places) }));
  return normalize(steps, new URL(server.url).host, Date.now()).map(withoutAges);
}

/** Cases whose servers have the same flags, with one kubectl, and with servers of its own. */
async function runWith(
  { path: kubectl, label }: Kubectl,
  all: readonly Entry<KubectlCase>[],
  judge: Judge,
  values: Options,
) {
  const entries = all.filter(({ case: one }) => `${one.name}${label}`.includes(values.filter));
  if (entries.length === 0) return;
  const root = mkdtempSync(join(tmpdir(), "kubefacade-kubectl-"));
  const { flags } = entries[0]!;
  const [peer, ours] = await Promise.all([
    startServer("peer", values, flags),
    startServer("ours", values, flags),
  ]);
  try {
    for (const { file, case: one } of entries) {
      const [theirs, own] = await Promise.all([
        converse(peer, kubectl, one, root),
        converse(ours, kubectl, one, root),
      ]);
      if (values.verbose) console.log(`${one.name}\n${theirs.map(shownStep).join("\n")}\n`);
      const result = judge.compare(file, `${one.name}${label}`, theirs, own);
      if (result.differences.length === 0) continue;
      console.log(`${caseReport(result, { full: values.full, limit: Number(values.limit) })}\n`);
    }
  } finally {
    await Promise.all([peer.stop(), ours.stop()]);
    rmSync(root, { recursive: true, force: true });
  }
}

function shownStep(step: NormalStep): string {
  const body = step.body as { stdout?: string[]; stderr?: string[] } | null;
  const errors = (body?.stderr ?? []).filter((line) => line !== "").map((line) => `! ${line}\n`);
  return `$ ${step.label} → ${step.status}\n${(body?.stdout ?? []).join("\n")}${errors.join("")}`;
}

async function main(): Promise<boolean> {
  const values = options();
  const entries = await loadCases<KubectlCase>(CASES, values.file, "");
  const judge = new Judge(ALLOWED);
  for (const kubectl of kubectls(values.kubectl)) {
    for (const alike of Map.groupBy(entries, ({ flags }) => flags.join(" ")).values())
      await runWith(kubectl, alike, judge, values);
  }
  if (values.causes) console.log(`${causesReport(judge.results)}\n`);
  if (values.file === "") console.log(`${filesReport(judge.results)}\n`);
  const isWhole = values.filter === "" && values.file === "" && values.ours !== "peer";
  const { lines, isWell } = judge.verdict(isWhole, "commands");
  console.log(lines.join("\n"));
  return isWell;
}

if (import.meta.main) {
  // Whoever reads our output may have seen enough.
  process.stdout.on("error", () => process.exit(1));
  process.exitCode = (await main()) ? 0 : 1;
}
