import type { Clock, Random } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import { notFound } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import {
  type Authenticator,
  certificateAuthenticator,
  tokenAuthenticator,
} from "../server/auth/authenticator.ts";
import { LegacyTokens } from "../server/auth/legacy-tokens.ts";
import { ServiceAccountTokens } from "../server/auth/service-account-tokens.ts";
import { cachedTokens } from "../server/auth/token-cache.ts";
import { parseTokenFile } from "../server/auth/token-file.ts";
import type { Registry } from "../server/registry/registry.ts";
import { type ClusterOptions, readOption } from "./cluster-options.ts";
import { serviceAccountKey } from "./pki/service-account-key.ts";

export interface TokensContext {
  issuer: string;
  /** Where the signing key is kept, if it is. */
  directory: string | undefined;
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

/** Tokens of service accounts, bound and legacy ones, by the same key. */
export function serviceAccountTokens(context: TokensContext): Tokens {
  const { issuer, directory, registry, client, clock, random, onError } = context;
  const key = serviceAccountKey(directory);
  const audiences = [issuer];
  const objects = (resource: string, namespace: string, name: string) =>
    storedObject(registry, resource, namespace, name);
  const label = (secret: KubeObject, labels: Readonly<Record<string, string>>) =>
    labelSecret(client, secret, labels);
  return {
    tokens: new ServiceAccountTokens({ issuer, audiences, key, objects, clock, random }),
    legacyTokens: new LegacyTokens({ audiences, key, objects, label, clock, onError }),
  };
}

/** Who asks, in the order of upstream's. */
export function authenticatorsOf(
  { tokenAuthFile }: ClusterOptions,
  { tokens, legacyTokens }: Tokens,
  clock: Clock,
): Authenticator[] {
  const users = readOption(() => parseTokenFile(tokenAuthFile ?? "", "--token-auth-file"));
  return [
    certificateAuthenticator,
    tokenAuthenticator(users, tokens.audiences),
    cachedTokens(legacyTokens, clock),
    cachedTokens(tokens, clock),
  ];
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
