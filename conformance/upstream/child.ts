/** Child processes that do not outlive us, however we end: even by SIGKILL. */

import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface Child {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  kill(): void;
}

/** Runs a program beside a reader of our pipe: when that closes, which it does when we die, the program is killed. */
const LEASH =
  'exec 3<&0; "$@" 3<&- </dev/null & program=$!; exec 2>/dev/null; (cat <&3 >/dev/null; kill -9 $program 2>/dev/null) & wait $program';

export function startChild(command: string, args: readonly string[]): Child {
  const child = spawn("/bin/sh", ["-c", LEASH, "sh", command, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      child.stdin.end();
      resolve();
    };
    child.on("exit", end);
    child.on("error", end);
  });
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    hasEnded: () => hasEnded,
    kill: () => child.stdin.end(),
  };
}
