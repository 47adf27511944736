import { HealthResults } from "./health-results.ts";
import { metricsType } from "./metrics.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange, PathHandler } from "./request-context.ts";
import { respond, respondText } from "./responder.ts";

/** One named part of the server's health; throws or rejects with why it is not well. */
export interface HealthCheck {
  name: string;
  check(): void | Promise<void>;
}

const endpoints = ["healthz", "livez", "readyz"] as const;

/** The checks of each health endpoint, in the order in which they are shown. */
export type HealthChecks = Readonly<Record<(typeof endpoints)[number], readonly HealthCheck[]>>;

/** /healthz, /livez, /readyz and a path for each of their checks. Source: apiserver/pkg/server/healthz. */
export function addHealthPaths(routes: PathRoutes, all: HealthChecks): void {
  const results = new HealthResults();
  const checks = results.watching(all);
  routes.add("/metrics/slis", (exchange) =>
    respond(exchange, 200, { contentType: metricsType, content: Buffer.from(results.expose()) }),
  );
  for (const endpoint of endpoints) {
    routes.add(`/${endpoint}`, (exchange) => report(exchange, endpoint, checks[endpoint]));
    for (const check of checks[endpoint]) routes.add(`/${endpoint}/${check.name}`, single(check));
  }
}

function single(check: HealthCheck): PathHandler {
  return async (exchange) => {
    try {
      await check.check();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return respondText(exchange, 500, `internal server error: ${reason}\n`);
    }
    return respond(exchange, 200, { contentType: "text/plain; charset=utf-8", content: Buffer.from("ok") });
  };
}

function ok(exchange: Exchange, text: string): Promise<void> | undefined {
  exchange.headers["X-Content-Type-Options"] = "nosniff";
  return respond(exchange, 200, { contentType: "text/plain; charset=utf-8", content: Buffer.from(text) });
}

async function report(exchange: Exchange, endpoint: string, checks: readonly HealthCheck[]): Promise<void> {
  const excluded = new Set(exchange.query.getAll("exclude"));
  let lines = "";
  let failed = false;
  for (const { name, check } of checks) {
    if (excluded.delete(name)) {
      lines += `[+]${name} excluded: ok\n`;
      continue;
    }
    try {
      await check();
      lines += `[+]${name} ok\n`;
    } catch {
      // The reason stays inside, as upstream withholds it.
      lines += `[-]${name} failed: reason withheld\n`;
      failed = true;
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].sort().map((name) => JSON.stringify(name));
    lines += `warn: some health checks cannot be excluded: no matches for ${names.join(", ")}\n`;
  }
  if (failed) return respondText(exchange, 500, `${lines}${endpoint} check failed\n`);
  return ok(exchange, exchange.query.has("verbose") ? `${lines}${endpoint} check passed\n` : "ok");
}
