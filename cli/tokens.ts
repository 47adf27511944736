import type { Clock, Random } from "../api/clock.ts";
import { goQuote } from "../api/go-format.ts";
import { GoUrlError, parseGoUrl } from "../api/go-url.ts";
import type { KubeObject } from "../api/object.ts";
import { notFound } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import { LegacyTokens } from "../server/auth/legacy-tokens.ts";
import { ServiceAccountTokens } from "../server/auth/service-account-tokens.ts";
import { TokenKeys } from "../server/auth/token-keys.ts";
import type { TokenLimits } from "../server/pipeline/special/service-account-token.ts";
import type { Registry } from "../server/registry/registry.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";
import { serviceAccountKey, signingKeyOf, verificationKeysOf } from "./pki/service-account-key.ts";

/** What the options say of the tokens of service accounts. */
export interface TokenSettings {
  /** The first issues. */
  issuers: readonly string[];
  /** Whom tokens must be meant for. */
  audiences: readonly string[];
  keys: () => Promise<TokenKeys>;
  lookup: boolean;
  limits: TokenLimits;
}

const hour = 3600;
const longestSeconds = 2 ** 32;

/**
 * directory: where the signing key is kept, if it is.
 * @throws UsageError. Sources: BuiltInAuthenticationOptions.Validate and completeServiceAccountOptions.
 */
export function tokenSettings(options: ClusterOptions, directory: string | undefined): TokenSettings {
  const { serviceAccountIssuer = [], apiAudiences = [], serviceAccountSigningKey } = options;
  const issuers = typeof serviceAccountIssuer === "string" ? [serviceAccountIssuer] : serviceAccountIssuer;
  const { serviceAccountMaxTokenExpiration: maxSeconds = 0, serviceAccountJwksUri } = options;
  const problem = issuersProblem(issuers) ?? jwksUriProblem(serviceAccountJwksUri);
  if (problem !== undefined) throw new UsageError(problem);
  if (maxSeconds !== 0 && (maxSeconds < hour || maxSeconds > longestSeconds))
    throw new UsageError("the service-account-max-token-expiration must be between 1 hour and 2^32 seconds");
  const believed = (options.serviceAccountKeys ?? []).flatMap(verificationKeysOf);
  const given = serviceAccountSigningKey === undefined ? undefined : signingKeyOf(serviceAccountSigningKey);
  const signing = given ? async () => given : serviceAccountKey(directory);
  return {
    issuers,
    audiences: apiAudiences.length > 0 ? apiAudiences : issuers,
    keys: async () => new TokenKeys(await signing(), believed),
    lookup: options.serviceAccountLookup ?? true,
    limits: { maxSeconds, extend: options.serviceAccountExtendTokenExpiration ?? true },
  };
}

function issuersProblem(issuers: readonly string[]): string | undefined {
  if (issuers.length === 0) return "service-account-issuer is a required flag";
  for (const [i, issuer] of issuers.entries()) {
    const problem = issuer.includes(":") ? urlProblem(issuer) : undefined;
    if (problem !== undefined)
      return `service-account-issuer ${goQuote(issuer)} contained a ':' but was not a valid URL: ${problem}`;
    if (issuer === "") return "service-account-issuer should not be an empty string";
    if (issuers.indexOf(issuer) < i) return `service-account-issuer ${goQuote(issuer)} is already specified`;
  }
  return undefined;
}

function jwksUriProblem(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const problem = urlProblem(uri);
  if (problem !== undefined) return `service-account-jwks-uri must be a valid URL: ${problem}`;
  if (parseGoUrl(uri).scheme === "https") return undefined;
  return `service-account-jwks-uri requires https scheme, parsed as: ${uri}`;
}

function urlProblem(text: string): string | undefined {
  try {
    parseGoUrl(text);
    return undefined;
  } catch (error) {
    if (error instanceof GoUrlError) return error.message;
    throw error;
  }
}

export interface TokensContext {
  settings: TokenSettings;
  registry: Registry;
  client: Client;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

export interface Tokens {
  tokens: ServiceAccountTokens;
  legacyTokens: LegacyTokens;
}

/** Tokens of service accounts, bound and legacy ones, by the same keys. */
export function serviceAccountTokens(context: TokensContext): Tokens {
  const { settings, registry, client, clock, random, onError } = context;
  const objects = (resource: string, namespace: string, name: string) =>
    storedObject(registry, resource, namespace, name);
  const label = (secret: KubeObject, labels: Readonly<Record<string, string>>) =>
    labelSecret(client, secret, labels);
  return {
    tokens: new ServiceAccountTokens({ ...settings, objects, clock, random }),
    legacyTokens: new LegacyTokens({ ...settings, objects, label, clock, onError }),
  };
}

async function labelSecret(
  client: Client,
  { metadata: { namespace = "", name = "", uid } }: KubeObject,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const secrets = { group: "", version: "v1", resource: "secrets", namespace };
  await client.patch(secrets, name, { metadata: { uid, labels } }, { type: "merge" });
}

async function storedObject(
  registry: Registry,
  resource: string,
  namespace: string,
  name: string,
): Promise<KubeObject> {
  const found = registry.get("", resource);
  if (!found) throw notFound({ group: "", resource }, name);
  return found.store.objectOf(await found.store.get(namespace, name));
}
