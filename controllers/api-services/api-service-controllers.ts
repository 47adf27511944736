import type { ApiServiceObject } from "../../api/api-services.ts";
import { timestamp } from "../../api/clock.ts";
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import { type Follower, type FollowOptions, follow } from "../../client/follow.ts";
import { KnownObjects } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { type Backends, type EndpointSlice, judgeAvailability, type Service } from "./availability.ts";
import { apiServiceNames, registrationStep, wantedApiService } from "./registration.ts";

const apiServicesResource = { group: "apiregistration.k8s.io", version: "v1", resource: "apiservices" };
const servicesResource = { group: "", version: "v1", resource: "services" };
const slicesResource = { group: "discovery.k8s.io", version: "v1", resource: "endpointslices" };
const serviceNameLabel = "kubernetes.io/service-name";

export interface ApiServiceControllersOptions extends FollowOptions {
  client: Client;
}

/**
 * Keeps an APIService for every group version that a custom resource definition serves, and says of every APIService
 * whether what it stands for can be reached.
 */
export class ApiServiceControllers {
  readonly #options: ApiServiceControllersOptions;
  readonly #definitions: KnownObjects<KubeObject & CustomResourceDefinition>;
  readonly #apiServices: KnownObjects<ApiServiceObject>;
  readonly #queue: WorkQueue;
  #followsBackends = false;

  constructor(options: ApiServiceControllersOptions) {
    const { clock, signal, onError } = options;
    this.#options = options;
    this.#queue = new WorkQueue({ clock, signal, onError, work: (name) => this.#sync(name) });
    this.#definitions = new KnownObjects((now, before) => {
      for (const one of [before, now]) if (one) this.#enqueueVersions(one as CustomResourceDefinition);
    });
    this.#apiServices = new KnownObjects((now, before) => {
      this.#queue.add((now ?? before)?.metadata.name ?? "");
    });
  }

  /** To be told of the custom resource definitions, before the start. */
  get definitions(): Follower {
    return this.#definitions;
  }

  /** Follows APIServices until the signal aborts. */
  async start(): Promise<void> {
    const { client, ...following } = this.#options;
    await follow(client, apiServicesResource, this.#apiServices, following);
    for (const definition of this.#definitions.values()) this.#enqueueVersions(definition);
  }

  #enqueueVersions(definition: CustomResourceDefinition): void {
    for (const name of apiServiceNames(definition)) this.#queue.add(name);
  }

  async #sync(name: string): Promise<void> {
    if (!this.#apiServices.complete || !this.#definitions.complete) return;
    const existing = this.#apiServices.get(name);
    await tolerateRace(this.#register(name, existing));
    if (existing) await tolerateRace(this.#judge(existing));
  }

  async #register(name: string, existing: ApiServiceObject | undefined): Promise<void> {
    const { client } = this.#options;
    const step = registrationStep(existing, wantedApiService(name, this.#definitions.values()));
    if (step.action === "create") await client.create(apiServicesResource, step.object);
    if (step.action === "update") await client.update(apiServicesResource, step.object);
    if (step.action === "delete") {
      const { uid = "" } = existing?.metadata ?? {};
      await client.delete(apiServicesResource, name, { preconditions: { uid } });
    }
  }

  async #judge(object: ApiServiceObject): Promise<void> {
    const { client, clock } = this.#options;
    if (object.spec.service) await this.#followBackends();
    const next = await judgeAvailability(object, this.#backends(), timestamp(clock));
    if (!next) return;
    const written = await client.update(apiServicesResource, next, { subresource: "status" });
    if (this.#apiServices.get(next.metadata.name ?? "")) this.#apiServices.remember(written);
  }

  /** From the first APIService on that leads to a Service: most clusters have none. */
  async #followBackends(): Promise<void> {
    if (this.#followsBackends) return;
    this.#followsBackends = true;
    const { client, ...following } = this.#options;
    const service = ({ metadata }: KubeObject) => metadata.name;
    const serviceOfSlice = ({ metadata }: KubeObject) => metadata.labels?.[serviceNameLabel];
    await follow(client, servicesResource, this.#backendFollower(service), following);
    await follow(client, slicesResource, this.#backendFollower(serviceOfSlice), following);
  }

  #backendFollower(nameOf: (object: KubeObject) => string | undefined): Follower {
    const changed = (object: KubeObject): void => {
      const name = nameOf(object);
      for (const { metadata, spec } of this.#apiServices.values()) {
        const { service } = spec;
        if (service?.namespace === object.metadata.namespace && service?.name === name) {
          this.#queue.add(metadata.name ?? "");
        }
      }
    };
    return { replace: (objects) => objects.forEach(changed), set: changed, delete: changed };
  }

  #backends(): Backends {
    const { client } = this.#options;
    return {
      async service(namespace, name) {
        try {
          return (await client.get({ ...servicesResource, namespace }, name)) as Service;
        } catch (error) {
          // What cannot be a name is nobody's.
          if (error instanceof StatusError && (error.code === 404 || error.code === 400)) return undefined;
          throw error;
        }
      },
      async endpointSlices(namespace, service) {
        const labelSelector = `${serviceNameLabel}=${service}`;
        const { items } = await client.list({ ...slicesResource, namespace }, { labelSelector });
        return items as EndpointSlice[];
      },
    };
  }
}
