import type { Clock } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ServedResource } from "../../client/client.ts";

/** What is left of a resource in a namespace after its deletion. */
export interface Remaining {
  /** An estimate of when it will be gone; 0: none is made. */
  seconds: number;
  objects: number;
  /** How many objects each finalizer holds. */
  finalizers: ReadonlyMap<string, number>;
}

const nothing: Remaining = { seconds: 0, objects: 0, finalizers: new Map() };
/** Until whoever waits for a finalizer is done. */
const finalizerSeconds = 15;

/** Deletes all objects of a resource in a namespace that goes. Throws when some stay without any reason. */
export async function deleteAllOf(
  client: Client,
  clock: Clock,
  { group, version, resource, verbs }: ServedResource,
  { metadata: { name = "", deletionTimestamp = "" } }: KubeObject,
): Promise<Remaining> {
  const reference = { group, version, resource, namespace: name };
  const canList = verbs.includes("list");
  const list = async () => (canList ? ((await supported(client.list(reference)))?.items ?? []) : []);
  const isPods = group === "" && resource === "pods";
  const seconds = isPods ? gracefulSeconds(await list(), clock, deletionTimestamp) : 0;
  // The garbage collector need not be asked about dependents: all that is in the namespace goes.
  const options = { propagationPolicy: "Background" } as const;
  const asCollection = verbs.includes("deletecollection")
    ? await supported(client.deleteCollection(reference, options).then(() => true))
    : undefined;
  if (!asCollection) {
    for (const { metadata } of await list()) {
      await supported(client.delete(reference, metadata.name ?? "", options));
    }
  }
  const left = await list();
  if (left.length === 0) return { ...nothing, seconds: canList ? 0 : seconds };
  const finalizers = countFinalizers(left);
  if (seconds > 0) return { seconds, objects: left.length, finalizers };
  if (finalizers.size > 0) return { seconds: finalizerSeconds, objects: left.length, finalizers };
  const text = `${group}/${version}, Resource=${resource}`;
  throw new Error(`unexpected items still remain in namespace: ${name} for gvr: ${text}`);
}

/** undefined: the server does not have it, or not this verb of it. */
async function supported<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 405)) return undefined;
    throw error;
  }
}

function countFinalizers(objects: readonly KubeObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metadata } of objects) {
    for (const finalizer of metadata.finalizers ?? []) {
      counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
  }
  return counts;
}

interface Pod extends KubeObject {
  spec?: { terminationGracePeriodSeconds?: number };
  status?: { phase?: string };
}

/** The longest grace of a pod that runs, unless so much time has passed already. */
function gracefulSeconds(pods: readonly Pod[], clock: Clock, deletedAt: string): number {
  const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  const longest = Math.max(0, ...running.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0));
  return clock.now() - Date.parse(deletedAt) >= longest * 1000 ? 0 : longest;
}
