import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events.ts";
import type { KnownObjects } from "../../client/known-objects.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import { type Pod, podsResource } from "../controllees/pod-facts.ts";
import { blocksPod, hasOtherController, wantedOwners } from "./claim-owners.ts";
import {
  type Claim,
  claimNames,
  claimsFor,
  claimsResource,
  hasIdentity,
  hasStorage,
  ordinalOf,
  type StatefulSet,
  statefulSetKind,
  withIdentity,
  withStorage,
} from "./stateful-sets.ts";

export interface StatefulPodControlOptions {
  client: Client;
  recorder: EventRecorder;
  claims: KnownObjects<Claim>;
}

const reasonOf = (error: unknown): string | undefined =>
  error instanceof StatusError ? error.reason : undefined;

/** Creates, mends and deletes pods together with their claims. Source: pkg/controller/statefulset/stateful_pod_control.go. */
export class StatefulPodControl {
  readonly #options: StatefulPodControlOptions;

  constructor(options: StatefulPodControlOptions) {
    this.#options = options;
  }

  /** Its claims first. */
  async create(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#tellIfFailed("Create", set, pod, () => this.#createClaims(set, pod));
    let failure: unknown;
    let created = pod;
    try {
      created = (await this.#options.client.create(placeOf(set), pod)) as Pod;
    } catch (error) {
      if (reasonOf(error) === "AlreadyExists") throw error;
      failure = error;
    }
    await this.#tellIfFailed("Update", set, pod, () => this.#updateOwners(set, created));
    this.#tellOfPod("Create", set, pod, failure);
    if (failure) throw failure;
  }

  async delete(set: StatefulSet, pod: Pod): Promise<void> {
    try {
      await this.#options.client.delete(placeOf(set), pod.metadata.name ?? "");
    } catch (error) {
      if (reasonOf(error) !== "NotFound") {
        this.#tellOfPod("Delete", set, pod, error);
        throw error;
      }
    }
    this.#tellOfPod("Delete", set, pod, undefined);
  }

  /** Creates the claims that a pod waits for. */
  async completeClaims(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#createClaims(set, pod);
    await this.#tellIfFailed("Update", set, pod, () => this.#updateOwners(set, pod));
  }

  /** Sees to it that the claims belong to whom the policy says. */
  async mendOwners(set: StatefulSet, pod: Pod): Promise<void> {
    if (!this.#areOwnersRight(set, pod)) await this.#updateOwners(set, pod);
  }

  /** Gives a pod back its name, labels and volumes, and its claims their owners. */
  async mend(set: StatefulSet, pod: Pod): Promise<void> {
    const ordinal = ordinalOf(pod);
    let mended = pod;
    if (!hasIdentity(set, pod)) mended = withIdentity(set, mended, ordinal);
    if (!hasStorage(set, pod)) {
      mended = withStorage(set, mended, ordinal);
      await this.#tellIfFailed("Update", set, pod, () => this.#createClaims(set, pod));
    }
    const areOwnersRight = this.#areOwnersRight(set, pod);
    if (!areOwnersRight) await this.#tellIfFailed("Update", set, pod, () => this.#updateOwners(set, pod));
    if (mended === pod && areOwnersRight) return;
    await this.#tellIfFailed("Update", set, pod, () => this.#options.client.update(placeOf(set), mended));
    this.#tellOfPod("Update", set, pod, undefined);
  }

  /** A claim of an earlier pod of this name has to go first. */
  isBlocked(set: StatefulSet, pod: Pod): boolean {
    return this.#claimsOf(set, pod).some((claim) => blocksPod(claim, set, pod));
  }

  /** The pod's claims, as far as they are there. */
  #claimsOf(set: StatefulSet, pod: Pod): Claim[] {
    const names = [...claimNames(set, ordinalOf(pod)).values()];
    return names.flatMap((name) => this.#options.claims.get(`${set.metadata.namespace}/${name}`) ?? []);
  }

  #areOwnersRight(set: StatefulSet, pod: Pod): boolean {
    return this.#claimsOf(set, pod).every((claim) => wantedOwners(claim, set, pod) === undefined);
  }

  async #updateOwners(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, recorder, claims } = this.#options;
    for (const claim of this.#claimsOf(set, pod)) {
      const { name } = claim.metadata;
      if (hasOtherController(claim, set, pod)) {
        const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        const about = referenceTo(set, statefulSetKind);
        recorder.record({ about, type: "Warning", reason: "ConflictingController", message });
      }
      const ownerReferences = wantedOwners(claim, set, pod);
      if (!ownerReferences) continue;
      const place = { ...claimsResource, namespace: set.metadata.namespace ?? "" };
      const metadata = { ...claim.metadata, ownerReferences };
      claims.remember(await client.update(place, { ...claim, metadata } as KubeObject));
    }
  }

  async #createClaims(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, claims } = this.#options;
    const errors: unknown[] = [];
    for (const claim of claimsFor(set, ordinalOf(pod))) {
      const { name, namespace = "" } = claim.metadata;
      const known = claims.get(`${namespace}/${name}`);
      if (known?.metadata.deletionTimestamp !== undefined)
        errors.push(new Error(`pvc ${name} is being deleted`));
      if (known) continue;
      try {
        claims.remember(await client.create({ ...claimsResource, namespace }, claim as KubeObject));
        this.#tell(set, "Create", `Claim ${name} Pod ${pod.metadata.name}`, "success", undefined);
      } catch (error) {
        errors.push(error);
        if (reasonOf(error) !== "AlreadyExists")
          this.#tell(set, "Create", `Claim ${name} for Pod ${pod.metadata.name}`, "success", error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async #tellIfFailed(verb: string, set: StatefulSet, pod: Pod, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#tellOfPod(verb, set, pod, error);
      throw error;
    }
  }

  #tellOfPod(verb: string, set: StatefulSet, pod: Pod, error: unknown): void {
    this.#tell(set, verb, `Pod ${pod.metadata.name}`, "successful", error);
  }

  #tell(set: StatefulSet, verb: string, what: string, success: string, error: unknown): void {
    const about = referenceTo(set, statefulSetKind);
    const subject = `${verb} ${what} in StatefulSet ${set.metadata.name}`;
    const failed = error !== undefined;
    const text = error instanceof Error ? error.message : String(error);
    this.#options.recorder.record({
      about,
      type: failed ? "Warning" : "Normal",
      reason: `${failed ? "Failed" : "Successful"}${verb}`,
      message: failed ? `${subject} failed error: ${text}` : `${subject} ${success}`,
    });
  }
}

const placeOf = ({ metadata }: StatefulSet) => ({ ...podsResource, namespace: metadata.namespace ?? "" });
