import type { LabelSelector } from "../../api/selectors.ts";
import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import {
  type ControllerRevision,
  type History,
  isSameRevision,
  revisionsResource,
} from "../controllees/history.ts";
import { type Pod, podsResource } from "../controllees/pod-facts.ts";
import { templateHash } from "../controllees/template-hash.ts";
import { type DaemonSet, daemonSetsResource, revisionLabel } from "./daemon-sets.ts";

export interface DaemonSetHistory {
  /** What pods of the current template are labelled with. */
  hash: string;
  old: readonly ControllerRevision[];
}

interface Options {
  client: Client;
  history: History;
  set: DaemonSet;
  selector: LabelSelector;
  pods: readonly Pod[];
}

/** Finds or creates the revision of the current template. Source: constructHistory of pkg/controller/daemon/update.go. */
export async function constructHistory(options: Options): Promise<DaemonSetHistory> {
  const { client, history, set, selector } = options;
  const wanted = makeRevision(history, set);
  const known: ControllerRevision[] = [];
  for (const revision of history.list(set, selector)) known.push(await withLabel(client, revision));
  const current = known.filter((revision) => isSameRevision(revision, wanted));
  const old = known.filter((revision) => !current.includes(revision));
  const number = Math.max(0, ...old.map(({ revision }) => revision)) + 1;
  if (current.length === 0) {
    const created = await snapshot(client, set, { ...wanted, revision: number });
    return { hash: hashOf(created), old };
  }
  const kept = await keepOne(options, current);
  if (kept.revision < number) await history.renumber(kept, number);
  return { hash: hashOf(kept), old };
}

export const hashOf = ({ metadata }: ControllerRevision | Pod): string =>
  metadata.labels?.[revisionLabel] ?? "";

/** Named by the hash of its template, which its pods are labelled with too. */
function makeRevision(history: History, set: DaemonSet): ControllerRevision {
  const { template } = set.spec;
  const hash = templateHash(template, set.status?.collisionCount);
  const made = history.make(set, template, 0, 0);
  const labels = { ...template.metadata?.labels, [revisionLabel]: hash };
  return { ...made, metadata: { ...made.metadata, name: `${set.metadata.name}-${hash}`, labels } };
}

async function withLabel(client: Client, revision: ControllerRevision): Promise<ControllerRevision> {
  const { name = "", namespace = "", labels } = revision.metadata;
  if (labels?.[revisionLabel] !== undefined) return revision;
  const metadata = { ...revision.metadata, labels: { ...labels, [revisionLabel]: name } };
  const place = { ...revisionsResource, namespace };
  return (await client.update(place, { ...revision, metadata } as ControllerRevision)) as ControllerRevision;
}

async function snapshot(
  client: Client,
  set: DaemonSet,
  wanted: ControllerRevision,
): Promise<ControllerRevision> {
  const { namespace = "", name = "" } = set.metadata;
  const place = { ...revisionsResource, namespace };
  try {
    return (await client.create(place, wanted)) as ControllerRevision;
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") throw error;
    const there = (await client.get(place, wanted.metadata.name ?? "")) as ControllerRevision;
    if (isSameRevision(there, wanted)) return there;
    // Another template has the same hash: with the next number it has another one.
    const fresh = (await client.get({ ...daemonSetsResource, namespace }, name)) as DaemonSet;
    if (fresh.status?.collisionCount === set.status?.collisionCount) {
      const collisionCount = (fresh.status?.collisionCount ?? 0) + 1;
      const counted = { ...fresh, status: { ...fresh.status, collisionCount } } as DaemonSet;
      await client.update({ ...daemonSetsResource, namespace }, counted, { subresource: "status" });
    }
    throw error;
  }
}

/** Of several revisions of the same template the latest is kept, and pods of the others become its own. */
async function keepOne(
  { client, history, pods }: Options,
  current: readonly ControllerRevision[],
): Promise<ControllerRevision> {
  const kept = current.reduce((best, one) => (one.revision >= best.revision ? one : best));
  if (current.length === 1) return kept;
  for (const pod of pods) {
    if (hashOf(pod) === hashOf(kept)) continue;
    const { name = "", namespace = "" } = pod.metadata;
    const patch = { metadata: { labels: { [revisionLabel]: hashOf(kept) } } };
    await client.patch({ ...podsResource, namespace }, name, patch, { type: "merge" });
  }
  for (const revision of current) if (revision !== kept) await history.delete(revision);
  return kept;
}

/** Deletes the oldest revisions that no pod has, beyond the limit. */
export async function cleanUpHistory(
  { history, set, pods }: Pick<Options, "history" | "set" | "pods">,
  old: readonly ControllerRevision[],
): Promise<void> {
  let surplus = old.length - (set.spec.revisionHistoryLimit ?? 0);
  const live = new Set(pods.map(hashOf));
  for (const revision of old.toSorted((a, b) => a.revision - b.revision)) {
    if (surplus <= 0) return;
    if (live.has(hashOf(revision))) continue;
    await history.delete(revision);
    surplus--;
  }
}
