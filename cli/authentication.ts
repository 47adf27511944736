import type { Secret } from "../api/bootstrap-token.ts";
import type { Clock, Random } from "../api/clock.ts";
import { StatusError } from "../api/status.ts";
import {
  type Authenticator,
  certificateAuthenticator,
  forOwnAudiences,
  tokenAuthenticator,
} from "../server/auth/authenticator.ts";
import { bootstrapTokens } from "../server/auth/bootstrap-tokens.ts";
import { requestHeaderAuthenticator } from "../server/auth/request-header.ts";
import { cachedTokens } from "../server/auth/token-cache.ts";
import { parseTokenFile } from "../server/auth/token-file.ts";
import { WebhookClient } from "../server/auth/webhook-client.ts";
import { webhookTokens } from "../server/auth/webhook-tokens.ts";
import { changedIssuers, type LoginSettings } from "./authentication-file.ts";
import { type AuthenticationTokenWebhook, type ClusterOptions, readOption } from "./cluster-options.ts";
import type { Tokens } from "./tokens.ts";

export interface AuthenticationContext extends Tokens {
  clock: Clock;
  random: Random;
  /** Of outside of the cluster. */
  issuers: Authenticator | undefined;
}

/** Who asks, in the order of upstream's: what is at hand first. Source: kubeauthenticator.Config.New. */
export function authenticatorsOf(options: ClusterOptions, context: AuthenticationContext): Authenticator[] {
  const { tokens, legacyTokens, issuers, clock } = context;
  const { tokenAuthFile, enableBootstrapTokenAuth = false, authenticationTokenWebhook } = options;
  const { requestHeader } = options;
  const users = readOption(() => parseTokenFile(tokenAuthFile ?? "", "--token-auth-file"));
  const cached = [
    legacyTokens,
    tokens,
    ...(enableBootstrapTokenAuth ? [bootstrap(context)] : []),
    ...(issuers ? [forOwnAudiences(issuers, tokens.audiences)] : []),
    ...(authenticationTokenWebhook ? [webhook(authenticationTokenWebhook, context)] : []),
  ];
  return [
    ...(requestHeader ? [requestHeaderAuthenticator(requestHeader)] : []),
    certificateAuthenticator,
    tokenAuthenticator(users, tokens.audiences),
    ...cached.map((authenticator) => cachedTokens(authenticator, clock)),
  ];
}

function bootstrap({ tokens, clock }: AuthenticationContext): Authenticator {
  const secret = async (name: string): Promise<Secret | undefined> => {
    try {
      return await tokens.objects("secrets", "kube-system", name);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      throw error;
    }
  };
  return forOwnAudiences(bootstrapTokens({ secret, clock }), tokens.audiences);
}

function webhook(
  { target, version = "v1beta1", cacheTtl = 120_000 }: AuthenticationTokenWebhook,
  { tokens, clock, random }: AuthenticationContext,
): Authenticator {
  const client = new WebhookClient(target, clock, random);
  const post = (review: object) => client.post(review);
  return webhookTokens({ post, version, audiences: tokens.audiences, cacheTtl, clock });
}

/** Those whose JSON Web Tokens are believed, read again when their file changes. */
export async function tokenIssuers(
  settings: LoginSettings,
  following: {
    ownIssuers: readonly string[];
    clock: Clock;
    signal: AbortSignal;
    onError(error: unknown): void;
  },
): Promise<Authenticator | undefined> {
  const { jwt, algorithms, file } = settings;
  if (!file && jwt.length === 0) return undefined;
  const { TokenIssuers } = await import("../server/auth/oidc/token-issuers.ts");
  const { ownIssuers, ...rest } = following;
  const issuers = new TokenIssuers(jwt, { algorithms, ...rest });
  file?.follow(
    "reloading authentication config",
    async (text) => issuers.replace(await changedIssuers(text, settings, ownIssuers)),
    rest,
  );
  return issuers;
}
