/** One side of the comparison: a server that answers, or a recording of one. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { type Case, Conversation } from "./conversation.ts";
import { type NormalStep, normalize } from "./normalize.ts";
import { type Entry, namespaceOf } from "./suite.ts";
import { Connection, type Target } from "./target.ts";

export interface Speaker {
  /** Goes through a case and returns the normalized transcript. */
  converse(entry: Entry<Case>): Promise<NormalStep[]>;
  close(): Promise<void>;
}

/** A server that runs; `stop` ends it. */
export function liveSpeaker(target: Target, stop: () => Promise<void>): Speaker {
  const connection = new Connection(target);
  const host = new URL(target.url).host;
  return {
    converse: async (entry) => {
      const conversation = new Conversation(connection, namespaceOf(entry.case.name));
      await runScript(conversation, entry.case);
      return normalize(conversation.steps, host, Date.now());
    },
    close: async () => {
      connection.close();
      await stop();
    },
  };
}

async function runScript(conversation: Conversation, one: Case): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: conversation.namespace } };
  try {
    const made = await conversation.ask("POST", "/api/v1/namespaces", namespace);
    if (made.status !== 201 && made.status !== 409) conversation.note(`no namespace: ${made.status}`);
    await one.run(conversation);
  } catch (error) {
    conversation.note(`the script ended early: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await conversation.close();
  }
}

type Recording = Record<string, readonly NormalStep[]>;

const RECORDINGS = join(import.meta.dirname, "recorded");
const pathOf = (file: string) => join(RECORDINGS, `${file.replaceAll("/", ".")}.json.br`);

/** What the real server said when it was last recorded. */
export function recordedSpeaker(): Speaker {
  const read = new Map<string, Recording>();
  return {
    converse: async ({ file, case: one }) => {
      if (!existsSync(pathOf(file))) throw new Error(`${file} has not been recorded: run with --record`);
      const known = read.get(file);
      const recording =
        known ?? (JSON.parse(brotliDecompressSync(readFileSync(pathOf(file))).toString("utf8")) as Recording);
      read.set(file, recording);
      const steps = recording[one.name];
      if (steps === undefined)
        throw new Error(`${file}: "${one.name}" has not been recorded: run with --record`);
      return [...steps];
    },
    close: async () => {},
  };
}

/** Replaces the recording of a file. */
export function writeRecording(file: string, recording: Recording): void {
  mkdirSync(RECORDINGS, { recursive: true });
  const bytes = Buffer.from(JSON.stringify(recording));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(pathOf(file), brotliCompressSync(bytes, { params }));
}
