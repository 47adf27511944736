import type { PathHandler } from "./request-context.ts";

/** Which handler answers a path that names no resource: exact paths first, then the longest prefix. */
export class PathRoutes {
  readonly #exact = new Map<string, PathHandler>();
  readonly #prefixes: { prefix: string; handler: PathHandler }[] = [];

  add(path: string, handler: PathHandler): void {
    this.#exact.set(path, handler);
  }

  remove(path: string): void {
    this.#exact.delete(path);
  }

  /** Every path below prefix, which ends with a slash. */
  addPrefix(prefix: string, handler: PathHandler): void {
    this.#prefixes.push({ prefix, handler });
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  find(path: string): PathHandler | undefined {
    return this.#exact.get(path) ?? this.#prefixes.find(({ prefix }) => path.startsWith(prefix))?.handler;
  }

  /** All exact paths, sorted, as the root document lists them. */
  paths(): string[] {
    return [...this.#exact.keys()].sort();
  }
}
