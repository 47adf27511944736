import type { KubeObject } from "../../api/object.ts";

export interface Pod extends KubeObject {
  spec?: {
    nodeName?: string;
    volumes?: readonly {
      name: string;
      persistentVolumeClaim?: { claimName: string };
      ephemeral?: object;
    }[];
  };
  status?: {
    phase?: string;
    initContainerStatuses?: readonly ContainerStatus[];
    containerStatuses?: readonly ContainerStatus[];
    ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}
interface UsedClaim {
  claim: string;
  isEphemeral: boolean;
}
interface ContainerStatus {
  state?: { terminated?: object; waiting?: object };
}

/** namespace/name of every claim that a pod may use. */
export function claimKeysOf(pod: Pod): string[] {
  const { namespace } = pod.metadata;
  return claimsOf(pod).map(({ claim }) => `${namespace}/${claim}`);
}

/** What volumes of a pod name, and what is made for its ephemeral ones. Source: component-helpers/storage/ephemeral. */
function claimsOf({ metadata, spec }: Pod): UsedClaim[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): UsedClaim[] => {
    if (persistentVolumeClaim) return [{ claim: persistentVolumeClaim.claimName, isEphemeral: false }];
    return ephemeral ? [{ claim: `${metadata.name}-${name}`, isEphemeral: true }] : [];
  });
}

/** The claim may not go: only scheduled pods count, as nobody starts a pod whose claim is being deleted. */
export function holdsClaim(pod: Pod, claim: KubeObject): boolean {
  return !!pod.spec?.nodeName && usesClaim(pod, claim, () => !isShutDown(pod));
}

/** A pod that is there and not over uses the claim. */
export function refersToClaim(pod: Pod, claim: KubeObject): boolean {
  return !isTerminated(pod) && usesClaim(pod, claim, () => true);
}

function usesClaim(pod: Pod, { metadata }: KubeObject, countsEphemeral: () => boolean): boolean {
  const isOfPod = () =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === pod.metadata.uid) === true;
  return (
    pod.metadata.namespace === metadata.namespace &&
    claimsOf(pod).some(
      ({ claim, isEphemeral }) =>
        claim === metadata.name && (!isEphemeral || (countsEphemeral() && isOfPod())),
    )
  );
}

/** The kubelet is done with it, or it was deleted by force: what remains waits for finalizers. */
const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

/** Source: pkg/volume/util, IsPodTerminated. */
export function isTerminated({ metadata, status = {} }: Pod): boolean {
  if (status.phase === "Failed" || status.phase === "Succeeded") return true;
  const containers = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  return (
    metadata.deletionTimestamp !== undefined &&
    containers.every(({ state }) => state?.terminated !== undefined || state?.waiting !== undefined)
  );
}
