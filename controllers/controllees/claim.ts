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
  /** Finalizer that objects of the controller have: adopted ones get it, released ones lose it. */
  finalizer?: string;
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
      const own = await manager.claim(object);
      if (own) claimed.push(own);
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

  /** The object if it is the controller's, as it is then. */
  async claim<T extends KubeObject>(object: T): Promise<T | undefined> {
    const { controller, selector, accepts = () => true } = this.#options;
    const matches = selector.matches(object.metadata.labels) && accepts(object);
    const owner = controllerOf(object);
    if (owner) {
      if (owner.uid !== controller.metadata.uid) return undefined;
      if (matches) return object;
      if (controller.metadata.deletionTimestamp === undefined) await this.#release(object);
      return undefined;
    }
    if (!matches || controller.metadata.deletionTimestamp || object.metadata.deletionTimestamp)
      return undefined;
    if (controller.metadata.namespace !== object.metadata.namespace) return undefined;
    return await this.#adopt(object);
  }

  /** undefined: it is not there any more. */
  async #adopt<T extends KubeObject>(object: T): Promise<T | undefined> {
    const { controller, kind, finalizer } = this.#options;
    this.#mayAdopt ??= this.#recheckDeletion();
    await this.#mayAdopt;
    try {
      const ownerReferences = [controllerRefTo(controller, kind)];
      return await this.#patch(object, {
        ownerReferences,
        ...(finalizer === undefined ? {} : { finalizers: [finalizer] }),
      });
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      throw error;
    }
  }

  async #release(object: KubeObject): Promise<void> {
    const { controller, finalizer } = this.#options;
    try {
      await this.#patch(object, {
        ownerReferences: [{ $patch: "delete", uid: controller.metadata.uid }],
        ...(finalizer === undefined ? {} : { "$deleteFromPrimitiveList/finalizers": [finalizer] }),
      });
    } catch (error) {
      // It is gone, or has no such owner any more.
      if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 422)) throw error;
    }
  }

  async #patch<T extends KubeObject>({ metadata }: T, changes: object): Promise<T> {
    const { client, resource } = this.#options;
    const { uid, namespace, name = "" } = metadata;
    const place = namespace === undefined ? resource : { ...resource, namespace };
    return (await client.patch(place, name, { metadata: { uid, ...changes } }, { type: "strategic" })) as T;
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
