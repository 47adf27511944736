import type { KubeObject } from "../api/object.ts";
import type { Tables } from "../api/schema/tables.ts";
import type { ResourceInfo } from "../api/schema/types.ts";
import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import {
  type BootstrapConfig,
  bootstrapObjects,
  isUnwanted,
} from "../server/registry/bootstrap/bootstrap-objects.ts";
import type { BootstrapObject } from "../server/registry/bootstrap/reconcile.ts";

/** Objects of these resources that an earlier run made and this one does not want are removed. */
const swept: readonly ResourceReference[] = [
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", resource: "flowschemas" },
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", resource: "prioritylevelconfigurations" },
  { group: "apiregistration.k8s.io", version: "v1", resource: "apiservices" },
];

/**
 * Makes or mends the objects that a bare kube-apiserver makes at its start. Most at once: none waits for another's write,
 * so that a first start costs one synced commit, not two hundred.
 */
export async function bootstrap(client: Client, tables: Tables, config: BootstrapConfig): Promise<void> {
  const objects = bootstrapObjects(config);
  const kinds = new Map(tables.resources.map((info) => [kindKey(info.group, info.version, info.kind), info]));
  const write = (own: BootstrapObject) => bootstrapOne(client, referenceOf(kinds, own.object), own);
  const isNamespaced = ({ object }: BootstrapObject): boolean => object.metadata.namespace !== undefined;
  await Promise.all(objects.filter((own) => !isNamespaced(own)).map(write));
  // Their namespace must be there, and of a Service the ServiceCIDR, from which its address is taken.
  await Promise.all(objects.filter(isNamespaced).map(write));
  for (const reference of swept) {
    const { items } = await client.list(reference);
    for (const item of items) {
      if (isUnwanted(item, config)) await client.delete(reference, item.metadata.name!);
    }
  }
}

function kindKey(group: string, version: string, kind: string): string {
  return `${group === "" ? "" : `${group}/`}${version} ${kind}`;
}

function referenceOf(
  kinds: ReadonlyMap<string, ResourceInfo>,
  { apiVersion = "", kind = "", metadata }: KubeObject,
): ResourceReference {
  const info = kinds.get(`${apiVersion} ${kind}`);
  if (!info) throw new TypeError(`no resource for ${apiVersion} ${kind}`);
  return {
    group: info.group,
    version: info.version,
    resource: info.resource,
    ...(info.namespaced ? { namespace: metadata.namespace ?? "" } : {}),
  };
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
