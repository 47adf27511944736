/** How others verify the tokens of service accounts. Source: pkg/routes/openidmetadata.go. */
import { GoUrlError, parseGoUrl } from "../../api/go-url.ts";
import { jsonType } from "../../api/media-type.ts";
import { methodNotAllowed, noAcceptableRoute } from "../../api/status.ts";
import type { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import { acceptsAny } from "./negotiate.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";

const keySetType = "application/jwk-set+json";
const keysPath = "/openid/v1/jwks";

export interface OpenIdOptions {
  /** host:port under which this server is known. */
  address: () => string;
  /** Where the keys are found, if not at this server. */
  jwksUri?: string;
}

/** None where the issuer's name is no URL that others could look it up by. */
export function addOpenIdPaths(
  paths: PathRoutes,
  tokens: ServiceAccountTokens,
  { address, jwksUri }: OpenIdOptions,
): void {
  if (!isDiscoverable(tokens.issuer)) return;
  paths.addService("/.well-known/openid-configuration", (exchange) =>
    serve(exchange, jsonType, async () => ({
      issuer: tokens.issuer,
      jwks_uri: jwksUri ?? `https://${address()}${keysPath}`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: (await tokens.keys()).algorithms,
    })),
  );
  paths.addService(keysPath, (exchange) =>
    serve(exchange, keySetType, async () => (await tokens.keys()).keySet),
  );
}

/** Source: NewOpenIDMetadataProvider. */
function isDiscoverable(issuer: string): boolean {
  try {
    const { scheme, rawQuery, fragment } = parseGoUrl(issuer);
    return scheme === "https" && rawQuery === "" && fragment === "";
  } catch (error) {
    if (error instanceof GoUrlError) return false;
    throw error;
  }
}

async function serve(exchange: Exchange, mediaType: string, make: () => Promise<object>): Promise<void> {
  if (exchange.method !== "GET") throw methodNotAllowed();
  if (!acceptsAny(exchange.request.headers.accept, [mediaType])) throw noAcceptableRoute([mediaType]);
  exchange.headers["Cache-Control"] = "public, max-age=3600";
  const content = Buffer.from(JSON.stringify(await make()));
  return respond(exchange, 200, { contentType: mediaType, content });
}
