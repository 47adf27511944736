/** Removes a definition's objects before it goes. Source: k8s.io/apiextensions-apiserver/pkg/controller/finalizer. */
import { type Clock, timestamp } from "../../api/clock.ts";
import {
  type CustomResourceDefinition,
  hasCondition,
  storageVersionOf,
} from "../../api/custom/definition.ts";
import type { KubeObject } from "../../api/object.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, KubeList, ResourceReference } from "../../client/client.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { type NewCondition, withCondition } from "./conditions.ts";

export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** How long objects may take to go before the definition says that it still waits. */
const checkInterval = 60_000;

export function needsCleanup({ metadata }: CustomResourceDefinition): boolean {
  return (
    metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(cleanupFinalizer) ?? false)
  );
}

/** Whether a change is more than what cleaning up itself writes. */
export function isCleanupNews(
  now: CustomResourceDefinition,
  before: CustomResourceDefinition | undefined,
): boolean {
  return before === undefined || !semanticEqual(withoutTerminating(now), withoutTerminating(before));
}

function withoutTerminating({ metadata, spec, status }: CustomResourceDefinition): object {
  const { resourceVersion: _, managedFields: _fields, ...rest } = metadata;
  const conditions = (status.conditions ?? []).filter(({ type }) => type !== "Terminating");
  return { metadata: rest, spec, status: { ...status, conditions } };
}

export interface CleanupContext {
  instances: Client;
  clock: Clock;
  signal: AbortSignal;
  update(definition: CustomResourceDefinition): Promise<CustomResourceDefinition>;
}

const terminating = (status: "True" | "False", reason: string, message: string): NewCondition => ({
  type: "Terminating",
  status,
  reason,
  message,
});

/** Rejects, after the definition says why, when its objects are not gone in time: then it is to be tried again. */
export async function cleanUp(definition: CustomResourceDefinition, context: CleanupContext): Promise<void> {
  const { clock, update } = context;
  const begun = terminating("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress");
  const current = await update(withCondition(definition, begun, timestamp(clock)));
  const end = await endOf(current, context);
  const ended = withCondition(current, end, timestamp(clock));
  const finalizers = (ended.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
  await update({ ...ended, metadata: { ...ended.metadata, finalizers } });
}

/** Their objects are kept where those of a definition would be. Source: OverlappingBuiltInResources. */
const overlapping = ["apiservices.apiregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io"];

async function endOf(definition: CustomResourceDefinition, context: CleanupContext): Promise<NewCondition> {
  if (overlapping.includes(definition.metadata.name ?? "")) {
    const message = "instances overlap with built-in resources in storage";
    return terminating("False", "OverlappingBuiltInResource", message);
  }
  if (hasCondition(definition, "Established")) return removeInstances(definition, context);
  return terminating("False", "NeverEstablished", "resource was never established");
}

async function removeInstances(
  definition: CustomResourceDefinition,
  context: CleanupContext,
): Promise<NewCondition> {
  const { spec, status } = definition;
  const resource = {
    group: spec.group,
    version: storageVersionOf(definition),
    resource: status.acceptedNames.plural,
  };
  const said = async <T>(reason: string, failed: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const message = `${failed}: ${error instanceof Error ? error.message : String(error)}`;
      const condition = terminating("True", reason, message);
      if (!context.signal.aborted) {
        await context.update(withCondition(definition, condition, timestamp(context.clock)));
      }
      throw error;
    }
  };
  await said("InstanceDeletionFailed", "could not issue all deletes", deleteAll(context.instances, resource));
  const gone = waitUntilGone(resource, context);
  await said("InstanceDeletionCheck", "could not confirm zero CustomResources remaining", gone);
  return terminating("False", "InstanceDeletionCompleted", "removed all instances");
}

async function deleteAll(client: Client, resource: ResourceReference): Promise<void> {
  const { items } = await listInstances(client, resource);
  for (const { metadata } of items) {
    const { name = "", namespace } = metadata;
    await tolerateRace(client.delete({ ...resource, ...(namespace ? { namespace } : {}) }, name));
  }
}

/** A resource that is built in was never a definition's to serve: it has no objects of its own. */
async function listInstances(client: Client, resource: ResourceReference): Promise<KubeList> {
  try {
    return await client.list(resource);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
    return { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "" }, items: [] };
  }
}

async function waitUntilGone(
  resource: ResourceReference,
  { instances, clock, signal }: CleanupContext,
): Promise<void> {
  const timeout = new AbortController();
  const cancel = clock.setTimer(checkInterval, () => timeout.abort());
  const ending = AbortSignal.any([signal, timeout.signal]);
  try {
    while (!(await sawAllGo(instances, resource, ending))) {
      if (ending.aborted) throw new Error("context deadline exceeded");
    }
  } finally {
    cancel();
  }
}

/** Lists, then watches; false: the watch ended before. */
async function sawAllGo(client: Client, resource: ResourceReference, signal: AbortSignal): Promise<boolean> {
  const { items, metadata } = await listInstances(client, resource);
  const left = new Set(items.map(idOf));
  if (left.size === 0) return true;
  const { resourceVersion } = metadata;
  for await (const { type, object } of client.watch(resource, { resourceVersion, signal })) {
    if (type === "ERROR") return false;
    if (type === "ADDED") left.add(idOf(object));
    if (type === "DELETED") left.delete(idOf(object));
    if (left.size === 0) return true;
  }
  return false;
}

const idOf = ({ metadata }: KubeObject): string => metadata.uid ?? "";
