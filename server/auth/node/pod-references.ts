import { allContainers, type Pod } from "../../../api/core-types.ts";

/** What a pod's node may read for it, by name, all in the pod's namespace. */
export interface PodReferences {
  serviceAccounts: readonly string[];
  secrets: readonly string[];
  configMaps: readonly string[];
  volumeClaims: readonly string[];
  resourceClaims: readonly string[];
}

const nothing: PodReferences = {
  serviceAccounts: [],
  secrets: [],
  configMaps: [],
  volumeClaims: [],
  resourceClaims: [],
};

/** What the kubelet shows of a pod that it runs by itself. */
export const isMirrorPod = ({ metadata }: Pod): boolean =>
  Object.hasOwn(metadata.annotations ?? {}, "kubernetes.io/config.mirror");

/** A mirror pod opens nothing: its node made it. Source: Graph.AddPod. */
export const podReferences = (pod: Pod): PodReferences => (isMirrorPod(pod) ? nothing : namedReferences(pod));

/** What a pod names. Source: pkg/api/v1/pod/util.go. */
export function namedReferences(pod: Pod): PodReferences {
  const { metadata, spec } = pod;
  const containers = [...allContainers(spec)];
  const variables = containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom ?? []));
  const sources = containers.flatMap(({ envFrom = [] }) => envFrom);
  const volumes = spec.volumes ?? [];
  const projected = volumes.flatMap((volume) => volume.projected?.sources ?? []);
  return {
    serviceAccounts: named([spec.serviceAccountName]),
    secrets: named([
      ...(spec.imagePullSecrets ?? []).map(({ name }) => name),
      ...sources.map(({ secretRef }) => secretRef?.name),
      ...variables.map(({ secretKeyRef }) => secretKeyRef?.name),
      ...volumes.map(volumeSecret),
      ...projected.map(({ secret }) => secret?.name),
    ]),
    configMaps: named([
      ...sources.map(({ configMapRef }) => configMapRef?.name),
      ...variables.map(({ configMapKeyRef }) => configMapKeyRef?.name),
      ...volumes.map(({ configMap }) => configMap?.name),
      ...projected.map(({ configMap }) => configMap?.name),
    ]),
    volumeClaims: named(
      volumes.map(({ name, persistentVolumeClaim, ephemeral }) =>
        persistentVolumeClaim ? persistentVolumeClaim.claimName : ephemeral && `${metadata.name}-${name}`,
      ),
    ),
    resourceClaims: named(resourceClaims(pod)),
  };
}

const named = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name): name is string => !!name)),
];

type Volume = NonNullable<NonNullable<Pod["spec"]>["volumes"]>[number];

function volumeSecret(volume: Volume): string | undefined {
  const { azureFile, secret, csi, cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos } = volume;
  if (azureFile) return azureFile.secretName;
  if (secret) return secret.secretName;
  if (csi) return csi.nodePublishSecretRef?.name;
  return (cephfs ?? cinder ?? flexVolume ?? rbd ?? scaleIO ?? iscsi ?? storageos)?.secretRef?.name;
}

/** Claims made from a template are known once the status names them. */
function resourceClaims({ spec, status }: Pod): (string | undefined)[] {
  const made = new Map(
    (status.resourceClaimStatuses ?? []).map(({ name, resourceClaimName }) => [name, resourceClaimName]),
  );
  const claims = (spec.resourceClaims ?? []).map(
    ({ name, resourceClaimName, resourceClaimTemplateName }) =>
      resourceClaimName ?? (resourceClaimTemplateName ? made.get(name) : undefined),
  );
  return [...claims, status.extendedResourceClaimStatus?.resourceClaimName];
}
