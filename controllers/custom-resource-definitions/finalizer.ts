/** Removes a definition's objects before it goes. Source: k8s.io/apiextensions-apiserver/pkg/controller/finalizer. */
import { type CustomResourceDefinition, hasCondition } from "../../api/custom/definition.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import { type NewCondition, withCondition } from "./conditions.ts";

export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

export function needsCleanup({ metadata }: CustomResourceDefinition): boolean {
  return (
    metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(cleanupFinalizer) ?? false)
  );
}

export interface CleanupContext {
  client: Client;
  signal: AbortSignal;
  now(): string;
  update(definition: CustomResourceDefinition): Promise<CustomResourceDefinition>;
}

const terminating = (status: "True" | "False", reason: string, message: string): NewCondition => ({
  type: "Terminating",
  status,
  reason,
  message,
});

/** Waits until all objects are gone, however long their finalizers take. */
export async function cleanUp(definition: CustomResourceDefinition, context: CleanupContext): Promise<void> {
  const begun = terminating("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress");
  const current = await context.update(withCondition(definition, begun, context.now()));
  const end = hasCondition(current, "Established")
    ? await deleteInstances(current, context)
    : terminating("False", "NeverEstablished", "resource was never established");
  const ended = withCondition(current, end, context.now());
  const finalizers = (ended.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
  await context.update({ ...ended, metadata: { ...ended.metadata, finalizers } });
}

async function deleteInstances(
  { spec, status }: CustomResourceDefinition,
  { client, signal }: CleanupContext,
): Promise<NewCondition> {
  const version = spec.versions.find(({ served }) => served)?.name;
  if (version !== undefined) {
    await deleteAll(client, { group: spec.group, version, resource: status.acceptedNames.plural }, signal);
  }
  return terminating("False", "InstanceDeletionCompleted", "removed all instances");
}

async function deleteAll(client: Client, resource: ResourceReference, signal: AbortSignal): Promise<void> {
  const { items, metadata } = await client.list(resource);
  const left = new Set<string>();
  for (const item of items) {
    left.add(idOf(item));
    await deleteOne(client, resource, item);
  }
  if (left.size === 0) return;
  const { resourceVersion } = metadata;
  for await (const { type, object } of client.watch(resource, { resourceVersion, signal })) {
    if (type === "ERROR") break;
    if (type === "DELETED") left.delete(idOf(object));
    if (left.size === 0) break;
  }
  // What was made meanwhile, or a watch that ended early: look again.
  if (!signal.aborted) await deleteAll(client, resource, signal);
}

const idOf = ({ metadata }: KubeObject): string => metadata.uid ?? "";

async function deleteOne(client: Client, resource: ResourceReference, item: KubeObject): Promise<void> {
  const { name = "", namespace } = item.metadata;
  try {
    await client.delete({ ...resource, ...(namespace ? { namespace } : {}) }, name);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}
