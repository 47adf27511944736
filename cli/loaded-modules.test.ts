import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { ClusterOptions } from "./cluster-options.ts";

const root = join(import.meta.dirname, "..");

/** Prints the URLs of all modules that are loaded when a cluster of a process of its own answers /readyz. */
const program = (options: ClusterOptions) => `
  import { registerHooks } from "node:module";
  import { request } from "node:https";
  const loaded = [];
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
  const { createCluster } = await import(${JSON.stringify(join(root, "index.ts"))});
  const cluster = await createCluster(${JSON.stringify(options)});
  const status = await new Promise((resolve, reject) => {
    const asked = request(cluster.url + "/readyz", { rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject).end();
  });
  const found = [...loaded];
  await cluster.close();
  process.stdout.write(JSON.stringify({ status, found }));
`;

interface Loaded {
  /** Packages of node_modules. */
  packages: string[];
  /** Own modules, as paths from the root. */
  modules: string[];
}

async function loadedAtReady(options: ClusterOptions): Promise<Loaded> {
  const run = promisify(execFile);
  const args = ["--input-type=module", "--eval", program(options)];
  const { stdout } = await run(process.execPath, args, { cwd: root, maxBuffer: 1 << 24 });
  const { status, found } = JSON.parse(stdout) as { status: number; found: string[] };
  expect(status).toBe(200);
  const paths = found.filter((url) => url.startsWith("file:")).map((url) => new URL(url).pathname);
  const packages = paths.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return {
    packages: [...new Set(packages)].sort(),
    modules: paths
      .filter((path) => !path.includes("/node_modules/"))
      .map((path) => path.slice(root.length + 1)),
  };
}

/** What is big and what few clusters need: loaded when somebody asks for it. */
const lateModules = [
  "api/cel/compilers.ts",
  "api/yaml.ts",
  "api/protobuf/envelope.ts",
  "server/storage/level/repair.ts",
  "cli/up.ts",
];

test("a cluster in memory is ready without other packages, and without what is loaded on first use", async () => {
  const { packages, modules } = await loadedAtReady({});
  expect(packages).toEqual([]);
  expect(modules).toContain("cli/cluster.ts");
  for (const late of [...lateModules, "server/storage/level/level-storage.ts"]) {
    expect(modules).not.toContain(late);
  }
});

test("a cluster on disk loads LevelDB besides", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "kubefacade-loaded-"));
  try {
    const { packages, modules } = await loadedAtReady({ storage: "level", dataDir });
    expect(packages).toContain("classic-level");
    // Of what classic-level itself depends on.
    const known = [
      "abstract-level",
      "classic-level",
      "level-supports",
      "level-transcoder",
      "maybe-combine-errors",
      "module-error",
      "napi-macros",
      "node-gyp-build",
    ];
    expect(packages.filter((name) => !known.includes(name))).toEqual([]);
    for (const late of lateModules) expect(modules).not.toContain(late);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
