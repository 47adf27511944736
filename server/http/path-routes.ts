import { pathNotFound } from "../../api/status.ts";
import type { PathHandler } from "./request-context.ts";

/** Which handler answers a path that names no resource: exact paths first, then the longest prefix. */
export class PathRoutes {
  readonly #exact = new Map<string, PathHandler>();
  readonly #listed: string[] = [];
  readonly #prefixes: { prefix: string; handler: PathHandler }[] = [];

  add(path: string, handler: PathHandler): void {
    this.#exact.set(path, handler);
  }

  /** A path with or without a slash at its end, below which nothing is: a web service of go-restful with one route. */
  addService(path: string, handler: PathHandler): void {
    this.add(path, handler);
    this.addPrefix(`${path}/`, (exchange) => {
      if (exchange.path !== `${path}/`) throw pathNotFound();
      return handler(exchange);
    });
  }

  remove(path: string): void {
    this.#exact.delete(path);
  }

  /** Every path below prefix, which ends with a slash. listed: the root document names the prefix. */
  addPrefix(prefix: string, handler: PathHandler, listed = false): void {
    if (listed) this.#listed.push(prefix);
    this.#prefixes.push({ prefix, handler });
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  find(path: string): PathHandler | undefined {
    return this.#exact.get(path) ?? this.#prefixes.find(({ prefix }) => path.startsWith(prefix))?.handler;
  }

  /** Every path, and what is listed of the rest, sorted, as the root document lists them. */
  paths(): string[] {
    return [...this.#exact.keys(), ...this.#listed].sort();
  }
}
