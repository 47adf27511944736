import type { KubeObject, OwnerReference } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Informer } from "../../client/informer.ts";
import { controllerOf } from "../controllees/controller-ref.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import type { ControllerContext } from "../controller.ts";

interface Workload extends KubeObject {
  spec?: { replicas?: number };
}
interface Scale {
  uid: string;
  replicas: number;
}

export interface ExpectedScale {
  count: number;
  /** Names of pods that nobody manages. */
  unmanaged: string[];
}

/** How many pods the controllers of pods want. Source: getExpectedScale and the finders of pkg/controller/disruption. */
export class ScaleFinder {
  readonly #context: ControllerContext;
  readonly #replicationControllers: Informer<Workload>;
  readonly #replicaSets: Informer<Workload>;
  readonly #deployments: Informer<Workload>;
  readonly #statefulSets: Informer<Workload>;

  constructor(context: ControllerContext) {
    const { informers } = context;
    const apps = { group: "apps", version: "v1" };
    this.#context = context;
    this.#replicationControllers = informers.of({
      ...{ group: "", version: "v1", resource: "replicationcontrollers" },
    });
    this.#replicaSets = informers.of({ ...apps, resource: "replicasets" });
    this.#deployments = informers.of({ ...apps, resource: "deployments" });
    this.#statefulSets = informers.of({ ...apps, resource: "statefulsets" });
  }

  /** @throws Error where the scale of a pod's controller cannot be found */
  async expected(pods: readonly Pod[]): Promise<ExpectedScale> {
    const scales = new Map<string, number>();
    const unmanaged: string[] = [];
    for (const pod of pods) {
      const { namespace = "", name = "" } = pod.metadata;
      const owner = controllerOf(pod);
      if (!owner) unmanaged.push(name);
      if (!owner || scales.has(owner.uid)) continue;
      const scale = this.#workload(owner, namespace) ?? (await this.#scaleOf(owner, namespace));
      if (!scale) throw new Error(`found no controllers for pod "${name}"`);
      scales.set(scale.uid, scale.replicas);
    }
    return { count: [...scales.values()].reduce((sum, count) => sum + count, 0), unmanaged };
  }

  #workload(owner: OwnerReference, namespace: string): Scale | undefined {
    const { kind } = owner;
    const group = groupOf(owner.apiVersion);
    const isOldOrNew = group === "apps" || group === "extensions";
    if (kind === "ReplicationController" && group === "") {
      return scaleIn(this.#replicationControllers, owner, namespace);
    }
    if (kind === "StatefulSet" && group === "apps") return scaleIn(this.#statefulSets, owner, namespace);
    if (kind !== "ReplicaSet" || !isOldOrNew) return undefined;
    const set = found(this.#replicaSets, owner, namespace);
    const above = set && controllerOf(set);
    // Of a Deployment's sets, only the Deployment says how many pods are wanted.
    if (above?.kind === "Deployment") return scaleIn(this.#deployments, above, namespace);
    return set && scaleOfWorkload(set);
  }

  /** Of any resource that has a scale. */
  async #scaleOf(owner: OwnerReference, namespace: string): Promise<Scale | undefined> {
    const { client } = this.#context;
    const { kind, apiVersion, name, uid } = owner;
    const group = groupOf(apiVersion);
    const served = (await client.servedResources()).filter((one) => one.group === group && one.kind === kind);
    const resource = served.find(({ version }) => apiVersion.endsWith(version)) ?? served[0];
    if (!resource) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
    try {
      const place = resource.namespaced ? { ...resource, namespace } : resource;
      const scale: Workload = await client.get(place, name, { subresource: "scale" });
      return scale.metadata.uid === uid ? scaleOfWorkload(scale) : undefined;
    } catch (error) {
      if (!(error instanceof StatusError && error.code === 404)) throw error;
      // Not found is the object, or else the scale of this resource.
      if (error.details?.name === name) return undefined;
      const shown = group === "" ? resource.resource : `${resource.resource}.${group}`;
      throw new Error(`${shown} does not implement the scale subresource`);
    }
  }
}

function found(informer: Informer<Workload>, owner: OwnerReference, namespace: string): Workload | undefined {
  const object = informer.objects.get(`${namespace}/${owner.name}`);
  return object?.metadata.uid === owner.uid ? object : undefined;
}

function scaleIn(informer: Informer<Workload>, owner: OwnerReference, namespace: string): Scale | undefined {
  const object = found(informer, owner, namespace);
  return object && scaleOfWorkload(object);
}

const scaleOfWorkload = ({ metadata, spec }: Workload): Scale => ({
  uid: metadata.uid ?? "",
  replicas: spec?.replicas ?? 0,
});

/** "" of "v1". */
const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
