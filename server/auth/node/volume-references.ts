import type { Schemas } from "../../../api/types.ts";

export type PersistentVolume = Schemas["io.k8s.api.core.v1.PersistentVolume"];

/** The claim that a volume is bound to, and the secrets that a node needs to mount it: "namespace/name". */
export interface VolumeReferences {
  claim: string;
  secrets: readonly string[];
}

interface SecretReference {
  namespace?: string;
  name?: string;
}

/** undefined: bound to nothing. Sources: Graph.AddPV, pkg/api/v1/persistentvolume/util.go. */
export function volumeReferences({ spec }: PersistentVolume): VolumeReferences | undefined {
  if (!spec?.claimRef) return undefined;
  const { namespace = "", name = "" } = spec.claimRef;
  return { claim: `${namespace}/${name}`, secrets: secretsOf(spec, namespace) };
}

function secretsOf(spec: NonNullable<PersistentVolume["spec"]>, claimNamespace: string): string[] {
  const { azureFile, cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos, csi } = spec;
  if (azureFile) {
    const { secretName: name, secretNamespace } = azureFile;
    return keys([{ name, namespace: secretNamespace || claimNamespace }]);
  }
  // Of old objects, the namespace of the secret is that of the claim.
  const withClaim = cephfs ?? flexVolume ?? rbd ?? scaleIO ?? iscsi;
  if (withClaim) {
    const { name, namespace } = withClaim.secretRef ?? {};
    return keys([{ name, namespace: namespace || claimNamespace }]);
  }
  if (cinder ?? storageos) return keys([(cinder ?? storageos)!.secretRef ?? {}]);
  const { nodePublishSecretRef, nodeStageSecretRef, nodeExpandSecretRef } = csi ?? {};
  return keys([nodePublishSecretRef ?? {}, nodeStageSecretRef ?? {}, nodeExpandSecretRef ?? {}]);
}

const keys = (references: readonly SecretReference[]): string[] =>
  references.flatMap(({ namespace = "", name }) => (name ? [`${namespace}/${name}`] : []));
