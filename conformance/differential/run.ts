/**
 * Says the same things to kubefacade and to the real kube-apiserver, and shows where the answers differ.
 *
 *     node conformance/differential/run.ts [--filter text] [--file name] [--ours URL --token T | --ours peer]
 *                                          [--peer URL --peer-token T | --recorded | --record]
 *                                          [--full] [--limit n] [--causes] [--verbose]
 *
 * Without --ours it starts kubefacade by its command, without --peer the upstream programs of conformance/upstream.
 * "--ours peer" compares two real servers: whatever differs then is the normalizer's fault or a case's.
 * --record writes down what the real server says; --recorded compares with that, where there is no Go.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MISSING_ADMISSION_PLUGINS, startPeer } from "../upstream/peer.ts";
import { ALLOWED } from "./allowed.ts";
import type { Case } from "./conversation.ts";
import { Judge } from "./judge.ts";
import type { NormalStep } from "./normalize.ts";
import { OURS_LOG, startOurs } from "./ours.ts";
import { caseReport, causesByFile, causesReport, filesReport } from "./report.ts";
import { liveSpeaker, recordedSpeaker, type Speaker, writeRecording } from "./speaker.ts";
import { batches, type Entry, loadCases } from "./suite.ts";

const CAUSES_PER_FILE = 12;
const CASES_AT_ONCE = 8;
const CASES = join(import.meta.dirname, "cases");

function options() {
  return parseArgs({
    options: {
      filter: { type: "string", default: "" },
      file: { type: "string", default: "" },
      ours: { type: "string" },
      token: { type: "string", default: "admin-token" },
      peer: { type: "string" },
      "peer-token": { type: "string", default: "admin-token" },
      record: { type: "boolean", default: false },
      recorded: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
      limit: { type: "string", default: "40" },
      causes: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  }).values;
}

function given(name: string, url: string, token: string): Speaker {
  // A server that somebody else runs may serve any certificate.
  if (url.startsWith("https:")) process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  return liveSpeaker({ name, url, token }, async () => {});
}

async function peerSpeaker(flags: readonly string[]): Promise<Speaker> {
  const peer = await startPeer({ disableAdmissionPlugins: MISSING_ADMISSION_PLUGINS, flags });
  return liveSpeaker({ name: "peer", ...peer }, peer.stop);
}

type Options = ReturnType<typeof options>;

async function ourSpeaker(values: Options, flags: readonly string[]): Promise<Speaker> {
  if (values.ours === "peer") return peerSpeaker(flags);
  if (values.ours !== undefined) return given("ours", values.ours, values.token);
  const ours = await startOurs(flags);
  return liveSpeaker(ours, ours.stop);
}

async function theirSpeaker(values: Options, flags: readonly string[]): Promise<Speaker> {
  if (values.recorded) return recordedSpeaker();
  return values.peer === undefined ? peerSpeaker(flags) : given("peer", values.peer, values["peer-token"]);
}

/** Writes down what the real server says to every case of the files concerned. */
async function record(entries: readonly Entry<Case>[]): Promise<void> {
  for (const [file, cases] of Map.groupBy(entries, (entry) => entry.file)) {
    // Every file with a server of its own: what it says must not depend on which files were recorded before.
    const peer = await peerSpeaker(cases[0]!.flags);
    const recording: Record<string, NormalStep[]> = {};
    for (const entry of cases) recording[entry.case.name] = await peer.converse(entry);
    await peer.close();
    writeRecording(file, recording);
    console.log(`${file}: ${cases.length} cases`);
  }
}

/** Compares cases whose servers have the same flags. */
async function compare(entries: readonly Entry<Case>[], judge: Judge, values: Options): Promise<void> {
  const { flags } = entries[0]!;
  const [peer, ours] = await Promise.all([theirSpeaker(values, flags), ourSpeaker(values, flags)]);
  try {
    const converse = async (entry: Entry<Case>): Promise<void> => {
      const { name } = entry.case;
      const [theirs, own] = await Promise.all([peer.converse(entry), ours.converse(entry)]);
      if (values.verbose) console.log(`${name}\n${theirs.map((step) => JSON.stringify(step)).join("\n")}\n`);
      const result = judge.compare(entry.file, name, theirs, own);
      if (result.differences.length === 0) return;
      console.log(`${caseReport(result, { full: values.full, limit: Number(values.limit) })}\n`);
    };
    for (const batch of batches(entries, CASES_AT_ONCE)) await Promise.all(batch.map(converse));
  } finally {
    await Promise.all([peer.close(), ours.close()]);
  }
}

async function main(): Promise<boolean> {
  const values = options();
  const entries = await loadCases<Case>(CASES, values.file, values.filter);
  if (values.record) {
    await record(await loadCases<Case>(CASES, values.file, ""));
    return true;
  }
  const judge = new Judge(ALLOWED);
  for (const alike of Map.groupBy(entries, ({ flags }) => flags.join(" ")).values())
    await compare(alike, judge, values);
  if (values.causes) console.log(`Causes\n${causesReport(judge.results)}\n`);
  if (values.file === "") {
    if (values.causes) console.log(`Causes by file\n${causesByFile(judge.results, CAUSES_PER_FILE)}\n`);
    console.log(`Files\n${filesReport(judge.results)}\n`);
  }
  if (values.ours === undefined) tellOfLog();
  const { lines, isWell } = judge.verdict(
    values.filter === "" && values.file === "" && values.ours !== "peer",
    "steps",
  );
  console.log(lines.join("\n"));
  return isWell;
}

function tellOfLog(): void {
  const lines = existsSync(OURS_LOG) ? readFileSync(OURS_LOG, "utf8").split("\n").length - 1 : 0;
  if (lines > 0) console.log(`kubefacade wrote ${lines} lines to standard error: ${OURS_LOG}`);
}

if (import.meta.main) {
  // Whoever reads our output may have seen enough.
  process.stdout.on("error", () => process.exit(1));
  process.exitCode = (await main()) ? 0 : 1;
}
