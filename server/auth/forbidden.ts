import { goQuote } from "../../api/go-format.ts";
import { forbidden, type StatusError } from "../../api/status.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";

/** 403 in upstream's words. Source: responsewriters.ForbiddenStatusError. */
export function forbiddenError(attributes: AuthorizationAttributes, reason: string | undefined): StatusError {
  const tail = reason ? `: ${reason}` : "";
  const { user, verb, resource, path } = attributes;
  const who = `User ${goQuote(user.name)} cannot ${verb}`;
  if (!resource) return forbidden(undefined, "", `${who} path ${goQuote(path)}${tail}`);
  const { group, resource: plural, subresource, namespace, name } = resource;
  const what = goQuote(subresource === "" ? plural : `${plural}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${goQuote(namespace)}`;
  const text = `${who} resource ${what} in API group ${goQuote(group)} ${where}${tail}`;
  return forbidden({ group, resource: plural }, name, text);
}
