import { resolve } from "node:path";
import { Command } from "commander";
import type { Lost } from "../server/storage/level/examine.ts";
import { defaultDataDir } from "./data-dir.ts";

/** kubefacade storage: what to do about a store by hand. */
export function storageCommand(exit: (code: number) => void): Command {
  const storage = new Command("storage").description(
    "Look after the store of a cluster that is not running.",
  );
  storage
    .command("repair")
    .description("Save what is whole of a damaged store into a new one; the damaged one is kept beside it.")
    .option("--data-dir <dir>", "directory of the cluster", defaultDataDir(process.env, process.platform))
    .action(async ({ dataDir }: { dataDir: string }) => exit(await repair(resolve(dataDir))));
  return storage;
}

async function repair(dataDir: string): Promise<number> {
  const { repairLevelStorage } = await import("../server/storage/level/repair.ts");
  const report = await repairLevelStorage({ path: dataDir });
  for (const finding of report.findings) console.log(`found: ${finding}`);
  console.log(`kept: ${report.kept} objects, revision ${report.revision}`);
  console.log(lostText(report.lost));
  console.log(`the damaged store is in ${report.damagedDirectory}`);
  return 0;
}

function lostText({ revisions, older }: Lost): string {
  if (revisions.length === 0 && older === 0) return "lost: nothing";
  const named = revisions.map(({ revision, key }) =>
    key === undefined ? `${revision}` : `${revision} (${key})`,
  );
  const lines = named.length > 0 ? [`lost revisions: ${named.join(", ")}`] : [];
  if (older > 0)
    lines.push(`lost of older history: at most ${older} writes; objects deleted before may be back`);
  return lines.join("\n");
}
