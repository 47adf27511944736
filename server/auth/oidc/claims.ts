/** What a token's claims say of its user. Source: k8s.io/apiserver/plugin/pkg/authenticator/token/oidc. */
import type {
  JwtAuthenticatorConfiguration,
  PrefixedClaim,
} from "../../../api/configuration/authentication-configuration.ts";
import type { UserInfo } from "../user.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** A claim that is missing, or is not what it should be. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
}

/** @throws ClaimError in upstream's words */
export function userOf(claims: Claims, configuration: JwtAuthenticatorConfiguration): UserInfo {
  const { claimMappings: { username = {}, groups = {}, uid = {} } = {} } = configuration;
  const user = {
    name: nameOf(claims, username),
    groups: groupsOf(claims, groups),
    ...(uid.claim ? { uid: textClaim(claims, uid.claim, `oidc: parse uid claim "${uid.claim}"`) } : {}),
    ...extraOf(claims),
  };
  for (const { claim = "", requiredValue = "" } of configuration.claimValidationRules ?? []) {
    if (claim !== "") requireValue(claims, claim, requiredValue);
  }
  return user;
}

function nameOf(claims: Claims, { claim = "", prefix = "" }: PrefixedClaim): string {
  const name = textClaim(claims, claim, `oidc: parse username claims "${claim}"`);
  if (claim === "email" && Object.hasOwn(claims, "email_verified")) {
    const verified = claims["email_verified"] ?? false;
    if (typeof verified !== "boolean")
      throw new ClaimError(`oidc: parse 'email_verified' claim: ${cannotUnmarshal(verified, "bool")}`);
    if (!verified) throw new ClaimError("oidc: email not verified");
  }
  return prefix + name;
}

/** A single text is a list of one. */
function groupsOf(claims: Claims, { claim = "", prefix = "" }: PrefixedClaim): string[] {
  if (claim === "" || !Object.hasOwn(claims, claim)) return [];
  const value = claims[claim] ?? [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === "string") return prefix + item;
    if (item === null) return prefix;
    throw new ClaimError(`oidc: parse groups claim "${claim}": ${cannotUnmarshal(value, "string")}`);
  });
}

function extraOf(claims: Claims): Pick<UserInfo, "extra"> {
  const { jti } = claims;
  if (typeof jti !== "string" || jti === "") return {};
  return { extra: { "authentication.kubernetes.io/credential-id": [`JTI=${jti}`] } };
}

function requireValue(claims: Claims, claim: string, wanted: string): void {
  if (!Object.hasOwn(claims, claim))
    throw new ClaimError(`oidc: required claim ${claim} not present in ID token`);
  const value = textClaim(claims, claim, `oidc: parse claim ${claim}`);
  if (value === wanted) return;
  throw new ClaimError(
    `oidc: required claim ${claim} value does not match. Got = ${value}, want = ${wanted}`,
  );
}

/** doing: what stands before the error. */
function textClaim(claims: Claims, claim: string, doing: string): string {
  if (!Object.hasOwn(claims, claim)) throw new ClaimError(`${doing}: claim not present`);
  const value = claims[claim] ?? "";
  if (typeof value === "string") return value;
  throw new ClaimError(`${doing}: ${cannotUnmarshal(value, "string")}`);
}

function cannotUnmarshal(value: unknown, goType: string): string {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type ${goType}`;
}
