/** Files of a volume that hide each other. Source: warningsForOverlappingVirtualPaths in pkg/api/pod/warnings.go. */
import type { KeyToPath, Volume, VolumeProjection } from "../../core-types.ts";
import { goQuote } from "../../go-format.ts";

interface FilePath {
  path: string;
  /** What writes the file, where several things may. */
  source: string;
}

export function warningsForOverlappingPaths(volumes: readonly Volume[]): string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const warnings: string[] = [];
    const check = (what: string, paths: readonly FilePath[]): void => {
      for (const overlap of overlaps(paths)) {
        warnings.push(`volume ${goQuote(name)} (${what}): overlapping paths: ${overlap}`);
      }
    };
    if (configMap?.items) check(`ConfigMap ${goQuote(configMap.name ?? "")}`, pathsOf(configMap.items, ""));
    if (secret?.items) check(`Secret ${goQuote(secret.secretName ?? "")}`, pathsOf(secret.items, ""));
    if (downwardAPI?.items) check("DownwardAPI", pathsOf(downwardAPI.items, ""));
    if (!projected) return warnings;
    const paths: FilePath[] = [];
    for (const source of projected.sources ?? []) {
      if (Object.keys(source).length > 0) paths.push(...pathsOfSource(source));
      else warnings.push(`volume ${goQuote(name)} (Projected) has no sources provided`);
    }
    check("Projected", paths);
    return warnings;
  });
}

const pathsOf = (items: readonly Pick<KeyToPath, "path">[], source: string): FilePath[] =>
  items.map(({ path = "" }) => ({ path, source }));

function pathsOfSource(source: VolumeProjection): FilePath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  if (configMap?.items) return pathsOf(configMap.items, `ConfigMap ${goQuote(configMap.name ?? "")}`);
  if (secret?.items) return pathsOf(secret.items, `Secret ${goQuote(secret.name ?? "")}`);
  if (downwardAPI?.items) return pathsOf(downwardAPI.items, "DownwardAPI");
  if (serviceAccountToken) return [{ path: serviceAccountToken.path ?? "", source: "ServiceAccountToken" }];
  if (clusterTrustBundle) {
    const name = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? "";
    return [{ path: clusterTrustBundle.path ?? "", source: `ClusterTrustBundle ${goQuote(name)}` }];
  }
  if (!podCertificate) return [];
  const { certificateChainPath, keyPath, credentialBundlePath } = podCertificate;
  return [
    { path: certificateChainPath, source: "PodCertificate chain" },
    { path: keyPath, source: "PodCertificate key" },
    { path: credentialBundlePath, source: "PodCertificate credential bundle" },
  ].filter((file): file is FilePath => Boolean(file.path));
}

/** "one with other" for each file and each earlier one that it is, holds or lies in. */
function overlaps(files: readonly FilePath[]): string[] {
  const found: string[] = [];
  const earlier: FilePath[] = [];
  for (const { path, source } of files) {
    const file = { path: withoutTrailingSlashes(path), source };
    for (const other of file.path === "" ? [] : earlier) {
      if (collide(file.path, other.path)) found.push(`${describe(file)} with ${describe(other)}`);
    }
    earlier.push(file);
  }
  return found;
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return path.slice(0, end);
}

function collide(a: string, b: string): boolean {
  return b !== "" && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

const describe = ({ path, source }: FilePath): string =>
  source === "" ? goQuote(path) : `${goQuote(path)} (${source})`;
