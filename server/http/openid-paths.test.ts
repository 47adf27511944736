import { expect, test } from "vitest";
import type { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import { addOpenIdPaths } from "./openid-paths.ts";
import { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";

function pathsOf(issuer: string, jwksUri?: string): PathRoutes {
  const paths = new PathRoutes();
  const tokens = { issuer, keys: async () => ({ keySet: { keys: [{ kid: "k" }] }, algorithms: ["RS256"] }) };
  addOpenIdPaths(paths, tokens as unknown as ServiceAccountTokens, {
    address: () => "10.0.0.1:6443",
    ...(jwksUri === undefined ? {} : { jwksUri }),
  });
  return paths;
}

async function get(path: string, accept?: string, method = "GET", paths = pathsOf("https://issuer")) {
  const sent = { headers: {} as Record<string, unknown>, body: "" };
  const response = {
    writeHead: (_code: number, headers: Record<string, unknown>) => Object.assign(sent.headers, headers),
    end: (content: Uint8Array) => {
      sent.body = Buffer.from(content).toString();
    },
  };
  const endOfTurn = { add: (write: () => void) => write(), addEvents: () => undefined };
  const request = { headers: { accept } };
  const exchange = { request, response, method, headers: {}, warnings: new Set(), endOfTurn };
  await paths.find(path)!(exchange as unknown as Exchange);
  return { headers: sent.headers, document: JSON.parse(sent.body) as unknown };
}

const configuration = "/.well-known/openid-configuration";

test("others find the issuer and its keys", async () => {
  const { headers, document } = await get(configuration);
  expect(headers).toMatchObject({
    "Content-Type": "application/json",
    "Cache-Control": "public, max-age=3600",
  });
  expect(document).toEqual({
    issuer: "https://issuer",
    jwks_uri: "https://10.0.0.1:6443/openid/v1/jwks",
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
});

test("keys are a key set and nothing else", async () => {
  const { headers, document } = await get("/openid/v1/jwks", "*/*");
  expect(headers["Content-Type"]).toBe("application/jwk-set+json");
  expect(document).toEqual({ keys: [{ kid: "k" }] });
  await expect(get("/openid/v1/jwks", "application/json")).rejects.toMatchObject({ code: 406 });
  await expect(get(configuration, undefined, "POST")).rejects.toMatchObject({ code: 405 });
});

test("keys that are elsewhere are named there", async () => {
  const { document } = await get(configuration, undefined, "GET", pathsOf("https://issuer", "https://keys"));
  expect(document).toMatchObject({ jwks_uri: "https://keys" });
});

test.each(["issuer", "http://issuer", "https://issuer?a=b", "https://issuer#a"])(
  "an issuer %s is nothing that can be looked up",
  (issuer) => {
    expect(pathsOf(issuer).find(configuration)).toBeUndefined();
  },
);
