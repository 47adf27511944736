import type { KubeObject } from "../api/object.ts";
import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import type { AllocationObjects, IpAddress, Service, ServiceCidr } from "../server/registry/service-ips.ts";

const networking = (resource: string): ResourceReference => ({
  group: "networking.k8s.io",
  version: "v1",
  resource,
});
const core = (resource: string, namespace?: string): ResourceReference => ({
  group: "",
  version: "v1",
  resource,
  ...(namespace === undefined ? {} : { namespace }),
});

/** The objects that Service allocation works with, through the server's own client. */
export function allocationObjects(client: Client): AllocationObjects {
  const listAll = async <T extends KubeObject>(resource: ResourceReference): Promise<readonly T[]> =>
    (await client.list(resource)).items as unknown as T[];
  return {
    listServiceCidrs: () => listAll<ServiceCidr>(networking("servicecidrs")),
    listIpAddresses: () => listAll<IpAddress>(networking("ipaddresses")),
    listServices: () => listAll<Service>(core("services")),
    async createIpAddress(address) {
      try {
        await client.create(networking("ipaddresses"), address as unknown as KubeObject);
        return true;
      } catch (error) {
        if (error instanceof StatusError && error.reason === "AlreadyExists") return false;
        throw error;
      }
    },
    deleteIpAddress: (name) => ignoreMissing(client.delete(networking("ipaddresses"), name)),
    deleteEndpoints: (namespace, name) => ignoreMissing(client.delete(core("endpoints", namespace), name)),
  };
}

async function ignoreMissing(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}
