import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDirectory } from "./make-directory.ts";

test("makes what is missing, and leaves what is there", async () => {
  const root = await mkdtemp(join(tmpdir(), "kubefacade-"));
  const deep = join(root, "a/b/c");
  await makeDirectory(deep);
  await makeDirectory(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
  await writeFile(join(root, "file"), "");
  await expect(makeDirectory(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeDirectory(join(root, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await rm(root, { recursive: true });
});

test.runIf(process.platform === "linux")("ends where no directory can be made", async () => {
  await expect(makeDirectory("/proc/nowhere/storage")).rejects.toMatchObject({ code: "ENOENT" });
});
