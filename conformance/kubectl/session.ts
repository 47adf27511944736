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
  /** Ends the command after this many milliseconds: for those that go on until they are interrupted. */
  readonly interruptAfter?: number;
  /** How much is compared; default: everything. */
  readonly compare?: "all" | "exit code";
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

const COMMAND_TIMEOUT_MS = 60_000;

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
    const body = Buffer.from(JSON.stringify(linesOf(said)));
    this.steps.push({ label, status: result.code, headers: {}, body, compare: "all" });
    return result;
  }

  /** Runs kubectl without recording it. */
  quietly(command: string | readonly string[], options: CommandOptions = {}): Promise<Result> {
    const child = this.#spawn(typeof command === "string" ? words(command) : command, options);
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const timer = setTimeout(() => child.kill("SIGINT"), options.interruptAfter ?? COMMAND_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
        resolve({
          code: options.interruptAfter === undefined ? (code ?? -1) : 0,
          stdout: text(stdout),
          stderr: text(stderr),
        });
      });
    });
  }

  #spawn(args: readonly string[], options: CommandOptions) {
    const { kubectl, kubeconfig, home, folder, namespace } = this.place;
    return spawn(kubectl, ["--namespace", namespace, ...args], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: home, KUBECONFIG: kubeconfig, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Asks for paths through `kubectl proxy`, and records the answers. */
  async proxied(paths: readonly string[]): Promise<void> {
    const child = this.#spawn(["proxy", "--port=0"], {});
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
        const label = `kubectl proxy ${path}`;
        this.steps.push({ label, status: answer.status, headers: {}, body, compare: "all" });
      }
    } finally {
      child.kill();
    }
  }

  /** Repeats a command, unrecorded, until its output holds a text: at most ten seconds. */
  async until(command: string, text: string): Promise<void> {
    for (let attempt = 0; attempt < 40; attempt++) {
      const result = await this.quietly(command);
      if (result.stdout.includes(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Columns are aligned by the widest value, which may be an age: runs of spaces in tables count as one. */
function linesOf(said: Partial<Result>): Record<string, string[]> {
  const lines = (text: string | undefined) =>
    (text ?? "").split("\n").map((line) => line.replace(/(\S) {2,}/g, "$1  "));
  return { stdout: lines(said.stdout), stderr: lines(said.stderr) };
}
