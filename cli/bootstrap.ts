import type { Clock } from "../api/clock.ts";
import { apiVersionOf, type KubeObject } from "../api/object.ts";
import type { ResourceInfo } from "../api/schema/types.ts";
import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import {
  type BootstrapConfig,
  bootstrapObjects,
  isUnwanted,
} from "../server/registry/bootstrap/bootstrap-objects.ts";
import { bootstrapFlowControl, isUnwantedFlowControl } from "../server/registry/bootstrap/flow-control.ts";
import type { BootstrapObject } from "../server/registry/bootstrap/reconcile.ts";

/** Objects of these resources that an earlier run made and this one does not want are removed. */
const swept: readonly ResourceReference[] = [
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", resource: "flowschemas" },
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", resource: "prioritylevelconfigurations" },
  { group: "apiregistration.k8s.io", version: "v1", resource: "apiservices" },
];

const minute = 60_000;

/** What the addresses of Services are kept in. */
const addressKinds = ["ServiceCIDR", "IPAddress"];

/**
 * Makes or mends the objects that a bare kube-apiserver makes at its start. Most at once: none waits for another's write,
 * so that a first start costs one synced commit, not two hundred. What --runtime-config has turned off has no objects.
 */
export async function bootstrap(
  client: Client,
  served: readonly ResourceInfo[],
  config: BootstrapConfig,
): Promise<void> {
  // A Service could get no address then.
  const takesAddresses = addressKinds.every((kind) => infoOf(served, "networking.k8s.io/v1", kind));
  const objects = bootstrapObjects(config).filter(
    (own) => isServed(served, own) && (takesAddresses || own.object.kind !== "Service"),
  );
  const write = (own: BootstrapObject) => writeOne(client, served, own);
  const isNamespaced = ({ object }: BootstrapObject): boolean => object.metadata.namespace !== undefined;
  await Promise.all(objects.filter((own) => !isNamespaced(own)).map(write));
  // Their namespace must be there, and of a Service the ServiceCIDR, from which its address is taken.
  await Promise.all(objects.filter(isNamespaced).map(write));
  await sweep(client, served, swept, (item) => isUnwanted(item, config));
}

export interface KeepingOptions {
  clock: Clock;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

/**
 * Makes and mends flow schemas and priority levels again every minute, one after the other.
 * Source: ensureAPFBootstrapConfiguration of pkg/registry/flowcontrol/rest.
 */
export function keepFlowControl(
  client: Client,
  served: readonly ResourceInfo[],
  { clock, signal, onError }: KeepingOptions,
): void {
  const objects = bootstrapFlowControl().filter((own) => isServed(served, own));
  const ensure = async (): Promise<void> => {
    try {
      for (const own of objects) await writeOne(client, served, own);
      const own = swept.filter(({ group }) => group === "flowcontrol.apiserver.k8s.io");
      await sweep(client, served, own, isUnwantedFlowControl);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    wait();
  };
  let cancel = (): void => {};
  const wait = (): void => {
    if (!signal.aborted) cancel = clock.setTimer(minute, () => void ensure());
  };
  wait();
  signal.addEventListener("abort", () => cancel(), { once: true });
}

async function sweep(
  client: Client,
  served: readonly ResourceInfo[],
  references: readonly ResourceReference[],
  isDone: (item: KubeObject) => boolean,
): Promise<void> {
  for (const reference of references) {
    if (!served.some((info) => isResource(info, reference))) continue;
    const { items } = await client.list(reference);
    for (const item of items) {
      if (isDone(item)) await client.delete(reference, item.metadata.name!);
    }
  }
}

const infoOf = (
  served: readonly ResourceInfo[],
  apiVersion: string,
  kind: string,
): ResourceInfo | undefined =>
  served.find((info) => info.kind === kind && apiVersionOf(info.group, info.version) === apiVersion);

const isServed = (served: readonly ResourceInfo[], { object }: BootstrapObject): boolean =>
  infoOf(served, object.apiVersion ?? "", object.kind ?? "") !== undefined;

function writeOne(client: Client, served: readonly ResourceInfo[], own: BootstrapObject): Promise<void> {
  const { object } = own;
  const info = infoOf(served, object.apiVersion ?? "", object.kind ?? "")!;
  return bootstrapOne(client, referenceTo(info, object), own);
}

const isResource = (info: ResourceInfo, { group, version, resource }: ResourceReference): boolean =>
  info.resource === resource && info.group === group && info.version === version;

function referenceTo(
  { group, version, resource, namespaced }: ResourceInfo,
  { metadata }: KubeObject,
): ResourceReference {
  return { group, version, resource, ...(namespaced ? { namespace: metadata.namespace ?? "" } : {}) };
}

async function bootstrapOne(
  client: Client,
  reference: ResourceReference,
  { object, fieldManager, status, reconcile }: BootstrapObject,
): Promise<void> {
  const name = object.metadata.name!;
  const existing = await find(client, reference, name);
  if (!existing) {
    await client.create(reference, object, { fieldManager });
  } else {
    const { action, ...rest } = reconcile(existing);
    if (action === "none") return;
    const { object: wanted } = rest as { object: KubeObject };
    if (action === "update") {
      await client.update(reference, wanted, { fieldManager });
      return;
    }
    await client.delete(reference, name);
    await client.create(reference, wanted, { fieldManager });
  }
  if (!status) return;
  const { apiVersion, kind } = object;
  const patch = { apiVersion, kind, metadata: { name }, status: status.value };
  await client.patch(reference, name, patch, {
    type: status.operation === "Apply" ? "apply" : "merge",
    subresource: "status",
    fieldManager: status.fieldManager,
    ...(status.operation === "Apply" ? { force: true } : {}),
  });
}

async function find(
  client: Client,
  reference: ResourceReference,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(reference, name);
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}
