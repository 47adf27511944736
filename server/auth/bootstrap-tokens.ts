/** Tokens that let a node join, kept in secrets of kube-system. Source: plugin/pkg/auth/authenticator/token/bootstrap. */
import { timingSafeEqual } from "node:crypto";
import { dataOf, isBootstrapToken, type Secret, timeLeft } from "../../api/bootstrap-token.ts";
import { compareBytes } from "../../api/byte-order.ts";
import type { Clock } from "../../api/clock.ts";
import type { Authenticator } from "./authenticator.ts";

export interface BootstrapTokensOptions {
  /** The secret of this name in kube-system, if there is one. */
  secret(name: string): Promise<Secret | undefined>;
  clock: Clock;
}

const tokenForm = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** A token that is wrong in any way is nobody's: it gets no explanation. */
export function bootstrapTokens({ secret, clock }: BootstrapTokensOptions): Authenticator {
  return {
    async authenticate({ bearerToken = "" }) {
      const [, id, given] = tokenForm.exec(bearerToken) ?? [];
      if (id === undefined || given === undefined) return undefined;
      const kept = await secret(`bootstrap-token-${id}`);
      if (!kept || !isGood(kept, id, given, clock.now())) return undefined;
      const groups = groupsOf(kept);
      return groups && { user: { name: `system:bootstrap:${id}`, groups } };
    },
  };
}

function isGood(secret: Secret, id: string, given: string, now: number): boolean {
  return (
    secret.metadata.deletionTimestamp === undefined &&
    isBootstrapToken(secret) &&
    isSame(dataOf(secret, "token-secret"), given) &&
    dataOf(secret, "token-id") === id &&
    timeLeft(secret, now) !== 0 &&
    dataOf(secret, "usage-bootstrap-authentication") === "true"
  );
}

function isSame(kept: string, given: string): boolean {
  const [a, b] = [Buffer.from(kept), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** undefined where one of them is not a group that such a token may bring. */
function groupsOf(secret: Secret): string[] | undefined {
  const more = dataOf(secret, "auth-extra-groups");
  const extra = more === "" ? [] : more.split(",");
  if (!extra.every((group) => groupForm.test(group))) return undefined;
  return [...new Set(["system:bootstrappers", ...extra])].sort(compareBytes);
}
