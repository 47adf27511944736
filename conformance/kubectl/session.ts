/** What a case says to kubectl. A case is run once against each server; outputs and exit codes are compared. */

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Step } from "../differential/transcript.ts";

export interface KubectlCase {
  readonly name: string;
  readonly run: (k: Session) => Promise<void>;
}

/** A case: a name that is unique over all files, and its script. */
export function session(name: string, run: (k: Session) => Promise<void>): KubectlCase {
  return { name, run };
}

export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command when it has written this many lines: for those that go on. */
  readonly endAfterLines?: number;
  /** Begins when the command has written something: what it shall watch. */
  readonly meanwhile?: () => Promise<unknown>;
  /** How much is compared; default: everything. "sorted": lines in any order. */
  readonly compare?: "all" | "sorted" | "exit code";
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** Holds kubectl's discovery cache. */
  readonly home: string;
  /** The case's own folder, where it puts files and runs. */
  readonly folder: string;
  readonly namespace: string;
}

/** The words of a command line: quotes hold words together, nothing else is special. */
export function words(line: string): string[] {
  const found: string[] = [];
  for (const [, plain = "", single, double] of line.matchAll(
    /((?:[^\s'"]|(?:'[^']*'|"[^"]*"))+)|'([^']*)'|"([^"]*)"/g,
  )) {
    found.push(
      single ?? double ?? plain.replace(/'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string) => a ?? b ?? ""),
    );
  }
  return found;
}

/** What takes longer waits for something that never comes. */
const COMMAND_TIMEOUT_MS = 60_000;
const UNTIL_TIMEOUT_MS = 20_000;
const UNTIL_PAUSE_MS = 200;

export class Session {
  readonly steps: Step[] = [];
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
    mkdirSync(place.folder, { recursive: true });
  }

  get namespace(): string {
    return this.place.namespace;
  }

  /** Puts a file into the case's folder. */
  file(name: string, content: string, mode = 0o644): void {
    const path = join(this.place.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode });
  }

  /** Runs kubectl in the case's namespace, and records what it says. */
  async run(command: string | readonly string[], options: CommandOptions = {}): Promise<Result> {
    const result = await this.quietly(command, options);
    const label = `kubectl ${typeof command === "string" ? command : command.join(" ")}`;
    const said = options.compare === "exit code" ? {} : { stdout: result.stdout, stderr: result.stderr };
    const body = Buffer.from(JSON.stringify(linesOf(said, options.compare === "sorted")));
    this.steps.push({ label, status: result.code, headers: {}, body, compare: "all" });
    return result;
  }

  /** Runs commands, one after the other, and records what they say. */
  async runAll(commands: readonly string[], options: CommandOptions = {}): Promise<void> {
    for (const command of commands) await this.run(command, options);
  }

  /** Runs kubectl without recording it. Rejects when it does not end. */
  quietly(command: string | readonly string[], options: CommandOptions = {}): Promise<Result> {
    const child = this.#spawn(typeof command === "string" ? words(command) : command, options);
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    const { endAfterLines = Number.POSITIVE_INFINITY } = options;
    let [stdout, stderr, hasTimedOut, isEnded] = ["", "", false, false];
    let meanwhile: Promise<unknown> | undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      meanwhile ??= options.meanwhile?.();
      isEnded ||= stdout.split("\n").length > endAfterLines;
      if (isEnded) child.kill("SIGKILL");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      hasTimedOut = true;
      child.kill();
    }, COMMAND_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        if (hasTimedOut) reject(new Error(`kubectl ${String(command)} does not end`));
        const result = { code: isEnded ? 0 : (code ?? -1), stdout, stderr };
        Promise.resolve(meanwhile).then(() => resolve(result), reject);
      });
    });
  }

  #spawn(args: readonly string[], options: CommandOptions) {
    const { kubectl, kubeconfig, home, folder, namespace } = this.place;
    return spawn(kubectl, ["--namespace", namespace, ...args], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        TMPDIR: folder,
        KUBECONFIG: kubeconfig,
        ...options.env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Asks for paths through `kubectl proxy`, and records the answers. */
  async proxied(paths: readonly string[], flags = ""): Promise<void> {
    const child = this.#spawn(["proxy", "--port=0", ...words(flags)], {});
    try {
      const port = await new Promise<string>((resolve, reject) => {
        child.stdout.on("data", (chunk: Buffer) => {
          const [, found] = /127\.0\.0\.1:(\d+)/.exec(chunk.toString()) ?? [];
          if (found !== undefined) resolve(found);
        });
        child.on("close", () => reject(new Error("kubectl proxy ended")));
      });
      for (const path of paths) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        const body = Buffer.from(JSON.stringify(linesOf({ stdout: await answer.text() })));
        const label = `kubectl proxy ${flags} ${path}`;
        this.steps.push({ label, status: answer.status, headers: {}, body, compare: "all" });
      }
    } finally {
      child.kill();
    }
  }

  /** Repeats a command, unrecorded, until its output holds a text, or (isGone) holds it no more. */
  async until(command: string, text: string, isGone = false): Promise<void> {
    const deadline = Date.now() + UNTIL_TIMEOUT_MS;
    for (;;) {
      const { code, stdout } = await this.quietly(command);
      if (code === 0 && stdout.includes(text) !== isGone) return;
      if (Date.now() > deadline)
        throw new Error(`kubectl ${command}: ${text} does not ${isGone ? "go" : "come"}`);
      await new Promise((resolve) => setTimeout(resolve, UNTIL_PAUSE_MS));
    }
  }
}

/** kubectl logs it, or not, when its own time limit cuts a watch: which of the two it sees first is chance. */
const CUT_WATCH = /^[EIW]\d{4} .*\breflector\.go:\d+\]/;

/** Columns are aligned by the widest value, which may be an age: runs of spaces in tables count as one. */
function linesOf(said: Partial<Result>, isSorted = false): Record<string, string[]> {
  const lines = (text: string | undefined) => {
    const kept = (text ?? "").split("\n").filter((line) => !CUT_WATCH.test(line));
    const all = kept.map((line) => line.replace(/(\S) {2,}/g, "$1  "));
    return isSorted ? all.sort() : all;
  };
  return { stdout: lines(said.stdout), stderr: lines(said.stderr) };
}
