/**
 * The one import of ours here. What is proved in this directory is a promise of the storage itself, below the public
 * API: a killed or damaged data directory can only be made and looked at where its files are.
 */
export type { Entry, Storage, StorageError, WatchEvent } from "../../server/storage/contract.ts";
// biome-ignore lint/performance/noBarrelFile: the single place where this directory reaches into ours
export { openLevelStorage } from "../../server/storage/level/level-storage.ts";
export { repairLevelStorage } from "../../server/storage/level/repair.ts";
