import type { FeatureGates } from "../../api/feature-gates.ts";
import { jsonType } from "../../api/media-type.ts";
import { methodNotAllowed, noAcceptableRoute } from "../../api/status.ts";
import { respondAllPaths } from "./all-paths.ts";
import { addDiscoveryPaths, type Discovery } from "./discovery-paths.ts";
import { addHealthPaths } from "./health.ts";
import { type HealthFacts, healthChecks } from "./health-checks.ts";
import { metricsType, type RequestMetrics } from "./metrics.ts";
import { acceptsAny } from "./negotiate.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";
import { serveVersion } from "./version.ts";
import { addZPages, type ZPagesOptions } from "./z-pages.ts";

export interface ServerPathsOptions {
  gates: FeatureGates;
  metrics: RequestMetrics;
  discovery: Discovery;
  health: HealthFacts;
  status: ZPagesOptions;
  /** host:port under which this server is known. */
  address: () => string;
}

/** Everything that is answered without naming a resource, but for OpenAPI. */
export function addServerPaths(paths: PathRoutes, options: ServerPathsOptions): void {
  const { metrics, discovery, health, gates, address, status } = options;
  paths.addService("/version", getVersion);
  paths.add("/metrics", (exchange) =>
    respond(exchange, 200, {
      contentType: metricsType,
      content: Buffer.from(metrics.expose()),
    }),
  );
  addHealthPaths(paths, healthChecks(health));
  addZPages(paths, status);
  addDiscoveryPaths(paths, discovery, { gates, address });
  paths.add("/", (exchange) => respondAllPaths(exchange, paths, discovery));
}

async function getVersion(exchange: Exchange): Promise<void> {
  if (exchange.method !== "GET") throw methodNotAllowed();
  if (!acceptsAny(exchange.request.headers.accept, [jsonType])) throw noAcceptableRoute([jsonType]);
  return serveVersion(exchange);
}
