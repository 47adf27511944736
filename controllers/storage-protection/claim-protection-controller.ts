import { timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { type Pod, podsResource } from "../controllees/pod-facts.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { claimKeysOf, holdsClaim, isTerminated, refersToClaim } from "./pod-claims.ts";
import { ProtectingFinalizer } from "./protecting-finalizer.ts";

const core = { group: "", version: "v1" } as const;
const claimsResource = { ...core, resource: "persistentvolumeclaims" } as const;

interface Claim extends KubeObject {
  status?: { conditions?: readonly { type: string; status: string }[] };
}

/**
 * Keeps claims as long as a scheduled pod uses them, and tells of those that no pod uses (where the feature is on).
 * Source: pkg/controller/volume/pvcprotection.
 */
export function makeClaimProtectionController(context: ControllerContext): void {
  const { client, reader, clock, signal, onError, informers, ready, gates } = context;
  const tellsUnused = gates.enabled("PersistentVolumeClaimUnusedSinceTime");
  const finalizer = new ProtectingFinalizer(client, claimsResource, "kubernetes.io/pvc-protection");
  const claims = informers.of<Claim>(claimsResource);
  const pods = informers.of<Pod>(podsResource);
  const podsByClaim = pods.index(claimKeysOf);

  /** The informer may be late: that no pod uses a claim is said by the server alone. */
  const process = async (claim: Claim, listPods: () => Promise<readonly Pod[]>): Promise<void> => {
    const { namespace, name, deletionTimestamp } = claim.metadata;
    const isUsedAs = async (uses: (pod: Pod, claim: KubeObject) => boolean): Promise<boolean> =>
      [...podsByClaim.get(`${namespace}/${name}`)].some((pod) => uses(pod, claim)) ||
      (await listPods()).some((pod) => uses(pod, claim));
    if (tellsUnused && deletionTimestamp === undefined) {
      await tellUnused(context, claim, !(await isUsedAs(refersToClaim)));
    }
    await finalizer.settle(claim, () => isUsedAs(holdsClaim));
  };

  /** By namespace, so that the pods of each are listed once for all its claims. */
  const waiting = new Map<string, Set<string>>();
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(namespace) {
      const keys = [...(waiting.get(namespace) ?? [])];
      waiting.delete(namespace);
      let listed: Promise<readonly Pod[]> | undefined;
      const listPods = () => {
        listed ??= reader
          .list({ ...podsResource, namespace })
          .then(({ items }) => items as unknown as readonly Pod[]);
        return listed;
      };
      try {
        for (const key of keys) {
          const claim = claims.objects.get(key);
          if (claim) await process(claim, listPods);
        }
      } catch (error) {
        waiting.set(namespace, new Set([...keys, ...(waiting.get(namespace) ?? [])]));
        throw error;
      }
    },
  });
  const add = (key: string) => {
    const namespace = key.slice(0, key.indexOf("/"));
    waiting.set(namespace, (waiting.get(namespace) ?? new Set()).add(key));
    queue.add(namespace);
  };

  claims.onChange((now) => {
    if (!now) return;
    const isUntold = tellsUnused && unusedCondition(now) === undefined;
    if (isUntold || finalizer.concerns(now)) add(`${now.metadata.namespace}/${now.metadata.name}`);
  });
  pods.onChange((now, before) => {
    const isGone = !now || (before && before.metadata.uid !== now.metadata.uid);
    if (isGone) claimKeysOf(before as Pod).forEach(add);
    if (!now) return;
    const pod = now as Pod;
    if (tellsUnused || isTerminated(pod) || !pod.spec?.nodeName) claimKeysOf(pod).forEach(add);
  });
}

const unusedCondition = ({ status }: Claim) => status?.conditions?.find(({ type }) => type === "Unused");

async function tellUnused({ client, clock }: ControllerContext, claim: Claim, isUnused: boolean) {
  const status = isUnused ? "True" : "False";
  const known = unusedCondition(claim);
  if (known?.status === status) return;
  const condition = {
    ...{ type: "Unused", status, lastTransitionTime: timestamp(clock) },
    reason: isUnused ? "NoPodsUsingPVC" : "PodUsingPVC",
    message: isUnused
      ? "No pods are currently referencing this PVC"
      : "A pod is currently referencing this PVC",
  };
  const present = claim.status?.conditions ?? [];
  const conditions = known
    ? present.map((one) => (one === known ? condition : one))
    : [...present, condition];
  const changed = { ...claim, status: { ...claim.status, conditions } };
  const { namespace = "" } = claim.metadata;
  const write = client.update({ ...claimsResource, namespace }, changed as KubeObject, {
    subresource: "status",
  });
  await tolerateRace(write);
}
