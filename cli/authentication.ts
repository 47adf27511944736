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
import { cachedTokens } from "../server/auth/token-cache.ts";
import { parseTokenFile } from "../server/auth/token-file.ts";
import { WebhookClient } from "../server/auth/webhook-client.ts";
import { webhookTokens } from "../server/auth/webhook-tokens.ts";
import { type AuthenticationTokenWebhook, type ClusterOptions, readOption } from "./cluster-options.ts";
import type { Tokens } from "./tokens.ts";

export interface AuthenticationContext extends Tokens {
  clock: Clock;
  random: Random;
}

/** Who asks, in the order of upstream's: what is at hand first. Source: kubeauthenticator.Config.New. */
export function authenticatorsOf(options: ClusterOptions, context: AuthenticationContext): Authenticator[] {
  const { tokens, legacyTokens, clock } = context;
  const { tokenAuthFile, enableBootstrapTokenAuth = false, authenticationTokenWebhook } = options;
  const users = readOption(() => parseTokenFile(tokenAuthFile ?? "", "--token-auth-file"));
  const cached = [
    legacyTokens,
    tokens,
    ...(enableBootstrapTokenAuth ? [bootstrap(context)] : []),
    ...(authenticationTokenWebhook ? [webhook(authenticationTokenWebhook, context)] : []),
  ];
  return [
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
