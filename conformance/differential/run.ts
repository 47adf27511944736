/**
 * Says the same things to kubefacade and to the real kube-apiserver, and shows where the answers differ.
 *
 *     node conformance/differential/run.ts [--filter text] [--file name] [--ours URL --token T | --ours peer]
 *                                          [--peer URL --peer-token T] [--full] [--limit n] [--causes] [--verbose]
 *
 * Without --ours it starts kubefacade by its command, without --peer the upstream programs of conformance/upstream.
 * "--ours peer" compares two real servers: whatever differs then is the normalizer's fault or a case's.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_ADMISSION_PLUGINS, startPeer } from "../upstream/peer.ts";
import { ALLOWED, type Allowed, allowance } from "./allowed.ts";
import { compareTranscripts, type Difference } from "./compare.ts";
import { type Case, Conversation } from "./conversation.ts";
import { normalize } from "./normalize.ts";
import { OURS_LOG, startOurs } from "./ours.ts";
import { type CaseResult, caseReport, causesReport, filesReport } from "./report.ts";
import { Connection, type Target } from "./target.ts";
import type { Step } from "./transcript.ts";

interface Started extends Target {
  stop(): Promise<void>;
}

/** Admission plug-ins that kubefacade does not have; the peer runs without them too. */
const MISSING_ADMISSION_PLUGINS: readonly string[] = DEFAULT_ADMISSION_PLUGINS;

const CASES = join(import.meta.dirname, "cases");

export async function loadCases(
  file: string | undefined,
  filter: string,
): Promise<{ file: string; case: Case }[]> {
  const found: { file: string; case: Case }[] = [];
  const names = new Set<string>();
  const files = readdirSync(CASES, { recursive: true, encoding: "utf8" }).sort();
  for (const name of files) {
    if (!name.endsWith(".ts") || (file !== undefined && !name.includes(file))) continue;
    const module: { cases?: readonly Case[] } = await import(join(CASES, name));
    for (const one of module.cases ?? []) {
      if (names.has(one.name)) throw new Error(`two cases are named "${one.name}"`);
      names.add(one.name);
      if (one.name.includes(filter)) found.push({ file: name.replace(/\.ts$/, ""), case: one });
    }
  }
  return found;
}

/** The case's own namespace: its name in a form that Kubernetes takes, and unique. */
export function namespaceOf(name: string, number: number): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `t${number}-${slug}`.slice(0, 50).replace(/-+$/, "");
}

async function converse(connection: Connection, one: Case, namespace: string): Promise<Step[]> {
  const conversation = new Conversation(connection, namespace);
  try {
    const made = await conversation.ask("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
    if (made.status !== 201 && made.status !== 409) conversation.note(`no namespace: ${made.status}`);
    await one.run(conversation);
  } catch (error) {
    conversation.note(`the script ended early: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    conversation.close();
  }
  return conversation.steps;
}

async function runCase(peer: Connection, ours: Connection, one: Case, namespace: string) {
  const [peerSteps, ourSteps] = await Promise.all([
    converse(peer, one, namespace),
    converse(ours, one, namespace),
  ]);
  const now = Date.now();
  const host = (connection: Connection) => new URL(connection.target.url).host;
  const peerNormal = normalize(peerSteps, host(peer), now);
  const ourNormal = normalize(ourSteps, host(ours), now);
  return { peerNormal, differences: compareTranscripts(peerNormal, ourNormal) };
}

async function startTarget(
  name: string,
  url: string | undefined,
  token: string | undefined,
): Promise<Started> {
  if (url !== undefined && url !== "peer") {
    // A server that somebody else runs may serve any certificate.
    if (url.startsWith("https:")) process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    return { name, url, token: token ?? "admin-token", stop: async () => {} };
  }
  if (name === "ours" && url === undefined) return startOurs();
  return { name, ...(await startPeer({ disableAdmissionPlugins: MISSING_ADMISSION_PLUGINS })) };
}

function logLines(): number {
  return existsSync(OURS_LOG) ? readFileSync(OURS_LOG, "utf8").split("\n").length - 1 : 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      filter: { type: "string", default: "" },
      file: { type: "string" },
      ours: { type: "string" },
      token: { type: "string" },
      peer: { type: "string" },
      "peer-token": { type: "string" },
      full: { type: "boolean", default: false },
      limit: { type: "string", default: "40" },
      causes: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  const cases = await loadCases(values.file, values.filter);
  const started = await Promise.all([
    startTarget("peer", values.peer, values["peer-token"]),
    startTarget("ours", values.ours, values.token),
  ]);
  const [peer, ours] = started.map((target) => new Connection(target));
  if (peer === undefined || ours === undefined) return 1;
  const hits = new Set<Allowed>();
  const results: CaseResult[] = [];
  try {
    for (const [number, { file, case: one }] of cases.entries()) {
      const { peerNormal, differences } = await runCase(peer, ours, one, namespaceOf(one.name, number));
      if (values.verbose)
        console.log(`${one.name}\n${peerNormal.map((step) => JSON.stringify(step)).join("\n")}\n`);
      const left: Difference[] = [];
      for (const difference of differences) {
        const entry = allowance(ALLOWED, one.name, difference);
        if (entry === undefined) left.push(difference);
        else hits.add(entry);
      }
      const requests = peerNormal.length;
      const result = {
        file,
        name: one.name,
        requests,
        differences: left,
        allowed: differences.length - left.length,
      };
      results.push(result);
      if (left.length > 0)
        console.log(`${caseReport(result, { full: values.full, limit: Number(values.limit) })}\n`);
    }
  } finally {
    peer.close();
    ours.close();
    await Promise.all(started.map((target) => target.stop()));
  }
  const isWhole = values.filter === "" && values.file === undefined && values.ours !== "peer";
  const stale = isWhole ? ALLOWED.filter((entry) => !hits.has(entry)) : [];
  for (const entry of stale)
    console.log(`an allowed difference no longer shows: ${entry.at} (${entry.reason})`);
  if (values.causes) console.log(`${causesReport(results)}\n`);
  if (values.file === undefined) console.log(`${filesReport(results)}\n`);
  const failed = results.filter((result) => result.differences.length > 0).length;
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  const said = started.some((target) => target.name === "ours" && "kubeconfig" in target) ? logLines() : 0;
  if (said > 0) console.log(`kubefacade wrote ${said} lines to standard error: ${OURS_LOG}`);
  const failedAll = failed + stale.length;
  console.log(`${results.length - failed} passed, ${failedAll} failed (${requests} steps)`);
  return failedAll === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
