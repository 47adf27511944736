/** kubefacade as its users start it: the command, on free ports, in memory. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TOKEN_USERS, tokenFile } from "../upstream/peer.ts";
import type { Target } from "./target.ts";

const COMMAND = join(import.meta.dirname, "../../cli/kubefacade.ts");

export async function startOurs(flags: readonly string[] = []): Promise<Target & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-ours-"));
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, tokenFile());
  const args = [COMMAND, "up", "--secure-port", "0", "--port", "0", "--token-auth-file", tokens, ...flags];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const stop = async () => {
    kill();
    await ended;
    process.removeListener("exit", kill);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [found] = /https?:\/\/[\w.[\]:-]+/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`kubefacade up ended with ${code}`)));
  });
  return { name: "ours", url, token: TOKEN_USERS[0]?.token ?? "", stop };
}
