import type { ResourceReference } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import type { ControllerContext } from "../controller.ts";
import { desiredReplicas, type ReplicaSet, replicaSets } from "../replica-set/replica-sets.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { type Deployment, deploymentKind, deploymentsResource } from "./deployments.ts";
import { sizeAnnotations } from "./revisions.ts";

export interface DeploymentSyncOptions {
  context: Pick<ControllerContext, "client" | "clock" | "gates">;
  recorder: EventRecorder;
  deployment: Deployment;
  /** The Deployment's own ReplicaSets. */
  sets: readonly ReplicaSet[];
  podsOf(set: ReplicaSet): Iterable<Pod>;
  /** Looks at the Deployment again, after so many milliseconds; undefined: as soon as after a failure. */
  lookAgain(after: number | undefined): void;
}

/** One look at a Deployment: what is known of it, and what is written. */
export class DeploymentSync {
  readonly options: DeploymentSyncOptions;
  /** As the server had it last. */
  deployment: Deployment;
  #sets: readonly ReplicaSet[];

  constructor(options: DeploymentSyncOptions) {
    this.options = options;
    this.deployment = options.deployment;
    this.#sets = options.sets;
  }

  get sets(): readonly ReplicaSet[] {
    return this.#sets;
  }

  get place(): { namespace: string } {
    return { namespace: this.deployment.metadata.namespace ?? "" };
  }

  get setsResource(): ResourceReference {
    return { ...replicaSets.resource, ...this.place };
  }

  record(type: "Normal" | "Warning", reason: string, message: string): void {
    const about = referenceTo(this.deployment, deploymentKind);
    this.options.recorder.record({ about, type, reason, message });
  }

  /** Writes the status, and annotations that go with it. */
  async updateStatus(deployment: Deployment): Promise<void> {
    const { client } = this.options.context;
    const resource = { ...deploymentsResource, ...this.place };
    this.deployment = (await client.update(resource, deployment, { subresource: "status" })) as Deployment;
  }

  async updateDeployment(deployment: Deployment): Promise<void> {
    const { client } = this.options.context;
    const resource = { ...deploymentsResource, ...this.place };
    this.deployment = (await client.update(resource, deployment)) as Deployment;
  }

  async createSet(set: ReplicaSet): Promise<ReplicaSet> {
    const created = (await this.options.context.client.create(this.setsResource, set)) as ReplicaSet;
    this.#sets = [...this.#sets, created];
    return created;
  }

  async updateSet(set: ReplicaSet): Promise<ReplicaSet> {
    const updated = (await this.options.context.client.update(this.setsResource, set)) as ReplicaSet;
    this.#sets = this.#sets.map((one) => (one.metadata.uid === updated.metadata.uid ? updated : one));
    return updated;
  }

  async deleteSet(set: ReplicaSet): Promise<void> {
    const { name = "" } = set.metadata;
    await tolerateRace(this.options.context.client.delete(this.setsResource, name));
  }

  /**
   * Gives a ReplicaSet another size, and remembers the Deployment's beside it. The set as it is then.
   * Source: scaleReplicaSet. isForced: the annotations are mended even if the size stays.
   */
  async scale(set: ReplicaSet, replicas: number, isForced = false): Promise<ReplicaSet> {
    const old = desiredReplicas(set);
    if (old === replicas && !isForced) return set;
    const wanted = sizeAnnotations(this.deployment);
    const { annotations = {} } = set.metadata;
    const isAnnotated = Object.entries(wanted).every(([key, value]) => annotations[key] === value);
    if (old === replicas && isAnnotated) return set;
    const updated = await this.updateSet({
      ...set,
      metadata: { ...set.metadata, annotations: { ...annotations, ...wanted } },
      spec: { ...set.spec, replicas },
    });
    if (old !== replicas) {
      const message = `Scaled ${old < replicas ? "up" : "down"} replica set ${set.metadata.name} from ${old} to ${replicas}`;
      this.record("Normal", "ScalingReplicaSet", message);
    }
    return updated;
  }
}
