/** kubefacade as its users start it, with a gauge in its process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Question, Reading } from "./gauge.ts";

export interface GaugedServer {
  readonly url: string;
  /** Of an administrator. */
  readonly token: string;
  read(question?: Question): Promise<Reading>;
  stop(): Promise<void>;
}

const command = join(import.meta.dirname, "../../cli/kubefacade.ts");
const gauge = join(import.meta.dirname, "gauge.ts");
const token = "hostile-token";

export async function startServer(): Promise<GaugedServer> {
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-hostile-"));
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, `${token},admin,1,"system:masters"\n`);
  const flags = [
    "--storage=memory",
    `--data-dir=${folder}`,
    "--secure-port=0",
    `--token-auth-file=${tokens}`,
  ];
  const child = spawn(process.execPath, ["--expose-gc", "--import", gauge, command, "up", ...flags], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const [found] = /https:\/\/[\w.:]+/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  return {
    url,
    token,
    async read(question = "read") {
      const answer = once(child, "message");
      child.send(question);
      const [reading] = (await answer) as [Reading];
      return reading;
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
