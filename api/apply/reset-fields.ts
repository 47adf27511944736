import { type FieldSet, singlePath, union } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";

/**
 * The fields that an endpoint ignores, as sets by apiVersion. They come as dotted paths by apiVersion; "*" stands for
 * all versions. Source: GetResetFields of k8s.io/apiserver/pkg/registry/rest.
 */
export function resetFieldSets(
  resetFields: Readonly<Record<string, readonly string[]>>,
  apiVersions: Iterable<string>,
): ReadonlyMap<string, FieldSet> {
  const sets = new Map<string, FieldSet>();
  for (const apiVersion of apiVersions) {
    const paths = [...(resetFields["*"] ?? []), ...(resetFields[apiVersion] ?? [])];
    if (paths.length > 0) sets.set(apiVersion, setOf(paths));
  }
  return sets;
}

function setOf(paths: readonly string[]): FieldSet {
  return paths
    .map((path) => singlePath(path.split(".").map(fieldElement)))
    .reduce((set, path) => union(set, path));
}
