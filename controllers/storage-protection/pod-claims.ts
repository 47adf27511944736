import type { KubeObject } from "../../api/object.ts";
import { isControlledBy } from "../controllees/controller-ref.ts";
import { isPodTerminal, type Pod } from "../controllees/pod-facts.ts";

interface UsedClaim {
  claim: string;
  isEphemeral: boolean;
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

function usesClaim(pod: Pod, claim: KubeObject, countsEphemeral: () => boolean): boolean {
  const { namespace, name } = claim.metadata;
  return (
    pod.metadata.namespace === namespace &&
    claimsOf(pod).some(
      (used) =>
        used.claim === name && (!used.isEphemeral || (countsEphemeral() && isControlledBy(claim, pod))),
    )
  );
}

/** The kubelet is done with it, or it was deleted by force: what remains waits for finalizers. */
const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

/** Source: pkg/volume/util, IsPodTerminated. */
export function isTerminated(pod: Pod): boolean {
  if (isPodTerminal(pod)) return true;
  const {
    initContainerStatuses = [],
    containerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  return (
    pod.metadata.deletionTimestamp !== undefined &&
    [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].every(
      ({ state }) => state?.terminated !== undefined || state?.waiting !== undefined,
    )
  );
}
