import { goQuote } from "../../api/go-format.ts";
import { forbidden, internalError, StatusError } from "../../api/status.ts";
import type { AuthorizationAttributes, AuthorizationDecision } from "./authorizer.ts";

/** Refused before a handler has looked at the request: browsers must not guess what the answer is. */
export class AccessError extends StatusError {}

/** No authorizer allowed the request, and one of them failed: 500, but no Status. */
export class AuthorizationFailure extends Error {
  override readonly name = "AuthorizationFailure";
}

/** @throws StatusError 403, AuthorizationFailure. Source: filters.WithAuthorization */
export function requireAllowed(
  attributes: AuthorizationAttributes,
  { allowed, reason, error }: AuthorizationDecision,
): void {
  if (allowed) return;
  if (error !== undefined) throw new AuthorizationFailure(error);
  throw forbiddenError(attributes, reason);
}

/** 403 in upstream's words. Source: responsewriters.ForbiddenStatusError. */
export function forbiddenError(attributes: AuthorizationAttributes, reason: string | undefined): AccessError {
  const { code, reason: statusReason, message, details } = statusOf(attributes, reason);
  return new AccessError(code, statusReason, message, details);
}

/** The same where a handler finds it out. A failure is a plain 500. Source: withAuthorization of handlers/update.go. */
export function requireAllowedByHandler(
  attributes: AuthorizationAttributes,
  { allowed, reason, error }: AuthorizationDecision,
): void {
  if (allowed) return;
  throw error === undefined ? statusOf(attributes, reason) : internalError(error);
}

const markup: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** So that no browser takes it for HTML. */
export const sanitized = (text: string): string => text.replaceAll(/[&<>]/g, (char) => markup[char]!);

function statusOf(attributes: AuthorizationAttributes, reason: string | undefined): StatusError {
  const tail = reason ? `: ${reason}` : "";
  const { user, verb, resource, path } = attributes;
  const who = `User ${goQuote(user.name)} cannot ${verb}`;
  if (!resource) return forbidden(undefined, "", sanitized(`${who} path ${goQuote(path)}`) + tail);
  const { group, resource: plural, subresource, namespace, name } = resource;
  const what = goQuote(subresource === "" ? plural : `${plural}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${goQuote(namespace)}`;
  const text = sanitized(`${who} resource ${what} in API group ${goQuote(group)} ${where}`) + tail;
  return forbidden({ group, resource: plural }, name, text);
}
