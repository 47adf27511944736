import { parseFieldSelector } from "../../api/field-selectors.ts";
import { parseLabelSelector, SelectorError } from "../../api/selectors.ts";
import type { AuthorizationAttributes, ResourceAttributes } from "./authorizer.ts";
import type { UserInfo } from "./user.ts";

/** A request as its path names what it asks for. */
type ResourceRequest = Omit<ResourceAttributes, "fieldSelector" | "labelSelector"> & { verb: string };

/**
 * What a request to a resource asks for; query: undefined where selectors do not count.
 * Source: GetAuthorizerAttributes of k8s.io/apiserver/pkg/endpoints/filters.
 */
export function resourceAttributes(
  user: UserInfo,
  { verb, group, version, resource, subresource, namespace, name }: ResourceRequest,
  query: URLSearchParams | undefined,
): AuthorizationAttributes {
  const asked: ResourceAttributes = { group, version, resource, subresource, namespace, name };
  if (query && (verb === "list" || verb === "watch" || verb === "deletecollection"))
    addSelectors(asked, query);
  return { user, verb, path: "", resource: asked };
}

function addSelectors(asked: ResourceAttributes, query: URLSearchParams): void {
  const fields = query.get("fieldSelector");
  const labels = query.get("labelSelector");
  if (fields) asked.fieldSelector = unlessWrong(() => parseFieldSelector(fields).requirements);
  if (labels) asked.labelSelector = unlessWrong(() => parseLabelSelector(labels).requirements);
}

/** Who lists by a selector that cannot be understood is taken to list everything. */
function unlessWrong<T>(parse: () => readonly T[]): readonly T[] {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}
