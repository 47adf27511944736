/** How others verify the tokens of service accounts. Source: pkg/routes/openidmetadata.go. */
import { jsonType } from "../../api/media-type.ts";
import { methodNotAllowed, noAcceptableRoute } from "../../api/status.ts";
import type { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import { acceptsAny } from "./negotiate.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";

const keySetType = "application/jwk-set+json";
const keysPath = "/openid/v1/jwks";

/** address: host:port under which this server is known. */
export function addOpenIdPaths(paths: PathRoutes, tokens: ServiceAccountTokens, address: () => string): void {
  paths.add("/.well-known/openid-configuration", (exchange) =>
    serve(exchange, jsonType, async () => ({
      issuer: tokens.issuer,
      jwks_uri: `https://${address()}${keysPath}`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    })),
  );
  paths.add(keysPath, (exchange) => serve(exchange, keySetType, () => tokens.keySet()));
}

async function serve(exchange: Exchange, mediaType: string, make: () => Promise<object>): Promise<void> {
  if (exchange.method !== "GET") throw methodNotAllowed();
  if (!acceptsAny(exchange.request.headers.accept, [mediaType])) throw noAcceptableRoute([mediaType]);
  exchange.headers["Cache-Control"] = "public, max-age=3600";
  const content = Buffer.from(JSON.stringify(await make()));
  return respond(exchange, 200, { contentType: mediaType, content });
}
