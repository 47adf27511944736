import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

/**
 * Which layers a layer may import, besides itself. ARCHITECTURE.md draws the same picture. The most specific prefix
 * decides to which layer a file belongs.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // Types only: what any JSON value is.
  "openapi/generated": ["api"],
  openapi: ["api", "openapi/generated"],
  api: ["openapi/generated"],
  client: ["api"],
  "server/storage": ["api"],
  "server/registry": ["api", "server/storage"],
  "server/auth": ["api"],
  "server/admission": ["api", "server/auth"],
  "server/pipeline": [
    "api",
    "client",
    "server/admission",
    "server/auth",
    "server/registry",
    "server/storage",
  ],
  "server/http": ["api", "server/auth", "server/pipeline", "server/registry", "server/storage"],
  controllers: ["api", "client"],
  agents: ["api", "client"],
  cli: [
    "api",
    "client",
    "controllers",
    "agents",
    "openapi",
    "server/admission",
    "server/auth",
    "server/http",
    "server/pipeline",
    "server/registry",
    "server/storage",
  ],
  conformance: ["index.ts"],
  "index.ts": ["api", "client", "cli"],
};

/** Commands that prove the durability of a store, which the public door does not show. */
const exceptions: readonly string[] = ["conformance/durability"];

const root = import.meta.dirname;
const prefixes = Object.keys(allowed).sort((a, b) => b.length - a.length);

function layerOf(path: string): string | undefined {
  return prefixes.find((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

const files = globSync("**/*.ts", { cwd: root, exclude: ["**/node_modules/**", "dist/**", "**/.cache/**"] });

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(
    (match) => match[1]!,
  );
  return specifiers.map((specifier) => relative(root, join(root, dirname(file), specifier)));
}

describe("imports point down", () => {
  test("every source file belongs to a layer", () => {
    const roots = ["vitest.config.ts", "layers.test.ts"];
    const homeless = files.filter(
      (file) => layerOf(file) === undefined && !roots.includes(file) && !file.startsWith("tools/"),
    );
    expect(homeless).toEqual([]);
  });

  test("no file imports a layer above or beside its own", () => {
    const bad: string[] = [];
    for (const file of files) {
      const layer = layerOf(file);
      if (layer === undefined || exceptions.some((exception) => file.startsWith(exception))) continue;
      for (const imported of importsOf(file)) {
        const target = layerOf(imported);
        const isFact =
          imported.startsWith("openapi/facts/") || (file.endsWith(".test.ts") && target === "openapi");
        // Text that only looks like an import leads out of the project.
        if (target === layer || imported === "package.json" || isFact || imported.startsWith("..")) continue;
        if (target === undefined || !allowed[layer]!.includes(target)) bad.push(`${file} -> ${imported}`);
      }
    }
    expect(bad).toEqual([]);
  });
});
