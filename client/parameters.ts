/** How both forms of the client put their options into a request. */
import type { DeleteOptions, ListOptions, PatchOptions, WatchOptions, WriteOptions } from "./client.ts";

export const patchTypes: Readonly<Record<PatchOptions["type"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

export function readQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  const { labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, limit } = options;
  if (labelSelector) query.set("labelSelector", labelSelector);
  if (fieldSelector) query.set("fieldSelector", fieldSelector);
  if (resourceVersion !== undefined) query.set("resourceVersion", resourceVersion);
  if (resourceVersionMatch) query.set("resourceVersionMatch", resourceVersionMatch);
  if (limit) query.set("limit", String(limit));
  if (options.continue) query.set("continue", options.continue);
  return query;
}

export function watchQuery(options: WatchOptions): URLSearchParams {
  const query = readQuery(options);
  const { allowWatchBookmarks, sendInitialEvents, timeoutSeconds } = options;
  query.set("watch", "true");
  if (allowWatchBookmarks) query.set("allowWatchBookmarks", "true");
  if (sendInitialEvents !== undefined) query.set("sendInitialEvents", String(sendInitialEvents));
  if (timeoutSeconds !== undefined) query.set("timeoutSeconds", String(timeoutSeconds));
  return query;
}

export function writeQuery({ dryRun, fieldManager, fieldValidation }: WriteOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (dryRun) query.set("dryRun", "All");
  if (fieldManager) query.set("fieldManager", fieldManager);
  if (fieldValidation) query.set("fieldValidation", fieldValidation);
  return query;
}

export function patchQuery(options: PatchOptions): URLSearchParams {
  const query = writeQuery(options);
  if (options.force !== undefined) query.set("force", String(options.force));
  return query;
}

export function deleteBody({ dryRun, gracePeriodSeconds, propagationPolicy, preconditions }: DeleteOptions) {
  return {
    kind: "DeleteOptions",
    apiVersion: "v1",
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(preconditions ? { preconditions } : {}),
    ...(dryRun ? { dryRun: ["All"] } : {}),
  };
}
