import { labelSelectorOf } from "../../api/selectors.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { claim } from "../controllees/claim.ts";
import { controllerOf, isControlledBy } from "../controllees/controller-ref.ts";
import { namespaceOf, Owners } from "../controllees/owners.ts";
import { ControlledPods, type Pod, podsResource } from "../controllees/pod-facts.ts";
import type { ControllerContext, MakeController } from "../controller.ts";
import { type ReplicaSet, replicaSets } from "../replica-set/replica-sets.ts";
import { findCondition, makeCondition, withCondition } from "./conditions.ts";
import { DeploymentSync } from "./deployment-sync.ts";
import {
  type Deployment,
  deploymentKind,
  deploymentsResource,
  hasProgressDeadline,
  isRollingUpdate,
} from "./deployments.ts";
import { findGenerations } from "./new-replica-set.ts";
import { rollBack, rollbackRevision } from "./rollback.ts";
import { recreate, rollOut } from "./rollout.ts";
import { cleanUp, isScalingEvent, scale } from "./scaling.ts";
import { writeStatus } from "./status.ts";

const workers = 5;
const progressing = "Progressing";

export const makeDeploymentController: MakeController = (context) => {
  new DeploymentController(context);
};

/** Brings ReplicaSets, and by them pods, to what Deployments want. Source: pkg/controller/deployment. */
class DeploymentController {
  readonly #context: ControllerContext;
  readonly #deployments: Informer<Deployment>;
  readonly #owners: Owners<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #setsByNamespace: ObjectIndex<ReplicaSet>;
  readonly #pods: ControlledPods;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random, signal, onError, informers, ready } = context;
    this.#context = context;
    this.#deployments = informers.of<Deployment>(deploymentsResource);
    this.#owners = new Owners({
      kind: deploymentKind.kind,
      informer: this.#deployments,
      selectorOf: ({ spec }) => labelSelectorOf(spec.selector),
    });
    this.#sets = informers.of<ReplicaSet>(replicaSets.resource);
    this.#setsByNamespace = this.#sets.index(namespaceOf);
    const pods = informers.of<Pod>(podsResource);
    this.#pods = new ControlledPods(pods);
    this.#recorder = new EventRecorder({ client, clock, random, signal, onError }, "deployment-controller");
    const work = (key: string) => this.#attempt(key);
    this.#queue = new WorkQueue({ clock, signal, onError, ready, workers, work });
    this.#deployments.onChange((now, before) => this.#queue.add(objectKey((now ?? before)!)));
    this.#sets.onChange((now, before) => {
      for (const deployment of this.#owners.affectedBy(now, before)) this.#queue.add(objectKey(deployment));
    });
    pods.onChange((now, before) => {
      if (!now) this.#podDeleted(before as Pod);
    });
  }

  /** With Recreate, new pods wait for the last of the old ones. */
  #podDeleted(pod: Pod): void {
    const owner = controllerOf(pod);
    const set = this.#sets.objects.get(`${pod.metadata.namespace}/${owner?.name}`);
    const deployment = set?.metadata.uid === owner?.uid ? set && this.#owners.of(set) : undefined;
    if (!deployment || isRollingUpdate(deployment)) return;
    const hasPods = [...this.#setsByNamespace.get(pod.metadata.namespace ?? "")].some(
      (one) => isControlledBy(one, deployment) && [...this.#pods.ownedBy(one)].length > 0,
    );
    if (!hasPods) this.#queue.add(objectKey(deployment));
  }

  async #attempt(key: string): Promise<unknown> {
    const deployment = this.#deployments.objects.get(key);
    if (!deployment) return undefined;
    try {
      await this.#sync(key, deployment);
      return undefined;
    } catch (error) {
      if (isNamespaceTerminating(error)) return undefined;
      // Somebody else has written meanwhile, or a template has another's hash.
      if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return again;
      throw error;
    }
  }

  async #sync(key: string, deployment: Deployment): Promise<void> {
    const { client, clock, gates } = this.#context;
    const sync = new DeploymentSync({
      context: { client, clock, gates },
      recorder: this.#recorder,
      deployment,
      sets: await this.#claim(deployment),
      podsOf: (set) => this.#pods.ownedBy(set),
      lookAgain: (after) =>
        after === undefined ? this.#queue.addAgain(key) : this.#queue.addAfter(key, after),
    });
    if (deployment.metadata.deletionTimestamp !== undefined) {
      await writeStatus(sync, await findGenerations(sync, false));
      return;
    }
    await notePause(sync);
    if (deployment.spec.paused) return await this.#scale(sync);
    if (rollbackRevision(sync.deployment) !== undefined) return await rollBack(sync);
    if (isScalingEvent(deployment, await findGenerations(sync, false))) return await this.#scale(sync);
    return isRollingUpdate(deployment) ? await rollOut(sync) : await recreate(sync);
  }

  async #scale(sync: DeploymentSync): Promise<void> {
    const generations = await findGenerations(sync, false);
    await scale(sync, generations);
    if (sync.deployment.spec.paused && rollbackRevision(sync.deployment) === undefined)
      await cleanUp(sync, generations.old);
    await writeStatus(sync, await findGenerations(sync, false));
  }

  #claim(deployment: Deployment): Promise<ReplicaSet[]> {
    const { client } = this.#context;
    const { namespace = "", name = "" } = deployment.metadata;
    return claim([...this.#setsByNamespace.get(namespace)], {
      ...{ client, controller: deployment, kind: deploymentKind, resource: replicaSets.resource },
      selector: labelSelectorOf(deployment.spec.selector),
      fresh: () => client.get({ ...deploymentsResource, namespace }, name),
    });
  }
}

/** So that the deadline does not run while a Deployment is paused. Source: checkPausedConditions. */
async function notePause(sync: DeploymentSync): Promise<void> {
  const { deployment } = sync;
  if (!hasProgressDeadline(deployment)) return;
  const reason = findCondition(deployment.status, progressing)?.reason;
  if (reason === "ProgressDeadlineExceeded") return;
  const isPaused = deployment.spec.paused ?? false;
  if (isPaused === (reason === "DeploymentPaused")) return;
  const [wanted, message] = isPaused
    ? ["DeploymentPaused", "Deployment is paused"]
    : ["DeploymentResumed", "Deployment is resumed"];
  const { clock } = sync.options.context;
  const condition = makeCondition(clock, progressing, "Unknown", wanted!, message!);
  const conditions = [...withCondition(deployment.status?.conditions ?? [], condition)];
  await sync.updateStatus({ ...deployment, status: { ...deployment.status, conditions } });
}
