import { storageContract } from "./contract.suite.ts";
import { openMemoryStorage } from "./memory-storage.ts";

storageContract("memory", async (options) => openMemoryStorage(options));
