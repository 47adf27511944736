/** Finds the cases of a folder. */

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** A case and the file that holds it, without ".ts". */
export interface Entry<C> {
  readonly file: string;
  readonly case: C;
  /** Of both servers, besides those that all files have. */
  readonly flags: readonly string[];
  /** It meets nothing of other cases, and may run beside them. */
  readonly isApart: boolean;
}

/** Entries in their order; those that are apart, several at once. */
export function batches<C>(entries: readonly Entry<C>[], size: number): Entry<C>[][] {
  const found: Entry<C>[][] = [];
  for (const entry of entries) {
    const last = found.at(-1);
    if (last && last.length < size && entry.isApart && last[0]?.isApart) last.push(entry);
    else found.push([entry]);
  }
  return found;
}

/** The exported `cases` of all files below a folder whose path holds `file`, by name; `flags` are the servers'. */
export async function loadCases<C extends { readonly name: string }>(
  folder: string,
  file: string,
  filter: string,
): Promise<Entry<C>[]> {
  const found: Entry<C>[] = [];
  const names = new Set<string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!path.endsWith(".ts") || !path.includes(file)) continue;
    const module: { cases?: readonly C[]; flags?: readonly string[]; isApart?: boolean } = await import(
      join(folder, path)
    );
    const { flags = [], isApart = false } = module;
    for (const one of module.cases ?? []) {
      if (names.has(one.name)) throw new Error(`two cases are named "${one.name}"`);
      names.add(one.name);
      if (one.name.includes(filter))
        found.push({ file: path.replace(/\.ts$/, ""), case: one, flags, isApart });
    }
  }
  return found;
}

/** The case's own namespace: its name in a form that Kubernetes takes, made unique. */
export function namespaceOf(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const mark = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `t-${mark}-${slug}`.slice(0, 50).replace(/-+$/, "");
}
