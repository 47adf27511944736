/** npm run build: the published package in dist/, one bundle that loads its heavy parts when they are first needed. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { writeDeclarations } from "./declarations.ts";

const root = join(import.meta.dirname, "..");
const out = join(root, "dist");
const command = join(root, "cli/kubefacade.ts");

/**
 * Node makes a module namespace of each of its own modules that is imported, and reads everything they export for it:
 * of crypto alone that loads the whole Web Crypto API. Asked for by name, they load nothing that is not used: a fifth
 * of the time to start, and 6 MB. The command's first file runs on a Node that is too old to be asked.
 */
const builtinModules: Plugin = {
  name: "builtin modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      importer === command ? { path, external: true } : { path, namespace: "builtin" },
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

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
    js: "const require = (id) => process.getBuiltinModule(id);",
  },
  legalComments: "linked",
  plugins: [builtinModules],
  metafile: true,
  logLevel: "warning",
});
// Where the modules of the bundle look for them: see openapi-files.ts.
cpSync(join(root, "openapi/generated/openapi"), join(out, "chunks/openapi"), { recursive: true });
const declarations = writeDeclarations(join(root, "index.ts"), root, join(out, "types"));
const bytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
const files = Object.keys(result.metafile.outputs).length;
console.log(`dist: ${files} files, ${(bytes / 1024).toFixed(0)} KiB; ${declarations} declaration files`);
