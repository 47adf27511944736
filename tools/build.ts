/** npm run build: the published package in dist/, one bundle that loads its heavy parts when they are first needed. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { writeDeclarations } from "./declarations.ts";

const root = join(import.meta.dirname, "..");
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { kubefacade: "cli/kubefacade.ts", index: "index.ts" },
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
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
// Where the modules of the bundle look for them: see openapi-files.ts.
cpSync(join(root, "openapi/generated/openapi"), join(out, "chunks/openapi"), { recursive: true });
const declarations = writeDeclarations(join(root, "index.ts"), root, join(out, "types"));
const bytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
const files = Object.keys(result.metafile.outputs).length;
console.log(`dist: ${files} files, ${(bytes / 1024).toFixed(0)} KiB; ${declarations} declaration files`);
