import type { Pod, PodSpec, Volume, VolumeProjection } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import { namedReferences } from "../../auth/node/pod-references.ts";

interface Reference {
  /** What the pod needs the API for; undefined: nothing. */
  kind?: string;
  problem?: string;
}

/** What a static pod cannot have: objects of the API. Source: HasAPIObjectReference of pkg/api/pod. */
export function apiReference(pod: Pod & { spec: PodSpec }): Reference {
  const { spec } = pod;
  if (spec.serviceAccountName) return { kind: "serviceaccounts" };
  const { secrets, configMaps } = namedReferences(pod as Parameters<typeof namedReferences>[0]);
  if (secrets.length > 0) return { kind: "secrets" };
  if (configMaps.length > 0) return { kind: "configmaps" };
  if (spec.resourceClaims?.length) return { kind: "resourceclaims" };
  for (const volume of spec.volumes ?? []) {
    const found = ofVolume(volume);
    if (found.kind !== undefined || found.problem !== undefined) return found;
  }
  return {};
}

const volumeKinds: Readonly<Partial<Record<keyof Volume, string>>> = {
  configMap: "configmaps (via configmap volumes)",
  secret: "secrets (via secret volumes)",
  csi: "csidrivers (via CSI volumes)",
  glusterfs: "endpoints (via glusterFS volumes)",
  persistentVolumeClaim: "persistentvolumeclaims",
  ephemeral: "persistentvolumeclaims (via ephemeral volumes)",
  azureFile: "secrets (via azureFile volumes)",
};

const projectionKinds: Readonly<Partial<Record<keyof VolumeProjection, string>>> = {
  configMap: "configmaps (via projected volumes)",
  secret: "secrets (via projected volumes)",
  serviceAccountToken: "serviceaccounts (via projected volumes)",
  clusterTrustBundle: "clustertrustbundles",
  podCertificate: "podcertificates",
};

function ofVolume(volume: Volume): Reference {
  const kind = kindOf(volume, volumeKinds);
  if (kind !== undefined) return { kind };
  if (!volume.projected) return {};
  for (const source of volume.projected.sources ?? []) {
    const projected = kindOf(source, projectionKinds);
    if (projected !== undefined) return { kind: projected };
    if (!source.downwardAPI)
      return { problem: `unknown source for projected volume ${goQuote(volume.name)}` };
  }
  return {};
}

function kindOf<T extends object>(
  source: T,
  kinds: Readonly<Partial<Record<keyof T, string>>>,
): string | undefined {
  const field = (Object.keys(kinds) as (keyof T)[]).find((name) => source[name] !== undefined);
  return field && kinds[field];
}
