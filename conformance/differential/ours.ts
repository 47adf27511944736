/** kubefacade as its users start it: the command, on free ports, in memory. */

import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startChild } from "../upstream/child.ts";
import { kubeconfigText, TOKEN_USERS, tokenFile } from "../upstream/peer.ts";
import type { Target } from "./target.ts";

const OUT = join(import.meta.dirname, "out");
/** What our server said on standard error. */
export const OURS_LOG = join(OUT, "ours.log");
const COMMAND = join(import.meta.dirname, "../../cli/kubefacade.ts");

export interface Ours extends Target {
  /** A kubeconfig whose user is the administrator by token, as the peer's is. */
  readonly kubeconfig: string;
  /** The text of the one that the command wrote, whose user has a certificate. */
  readonly ownKubeconfig: string;
  stop(): Promise<void>;
}

/** As the peer that it is compared with, unless flags say otherwise. */
export function startOurs(flags: readonly string[] = []): Promise<Ours> {
  const args = ["--controllers="];
  const isSet = (name: string) => flags.some((flag) => flag.startsWith(`--${name}`));
  if (!isSet("authorization-config")) args.push("--authorization-mode=AlwaysAllow");
  if (!isSet("disable-admission-plugins")) {
    // Nobody makes accounts without controllers.
    args.push("--disable-admission-plugins=ServiceAccount");
  }
  return startCommand([...args, ...flags]);
}

/** As its users start it, but for the flags. */
export async function startCommand(flags: readonly string[]): Promise<Ours> {
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-ours-"));
  const tokens = join(folder, "tokens.csv");
  writeFileSync(tokens, tokenFile());
  const args = [COMMAND, "up", "--storage", "memory", "--data-dir", folder, "--secure-port", "0"];
  mkdirSync(OUT, { recursive: true });
  const child = startChild(process.execPath, [...args, "--token-auth-file", tokens, ...flags]);
  child.stderr.pipe(createWriteStream(OURS_LOG));
  const stop = async () => {
    child.kill();
    await child.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [found] = /https?:\/\/[\w.[\]:-]+/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.ended.then(() => reject(new Error(`kubefacade up ended; see ${OURS_LOG}`)));
  });
  const own = readFileSync(join(folder, "kubeconfig"), "utf8");
  const authority = /certificate-authority-data: (\S+)/.exec(own)?.[1] ?? "";
  const ca = Buffer.from(authority, "base64").toString("utf8");
  const token = TOKEN_USERS[0]?.token ?? "";
  const kubeconfig = join(folder, "token.kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText({ url, ca, token }));
  return { name: "ours", url, ca, token, kubeconfig, ownKubeconfig: own, stop };
}
