/** npm run build: the published package in dist/, one bundle that loads its heavy parts when they are first needed. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: ["cli/kubefacade.ts", "index.ts"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.19",
  minifySyntax: true,
  minifyWhitespace: true,
  // Native code cannot be bundled; it is the package's one dependency.
  external: ["classic-level"],
  banner: {
    // Some bundled CommonJS modules still ask for require.
    js: 'import { createRequire as kubefacadeRequire } from "node:module"; const require = kubefacadeRequire(import.meta.url);',
  },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
const bytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${(bytes / 1024).toFixed(0)} KiB`);
