import type { AllocationObjects, IpAddress, Service, ServiceCidr } from "./service-ips.ts";

/** For tests: what allocation finds in the registry. Each call waits a turn, as a real one does, so that writes run into each other. */
export class MemoryAllocationObjects implements AllocationObjects {
  readonly addresses = new Map<string, IpAddress>();
  readonly endpoints: string[] = [];
  services: Service[] = [];
  cidrs: ServiceCidr[];

  constructor(...cidrs: string[]) {
    this.cidrs = [{ metadata: { name: "kubernetes" }, spec: { cidrs }, status: {} } as ServiceCidr];
  }

  async listServiceCidrs() {
    await Promise.resolve();
    return this.cidrs;
  }

  async listIpAddresses() {
    await Promise.resolve();
    return [...this.addresses.values()];
  }

  async listServices() {
    await Promise.resolve();
    return this.services;
  }

  async createIpAddress(address: IpAddress) {
    await Promise.resolve();
    const { name = "" } = address.metadata;
    if (this.addresses.has(name)) return false;
    this.addresses.set(name, address);
    return true;
  }

  async deleteIpAddress(name: string) {
    await Promise.resolve();
    this.addresses.delete(name);
  }

  async deleteEndpoints(namespace: string, name: string) {
    this.endpoints.push(`${namespace}/${name}`);
  }
}
