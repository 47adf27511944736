/**
 * Runs the same kubectl commands against kubefacade and the real kube-apiserver, and shows where outputs or exit
 * codes differ: once with the pinned kubectl, and once with the one on PATH.
 *
 *     node conformance/kubectl/run.ts [--filter text] [--file name] [--ours URL --ca FILE --token T | --ours peer]
 *                                     [--kubectl path]... [--full] [--limit n] [--causes] [--verbose]
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Allowed, allowance } from "../differential/allowed.ts";
import { compareTranscripts, type Difference } from "../differential/compare.ts";
import { type NormalStep, normalize } from "../differential/normalize.ts";
import { startOurs } from "../differential/ours.ts";
import { type CaseResult, caseReport, causesReport } from "../differential/report.ts";
import { builtProgram } from "../upstream/build.ts";
import { DEFAULT_ADMISSION_PLUGINS, kubeconfigText, startPeer } from "../upstream/peer.ts";
import { ALLOWED } from "./allowed.ts";
import { type KubectlCase, Session } from "./session.ts";

interface Server {
  readonly name: string;
  readonly url: string;
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

const CASES = join(import.meta.dirname, "cases");

async function loadCases(
  file: string | undefined,
  filter: string,
): Promise<{ file: string; case: KubectlCase }[]> {
  const found: { file: string; case: KubectlCase }[] = [];
  for (const name of readdirSync(CASES, { encoding: "utf8" }).sort()) {
    if (!name.endsWith(".ts") || (file !== undefined && !name.includes(file))) continue;
    const module: { cases?: readonly KubectlCase[] } = await import(join(CASES, name));
    for (const one of module.cases ?? []) {
      if (one.name.includes(filter)) found.push({ file: name.replace(/\.ts$/, ""), case: one });
    }
  }
  return found;
}

/** Runs a case against one server. What belongs to the place (folders, addresses) is made the same for both. */
async function runOn(
  server: Server,
  kubectl: string,
  one: KubectlCase,
  namespace: string,
  root: string,
): Promise<NormalStep[]> {
  const folder = join(root, server.name, namespace);
  const home = join(root, server.name, "home");
  const k = new Session({ kubectl, kubeconfig: server.kubeconfig, home, folder, namespace });
  await k.quietly(["create", "namespace", namespace]);
  try {
    await one.run(k);
  } catch (error) {
    const body = Buffer.from(`the script ended early: ${String(error)}`);
    k.steps.push({ label: "note", status: 0, headers: {}, body, compare: "all" });
  }
  const places = [folder, home, server.kubeconfig, kubectl];
  const steps = k.steps.map((step) => ({ ...step, body: step.body && withoutPlaces(step.body, places) }));
  return normalize(steps, new URL(server.url).host, Date.now()).map(withoutAges);
}

function withoutPlaces(body: Uint8Array, places: readonly string[]): Uint8Array {
  let text = Buffer.from(body).toString("utf8");
  for (const [pattern, replacement] of PASSING) text = text.replace(pattern, replacement);
  for (const place of places) text = text.replaceAll(place, "<place>");
  return Buffer.from(text);
}

/** Names of temporary files, times of another form, versions in descriptions. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b(LIVE|MERGED)-\d+/g, "$1"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "<time>"],
  [/(Resource Version: +)\d+/g, "$1<rv>"],
];
const AGE = /(?<![\w.-])(?:\d+m)?\d{1,3}s(?![\w-])/g;

/** Ages and durations of up to some minutes are as they happen to be. */
function withoutAges(step: NormalStep): NormalStep {
  return { ...step, body: JSON.parse(JSON.stringify(step.body).replace(AGE, "<age>")) as NormalStep["body"] };
}

async function startServer(
  name: string,
  values: { ours?: string; ca?: string; token?: string },
): Promise<Server> {
  const isPeer = name === "peer" || values.ours === "peer";
  if (isPeer) return { ...(await startPeer({ disableAdmissionPlugins: DEFAULT_ADMISSION_PLUGINS })), name };
  if (values.ours === undefined) return startOurs();
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-kubectl-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText({ url: values.ours, token: values.token ?? "admin-token" }));
  return {
    name,
    url: values.ours,
    kubeconfig,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The pinned kubectl and the one that people have. */
function kubectls(given: readonly string[] | undefined): string[] {
  if (given !== undefined) return [...given];
  const pinned = builtProgram("kubectl");
  const found = spawnSync("sh", ["-c", "command -v kubectl"], { encoding: "utf8" }).stdout.trim();
  return [pinned, found].filter((path): path is string => path !== undefined && path !== "");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      filter: { type: "string", default: "" },
      file: { type: "string" },
      ours: { type: "string" },
      token: { type: "string" },
      kubectl: { type: "string", multiple: true },
      full: { type: "boolean", default: false },
      limit: { type: "string", default: "40" },
      causes: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  const cases = await loadCases(values.file, values.filter);
  const root = mkdtempSync(join(tmpdir(), "kubefacade-kubectl-"));
  const results: CaseResult[] = [];
  const hits = new Set<Allowed>();
  const programs = kubectls(values.kubectl);
  for (const [number, kubectl] of programs.entries()) {
    const servers = await Promise.all([startServer("peer", values), startServer("ours", values)]);
    const [peer, ours] = servers;
    try {
      for (const { file, case: one } of cases) {
        const namespace = one.name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, "-")
          .slice(0, 40);
        const place = join(root, String(number));
        const [peerSteps, ourSteps] = await Promise.all([
          runOn(peer, kubectl, one, namespace, place),
          runOn(ours, kubectl, one, namespace, place),
        ]);
        if (values.verbose) console.log(`${one.name}\n${peerSteps.map(shownStep).join("\n")}\n`);
        const left: Difference[] = [];
        const all = compareTranscripts(peerSteps, ourSteps);
        for (const difference of all) {
          const entry = allowance(ALLOWED, one.name, difference);
          if (entry === undefined) left.push(difference);
          else hits.add(entry);
        }
        const name = number === 0 ? one.name : `${one.name} (${kubectl})`;
        const result = {
          file,
          name,
          requests: peerSteps.length,
          differences: left,
          allowed: all.length - left.length,
        };
        results.push(result);
        if (left.length > 0)
          console.log(`${caseReport(result, { full: values.full, limit: Number(values.limit) })}\n`);
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
  rmSync(root, { recursive: true, force: true });
  const isWhole = values.filter === "" && values.file === undefined && values.ours !== "peer";
  const stale = isWhole ? ALLOWED.filter((entry) => !hits.has(entry)) : [];
  for (const entry of stale)
    console.log(`an allowed difference no longer shows: ${entry.at} (${entry.reason})`);
  if (values.causes) console.log(`${causesReport(results)}\n`);
  const failed = results.filter((result) => result.differences.length > 0).length + stale.length;
  const commands = results.reduce((sum, result) => sum + result.requests, 0);
  console.log(`${results.length + stale.length - failed} passed, ${failed} failed (${commands} commands)`);
  return failed === 0 ? 0 : 1;
}

function shownStep(step: NormalStep): string {
  const body = step.body as { stdout?: string[]; stderr?: string[] } | null;
  return `$ ${step.label} → ${step.status}\n${(body?.stdout ?? []).join("\n")}${(body?.stderr ?? []).map((line) => (line === "" ? "" : `! ${line}\n`)).join("")}`;
}

if (import.meta.main) process.exitCode = await main();
