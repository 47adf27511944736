import { timestamp } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { ControllerContext } from "../controller.ts";
import { ContentReport, type NamespaceCondition } from "./content-report.ts";
import { deleteAllOf, type Remaining } from "./delete-all-of.ts";

export const namespacesResource = { group: "", version: "v1", resource: "namespaces" } as const;

export interface Namespace extends KubeObject {
  spec?: { finalizers?: readonly string[] };
  status?: { phase?: string; conditions?: readonly NamespaceCondition[] };
}

type Context = Pick<ControllerContext, "client" | "clock" | "onError">;

const finalizer = "kubernetes";

/**
 * Takes a namespace that is to go as far as it can be taken: it is called terminating, its content deleted (pods
 * first), its conditions say what is left, and when nothing is, our finalizer goes. The result is an estimate in
 * seconds of when to look again; 0: there is no need to.
 * Source: pkg/controller/namespace/deletion/namespaced_resources_deleter.go and KEP-5080 (ordered deletion).
 */
export async function finishNamespace(context: Context, name: string): Promise<number> {
  try {
    return await finish(context, (await context.client.get(namespacesResource, name)) as Namespace);
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return 0;
    throw error;
  }
}

async function finish(context: Context, found: Namespace): Promise<number> {
  if (found.metadata.deletionTimestamp === undefined) return 0;
  const namespace = await persistently(context, found, async (latest) => {
    if (latest.metadata.deletionTimestamp === undefined || latest.status?.phase === "Terminating")
      return latest;
    return writeStatus(context, { ...latest, status: { ...latest.status, phase: "Terminating" } });
  });
  if (namespace.metadata.deletionTimestamp === undefined) return 0;
  if ((namespace.spec?.finalizers ?? []).length === 0) return 0;
  const seconds = await deleteContent(context, namespace);
  if (seconds > 0) return seconds;
  await persistently(context, namespace, (latest) => finalize(context, latest));
  return 0;
}

/** Tries again with the newest state while others change it. */
async function persistently(
  { client }: Context,
  namespace: Namespace,
  write: (latest: Namespace) => Promise<Namespace>,
): Promise<Namespace> {
  for (let latest = namespace; ; ) {
    try {
      return await write(latest);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== "Conflict") throw error;
      const before = latest;
      latest = (await client.get(namespacesResource, before.metadata.name ?? "")) as Namespace;
      if (latest.metadata.uid !== before.metadata.uid) {
        throw new Error("namespace uid has changed across retries");
      }
    }
  }
}

const writeStatus = async ({ client }: Context, namespace: Namespace): Promise<Namespace> =>
  (await client.update(namespacesResource, namespace, { subresource: "status" })) as Namespace;

async function finalize({ client }: Context, namespace: Namespace): Promise<Namespace> {
  const finalizers = [...new Set(namespace.spec?.finalizers)].filter((one) => one !== finalizer).sort();
  const { kind, apiVersion, metadata } = namespace;
  const finalized = { kind, apiVersion, metadata, spec: { ...namespace.spec, finalizers } } as Namespace;
  return (await client.update(namespacesResource, finalized, { subresource: "finalize" })) as Namespace;
}

async function deleteContent(context: Context, namespace: Namespace): Promise<number> {
  const { client, clock } = context;
  const report = new ContentReport();
  const { resources, failed } = await client.preferredResources();
  if (failed.length > 0) report.addUndiscovered(failed);
  const deletable = resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes("delete"));
  const isPods = ({ group, resource }: { group: string; resource: string }) =>
    group === "" && resource === "pods";
  let seconds = 0;
  const empty = async (resource: (typeof deletable)[number]): Promise<void> => {
    try {
      const remaining: Remaining = await deleteAllOf(client, clock, resource, namespace);
      seconds = Math.max(seconds, remaining.seconds);
      report.addRemaining(resource, remaining);
    } catch (error) {
      report.addFailure(isPods(resource) ? podsFailure(namespace, error) : error);
    }
  };
  for (const pods of deletable.filter(isPods)) await empty(pods);
  if (!report.hasRemaining) {
    for (const resource of deletable) if (!isPods(resource)) await empty(resource);
    report.complete();
  }
  await updateConditions(context, namespace, report);
  report.throwFailures();
  return seconds;
}

const podsFailure = ({ metadata }: Namespace, error: unknown): Error =>
  new Error(`failed to delete pods for namespace: ${metadata.name}, err: ${messageOf(error)}`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function updateConditions(
  context: Context,
  namespace: Namespace,
  report: ContentReport,
): Promise<void> {
  const conditions = report.conditions(namespace.status?.conditions ?? [], timestamp(context.clock));
  if (!conditions) return;
  try {
    await writeStatus(context, { ...namespace, status: { ...namespace.status, conditions } });
  } catch (error) {
    // They are for people: the content goes without them too.
    context.onError(error);
  }
}
