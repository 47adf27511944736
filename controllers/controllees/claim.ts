import type { GroupVersionKind, KubeObject } from "../../api/object.ts";
import type { LabelSelector } from "../../api/selectors.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import { controllerOf, controllerRefTo } from "./controller-ref.ts";

export interface ClaimOptions {
  client: Client;
  /** Who claims, and how its kind is called. */
  controller: KubeObject;
  kind: GroupVersionKind;
  selector: LabelSelector;
  /** What the objects are. */
  resource: ResourceReference;
  /** Whether an object that is selected is one that the controller can have. */
  accepts?(object: KubeObject): boolean;
  /** The controller as the server has it now. Asked for once at most, before the first orphan is adopted. */
  fresh(): Promise<KubeObject>;
}

/**
 * Those of the objects that are the controller's: orphans that its selector matches are adopted, its own that it does
 * not match any more are released. A controller that is being deleted does neither.
 * Source: BaseControllerRefManager of pkg/controller/controller_ref_manager.go.
 *
 * @throws AggregateError of what failed, when all objects have been tried
 */
export async function claim<T extends KubeObject>(
  objects: readonly T[],
  options: ClaimOptions,
): Promise<T[]> {
  const manager = new ControllerRefManager(options);
  const claimed: T[] = [];
  const errors: unknown[] = [];
  for (const object of objects) {
    try {
      if (await manager.claims(object)) claimed.push(object);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join(", "));
  return claimed;
}

class ControllerRefManager {
  readonly #options: ClaimOptions;
  #mayAdopt: Promise<void> | undefined;

  constructor(options: ClaimOptions) {
    this.#options = options;
  }

  async claims(object: KubeObject): Promise<boolean> {
    const { controller, selector, accepts = () => true } = this.#options;
    const matches = selector.matches(object.metadata.labels) && accepts(object);
    const owner = controllerOf(object);
    if (owner) {
      if (owner.uid !== controller.metadata.uid) return false;
      if (matches) return true;
      if (controller.metadata.deletionTimestamp === undefined) await this.#release(object);
      return false;
    }
    if (!matches || controller.metadata.deletionTimestamp || object.metadata.deletionTimestamp) return false;
    if (controller.metadata.namespace !== object.metadata.namespace) return false;
    return await this.#adopt(object);
  }

  /** Whether it is there to be adopted. */
  async #adopt(object: KubeObject): Promise<boolean> {
    const { controller, kind } = this.#options;
    this.#mayAdopt ??= this.#recheckDeletion();
    await this.#mayAdopt;
    try {
      await this.#patch(object, [controllerRefTo(controller, kind)]);
      return true;
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return false;
      throw error;
    }
  }

  async #release(object: KubeObject): Promise<void> {
    try {
      await this.#patch(object, [{ $patch: "delete", uid: this.#options.controller.metadata.uid }]);
    } catch (error) {
      // It is gone, or has no such owner any more.
      if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 422)) throw error;
    }
  }

  #patch({ metadata }: KubeObject, ownerReferences: readonly object[]): Promise<KubeObject> {
    const { client, resource } = this.#options;
    const { uid, namespace, name = "" } = metadata;
    const place = namespace === undefined ? resource : { ...resource, namespace };
    return client.patch(place, name, { metadata: { uid, ownerReferences } }, { type: "strategic" });
  }

  async #recheckDeletion(): Promise<void> {
    const { controller, kind, fresh } = this.#options;
    const { metadata } = await fresh();
    const { namespace, name, uid } = controller.metadata;
    if (metadata.uid !== uid)
      throw new Error(
        `original ${kind.kind} ${namespace}/${name} is gone: got uid ${metadata.uid}, wanted ${uid}`,
      );
    if (metadata.deletionTimestamp !== undefined)
      throw new Error(`${namespace}/${name} has just been deleted at ${metadata.deletionTimestamp}`);
  }
}
