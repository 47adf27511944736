import type { FeatureGates } from "../../api/feature-gates.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import type { Storage } from "../storage/contract.ts";
import { addHealthPaths } from "./health.ts";
import type { RequestMetrics } from "./metrics.ts";
import type { PathRoutes } from "./path-routes.ts";
import { respond } from "./responder.ts";
import { serveVersion } from "./version.ts";

interface ServerPathsOptions {
  infos: readonly ResourceInfo[];
  gates: FeatureGates;
  metrics: RequestMetrics;
  storage: Storage;
}

export function addServerPaths(paths: PathRoutes, { metrics }: ServerPathsOptions): void {
  paths.add("/version", serveVersion);
  paths.add("/version/", serveVersion);
  paths.add("/metrics", (exchange) =>
    respond(exchange, 200, {
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      content: Buffer.from(metrics.expose()),
    }),
  );
  addHealthPaths(paths, { healthz: [], livez: [], readyz: [] });
}
