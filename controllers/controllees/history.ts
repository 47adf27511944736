import type { PodTemplateSpec } from "../../api/core-types.ts";
import { fnv32 } from "../../api/fnv.ts";
import { goJson } from "../../api/go-json.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { GroupVersionKind, JsonObject, JsonValue, KubeObject } from "../../api/object.ts";
import { safeEncode } from "../../api/safe-encode.ts";
import type { LabelSelector } from "../../api/selectors.ts";
import { sortKeys } from "../../api/sort-keys.ts";
import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { claim } from "./claim.ts";
import { controllerOf, controllerRefTo } from "./controller-ref.ts";
import { namespaceOf } from "./owners.ts";

/** A template as it was once; data is the patch that brings it back. */
export interface ControllerRevision extends KubeObject {
  data: JsonObject;
  revision: number;
}

export const revisionsResource = { group: "apps", version: "v1", resource: "controllerrevisions" } as const;
const hashLabel = "controller.kubernetes.io/hash";
const longestPrefix = 223;

export interface HistoryOptions {
  client: Client;
  informer: Informer<ControllerRevision>;
  /** Of the controllers whose revisions are kept. */
  kind: GroupVersionKind;
}

/**
 * Templates that a controller has had, as ControllerRevisions. Those of all controllers are named and written alike,
 * so that kubectl rollout history reads them. Source: pkg/controller/history.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #byNamespace: ObjectIndex<ControllerRevision>;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#byNamespace = options.informer.index(namespaceOf);
  }

  /** Those that are selected and belong to the controller or to nobody, oldest first. */
  list({ metadata: { namespace = "", uid } }: KubeObject, selector: LabelSelector): ControllerRevision[] {
    return [...this.#byNamespace.get(namespace)]
      .filter((revision) => (controllerOf(revision)?.uid ?? uid) === uid)
      .filter(({ metadata }) => selector.matches(metadata.labels))
      .sort(byRevision);
  }

  /** Takes those that belong to nobody. */
  async adopt(
    controller: KubeObject,
    selector: LabelSelector,
    fresh: () => Promise<KubeObject>,
  ): Promise<void> {
    const { client, kind } = this.#options;
    const orphans = this.list(controller, selector).filter((revision) => !controllerOf(revision));
    await claim(orphans, { client, controller, kind, selector, fresh, resource: revisionsResource });
  }

  /** The revision as it would be created, its name included (NewControllerRevision). */
  make(
    controller: KubeObject,
    template: PodTemplateSpec,
    revision: number,
    collisions: number,
  ): ControllerRevision {
    const data = { spec: { template: { ...template, $patch: "replace" } } } as unknown as JsonObject;
    const hash = hashOf(data, collisions);
    const { name = "", namespace = "", annotations = {} } = controller.metadata;
    return {
      ...{ kind: "ControllerRevision", apiVersion: "apps/v1" },
      metadata: {
        name: `${name.slice(0, longestPrefix)}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, [hashLabel]: hash },
        annotations,
        ownerReferences: [controllerRefTo(controller, this.#options.kind)],
      },
      ...{ data, revision },
    };
  }

  /** Under another name if another template has this one's; the collisions that are known then. */
  async create(
    controller: KubeObject,
    revision: ControllerRevision,
    collisions: number,
  ): Promise<{ revision: ControllerRevision; collisions: number }> {
    const { client } = this.#options;
    const { name = "", namespace = "" } = controller.metadata;
    const place = { ...revisionsResource, namespace };
    for (let known = collisions; ; known++) {
      const named = `${name.slice(0, longestPrefix)}-${hashOf(revision.data, known)}`;
      const wanted = { ...revision, metadata: { ...revision.metadata, name: named } };
      try {
        const created = (await client.create(place, wanted)) as ControllerRevision;
        return { revision: created, collisions: known };
      } catch (error) {
        if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") throw error;
        const there = (await client.get(place, named)) as ControllerRevision;
        if (isSameRevision(there, wanted)) return { revision: there, collisions: known };
      }
    }
  }

  /** Makes an old revision the newest again. */
  async renumber(revision: ControllerRevision, number: number): Promise<ControllerRevision> {
    if (revision.revision === number) return revision;
    const place = { ...revisionsResource, namespace: revision.metadata.namespace ?? "" };
    return (await this.#options.client.update(place, {
      ...revision,
      revision: number,
    } as KubeObject)) as ControllerRevision;
  }

  async delete({ metadata: { namespace = "", name = "" } }: ControllerRevision): Promise<void> {
    await tolerateRace(this.#options.client.delete({ ...revisionsResource, namespace }, name));
  }
}

/** EqualRevision: the same template. */
export const isSameRevision = (a: ControllerRevision, b: ControllerRevision): boolean =>
  jsonEqual(a.data, b.data);

/** The template that the revision brings back. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template as PodTemplateSpec;
}

/** HashControllerRevision: of the patch as Go writes it, and how many others had the same hash. */
const hashOf = (data: JsonObject, collisions: number): string =>
  safeEncode(String(fnv32(Buffer.from(`${goJson(sortKeys(data as JsonValue))}${collisions}`))));

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  const [first, second] = [a.metadata, b.metadata];
  return (
    a.revision - b.revision ||
    compareText(first.creationTimestamp, second.creationTimestamp) ||
    compareText(first.name, second.name)
  );
}

const compareText = (a = "", b = ""): number => (a < b ? -1 : a > b ? 1 : 0);
