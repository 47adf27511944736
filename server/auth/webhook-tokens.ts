/** Tokens that somebody else knows. Source: k8s.io/apiserver/plugin/pkg/authenticator/token/webhook. */
import type { Clock } from "../../api/clock.ts";
import type { AuthenticationResult, Authenticator, Credentials } from "./authenticator.ts";
import { ExpiringMap } from "./expiring-map.ts";
import { WebhookError } from "./webhook-client.ts";

interface ReviewStatus {
  authenticated?: boolean;
  user?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  audiences?: string[];
  error?: string;
}

export interface WebhookTokensOptions {
  /** Sends a TokenReview, and has its answer. @throws WebhookError */
  post(review: object): Promise<unknown>;
  version: "v1" | "v1beta1";
  /** The API server's own audiences, for which a token is meant unless the answer says otherwise. */
  audiences: readonly string[];
  /** Milliseconds that answers are believed; 0: they are not. */
  cacheTtl: number;
  clock: Clock;
}

const maxAnswers = 4096;

/** Asks somebody else, who is believed for a while, whatever the answer, but not when it was an error. */
export function webhookTokens(options: WebhookTokensOptions): Authenticator {
  const { audiences: own, cacheTtl, clock } = options;
  const known = new ExpiringMap<{ result: AuthenticationResult }>(maxAnswers, clock);
  return {
    async authenticate({ bearerToken, audiences: asked = own }: Credentials): Promise<AuthenticationResult> {
      if (bearerToken === undefined) return undefined;
      const key = JSON.stringify([bearerToken, asked]);
      const before = known.get(key);
      if (before) return before.result;
      const result = await ask(options, bearerToken, asked);
      if (!result || !("problem" in result)) known.set(key, { result }, cacheTtl);
      return result;
    },
  };
}

async function ask(
  { post, version, audiences: own }: WebhookTokensOptions,
  token: string,
  asked: readonly string[],
): Promise<AuthenticationResult> {
  const review = {
    kind: "TokenReview",
    apiVersion: `authentication.k8s.io/${version}`,
    metadata: {},
    spec: { token, audiences: asked },
    status: { user: {} },
  };
  try {
    const { status = {} } = (await post(review)) as { status?: ReviewStatus };
    return resultOf(status, own, asked);
  } catch (error) {
    if (error instanceof WebhookError) return { problem: error.message };
    throw error;
  }
}

function resultOf(
  { authenticated = false, user = {}, audiences: meant = [], error = "" }: ReviewStatus,
  own: readonly string[],
  asked: readonly string[],
): AuthenticationResult {
  const got = meant.length > 0 ? meant : own;
  const audiences = got.filter((audience) => asked.includes(audience));
  if (audiences.length === 0) return undefined;
  if (!authenticated) return error === "" ? undefined : { problem: error };
  const { username: name = "", uid, groups = [], extra } = user;
  return { user: { name, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) }, audiences };
}
