import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  strict: true,
  skipLibCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  // "npm run types" looks for errors.
  noCheck: true,
};

const relativeImport = /(\bfrom\s+|\bimport\()"(\.[^"]+)\.ts"/g;

/**
 * Writes the declarations that an entry's own need, each in its place under out, and returns how many: what only the
 * implementation imports stays out of the package.
 */
export function writeDeclarations(entry: string, root: string, out: string): number {
  const emitted = new Map<string, string>();
  const program = ts.createProgram([entry], { ...options, outDir: root, rootDir: root });
  program.emit(undefined, (path, text) => emitted.set(resolve(path), text), undefined, true);
  const first = declarationOf(entry);
  const wanted = new Set([first]);
  for (const path of wanted) {
    const text = emitted.get(path);
    if (text === undefined) throw new Error(`${relative(root, path)} was not made`);
    for (const [, , target] of text.matchAll(relativeImport)) {
      wanted.add(resolve(dirname(path), `${target}.d.ts`));
    }
    const place = join(out, relative(root, path));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text.replaceAll(relativeImport, '$1"$2.js"'));
  }
  return wanted.size;
}

function declarationOf(source: string): string {
  return source.replace(/\.ts$/, ".d.ts");
}
