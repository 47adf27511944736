/** Run by level-storage.test.ts under a limit of file sizes: writes until the storage fails, then tells what happened. */
import type { StorageError } from "../contract.ts";
import { openLevelStorage } from "./level-storage.ts";

const clock = { now: Date.now, monotonic: performance.now, setTimer: () => () => undefined };
const storage = await openLevelStorage({ path: process.argv[2] ?? "", clock });
let failed = false;
storage.failed.then(() => {
  failed = true;
});
const acknowledged: string[] = [];
const codes: string[] = [];
for (let round = 0; round < 200 && codes.length === 0; round++) {
  await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const key = `/${round}/${index}`;
      try {
        await storage.create(key, { bytes: Buffer.alloc(5000, "x"), revisionAt: -1 });
        acknowledged.push(key);
      } catch (error) {
        codes.push((error as StorageError).code);
      }
    }),
  );
}
await storage.create("/later", { bytes: Buffer.alloc(1), revisionAt: -1 }).catch((error: StorageError) => {
  codes.push(error.code);
});
await storage.close();
process.stdout.write(JSON.stringify({ acknowledged, codes, failed }));
