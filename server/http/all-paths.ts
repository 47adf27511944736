import { jsonType } from "../../api/media-type.ts";
import type { Discovery } from "./discovery-paths.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";

/** GET /: the paths that there are. Source: k8s.io/apiserver/pkg/server/routes/index.go. */
export function respondAllPaths(
  exchange: Exchange,
  routes: PathRoutes,
  discovery: Discovery,
): Promise<void> | undefined {
  const own = routes.paths().filter((path) => path !== "/");
  const paths = [...new Set([...own, ...discovery.paths()])].sort();
  const content = Buffer.from(JSON.stringify({ paths }, null, 2));
  return respond(exchange, 200, { contentType: jsonType, content });
}
