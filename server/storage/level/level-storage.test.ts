import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { storageContract } from "../contract.suite.ts";
import { openLevelStorage } from "./level-storage.ts";

const root = await mkdtemp(join(tmpdir(), "kubefacade-storage-"));
afterAll(() => rm(root, { recursive: true, force: true }));

storageContract("level", async (options) =>
  openLevelStorage({ ...options, path: await mkdtemp(join(root, "s-")) }),
);
