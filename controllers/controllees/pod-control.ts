import type { PodTemplateSpec } from "../../api/core-types.ts";
import type { GroupVersionKind, KubeObject } from "../../api/object.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { nameIsDnsSubdomain } from "../../api/validation/names.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events.ts";
import { controllerRefTo, referenceTo } from "./controller-ref.ts";
import { type Pod, podsResource } from "./pod-facts.ts";

export interface PodControlOptions {
  client: Client;
  recorder: EventRecorder;
  /** Of the controllers that pods are created for. */
  kind: GroupVersionKind;
}

/** Creates and deletes the pods of a controller and tells so by events. Source: RealPodControl of pkg/controller. */
export class PodControl {
  readonly #options: PodControlOptions;

  constructor(options: PodControlOptions) {
    this.#options = options;
  }

  /** Its name begins with the owner's, unless generateName says otherwise. */
  async create(owner: KubeObject, template: PodTemplateSpec, generateName?: string): Promise<KubeObject> {
    const { client, kind } = this.#options;
    const pod = podFromTemplate(owner, kind, template);
    if (generateName !== undefined) pod.metadata.generateName = generateName;
    if (Object.keys(pod.metadata.labels ?? {}).length === 0)
      throw new Error("unable to create pods, no labels");
    try {
      const created = await client.create(placeOf(owner), pod);
      this.#record(owner, "Normal", "SuccessfulCreate", `Created pod: ${created.metadata.name}`);
      return created;
    } catch (error) {
      if (!isNamespaceTerminating(error))
        this.#record(owner, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  async delete(owner: KubeObject, name: string): Promise<void> {
    try {
      await this.#options.client.delete(placeOf(owner), name);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) throw error;
      this.#record(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw new Error(`unable to delete pods: ${messageOf(error)}`, { cause: error });
    }
    this.#record(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
  }

  #record(owner: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const { recorder, kind } = this.#options;
    recorder.record({ about: referenceTo(owner, kind), type, reason, message });
  }
}

const placeOf = ({ metadata }: KubeObject) => ({ ...podsResource, namespace: metadata.namespace ?? "" });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** GetPodFromTemplate: without a name. */
export function podFromTemplate(owner: KubeObject, kind: GroupVersionKind, template: PodTemplateSpec): Pod {
  const { labels = {}, annotations = {}, finalizers = [] } = template.metadata ?? {};
  return {
    ...{ kind: "Pod", apiVersion: "v1" },
    metadata: {
      generateName: podPrefix(owner.metadata.name ?? ""),
      ...{ labels: { ...labels }, annotations: { ...annotations }, finalizers: [...finalizers] },
      ownerReferences: [controllerRefTo(owner, kind)],
    },
    spec: template.spec!,
    status: {},
  };
}

/** With a dash between the names, unless that makes no name. */
function podPrefix(owner: string): string {
  const prefix = `${owner}-`;
  return nameIsDnsSubdomain(prefix, true).length === 0 ? prefix : owner;
}
