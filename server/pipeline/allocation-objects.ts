import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import type { AllocationObjects } from "../registry/service-ips.ts";

const networking = { group: "networking.k8s.io", version: "v1" };
const ipAddresses: ResourceReference = { ...networking, resource: "ipaddresses" };
const serviceCidrs: ResourceReference = { ...networking, resource: "servicecidrs" };
const services: ResourceReference = { group: "", version: "v1", resource: "services" };
const endpoints: ResourceReference = { group: "", version: "v1", resource: "endpoints" };

/**
 * The objects behind the allocation of service addresses, reached as upstream's server does it: through its own API.
 * The client is asked for at each use, because it can only be made after the resources that need it.
 */
export function allocationObjects(client: () => Client): AllocationObjects {
  const listAll = async <T extends KubeObject>(reference: ResourceReference): Promise<T[]> => {
    const { items } = await client().list(reference, { resourceVersion: "0" });
    return items as T[];
  };
  return {
    listServiceCidrs: () => listAll(serviceCidrs),
    listIpAddresses: () => listAll(ipAddresses),
    listServices: () => listAll(services),
    createIpAddress: (address) =>
      unless("AlreadyExists", () =>
        client().create(ipAddresses, address, { fieldManager: "kube-apiserver" }),
      ),
    async deleteIpAddress(name) {
      await unless("NotFound", () => client().delete(ipAddresses, name));
    },
    async deleteEndpoints(namespace, name) {
      await unless("NotFound", () => client().delete({ ...endpoints, namespace }, name));
    },
  };
}

/** False when the call fails for this one reason. */
async function unless(reason: string, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof StatusError && error.reason === reason) return false;
    throw error;
  }
}
