import { createHash } from "node:crypto";
import type { Entry, Storage } from "./door.ts";

/** All that a storage tells. */
export interface Contents {
  revision: number;
  compacted: number;
  /** By key: revision and digest of the value. */
  entries: Record<string, { revision: number; digest: string }>;
  /** One line for each change in the history. */
  history: string[];
}

export async function contentsOf(storage: Storage): Promise<Contents> {
  const { entries } = await storage.list("");
  const history: string[] = [];
  const watch = storage.watch("", { after: storage.compactedRevision, signal: new AbortController().signal });
  for await (const batch of watch) {
    for (const { revision, type, entry, previous } of batch.events) {
      history.push(
        `${revision} ${type} ${entry.key} ${digestOf(entry)} was ${previous && digestOf(previous)}`,
      );
    }
    if (batch.revision >= storage.revision) break;
  }
  return {
    revision: storage.revision,
    compacted: storage.compactedRevision,
    entries: Object.fromEntries(
      entries.map((entry) => [entry.key, { revision: entry.revision, digest: digestOf(entry) }]),
    ),
    history,
  };
}

function digestOf(entry: Entry): string {
  return createHash("sha256").update(entry.bytes).digest("hex").slice(0, 16);
}
