/** Which paths of the specification a server has, told by the resources that it serves. */
import { groupVersionOfPath } from "./operation.ts";

/** What is needed of a resource. */
export interface ServedResource {
  group: string;
  version: string;
  resource: string;
  subresources: ReadonlyMap<string, unknown>;
}

/** Paths that are no part of a group version, and not behind a flag that is off by default (/logs). */
const ALWAYS: ReadonlySet<string> = new Set([
  "/.well-known/openid-configuration/",
  "/apis/",
  "/openid/v1/jwks/",
  "/version/",
]);

export function servedPaths(paths: readonly string[], resources: readonly ServedResource[]): string[] {
  const served = new Set(ALWAYS);
  for (const { group, version, resource, subresources } of resources) {
    const groupPath = group === "" ? "/api/" : `/apis/${group}/`;
    const versionPath = `${groupPath}${version}/`;
    for (const path of [groupPath, versionPath, versionPath + resource]) served.add(path);
    for (const subresource of subresources.keys()) served.add(`${versionPath}${resource}/${subresource}`);
  }
  return paths.filter((path) => served.has(plainPath(path)));
}

/** Without watch, namespace, name and what follows a subresource: ".../pods/{name}/proxy/{path}" is ".../pods/proxy". */
function plainPath(path: string): string {
  const place = groupVersionOfPath(path);
  if (!place) return path;
  const [, resource = "", subresource] =
    /^(?:watch\/)?(?:namespaces\/\{namespace\}\/)?([^/]*)(?:\/\{name\}(?:\/([^/]+).*)?)?$/.exec(place.rest) ??
    [];
  const prefix = path.slice(0, path.length - place.rest.length);
  return prefix + resource + (subresource === undefined ? "" : `/${subresource}`);
}
