import type { Random } from "../../api/clock.ts";
import type { ObjectOf } from "../../api/object-of.ts";
import { AllocationError, rangeFull } from "./allocation-error.ts";
import { addressNumber, addressText, type IpFamily, IpRange } from "./ip-range.ts";

export type Service = ObjectOf<"io.k8s.api.core.v1.Service">;
export type IpAddress = ObjectOf<"io.k8s.api.networking.v1.IPAddress">;
export type ServiceCidr = ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR">;

/** The API's own objects that allocation reads and writes. */
export interface AllocationObjects {
  listServiceCidrs(): Promise<readonly ServiceCidr[]>;
  listIpAddresses(): Promise<readonly IpAddress[]>;
  listServices(): Promise<readonly Service[]>;
  /** False when there is one of that name: the one place where two services that want an address are told apart. */
  createIpAddress(address: IpAddress): Promise<boolean>;
  /** A missing one is fine, here and below. */
  deleteIpAddress(name: string): Promise<void>;
  deleteEndpoints(namespace: string, name: string): Promise<void>;
}

interface ReadyRange {
  range: IpRange;
  ready: boolean;
}

const familyLabel = "ipaddress.kubernetes.io/ip-family";
const managedByLabel = "ipaddress.kubernetes.io/managed-by";
const managedBy = "ipallocator.k8s.io";

const allocated = (): AllocationError => new AllocationError("provided IP is already allocated");
const notReady = (): AllocationError => new AllocationError("allocator not ready");

/**
 * Cluster IPs, kept as IPAddress objects named by the address: whoever creates the object has the address.
 * Source: pkg/registry/core/service/ipallocator/cidrallocator.go.
 */
export class ServiceIps {
  readonly #objects: AllocationObjects;

  constructor(objects: AllocationObjects) {
    this.#objects = objects;
  }

  /** Takes the address that somebody asked for. */
  async take(text: string, family: IpFamily, service: Service, dryRun: boolean): Promise<void> {
    const address = addressNumber(text) ?? 0n;
    const ranges = await this.#ranges(family);
    if (dryRun) return checkDryRun(ranges, address);
    const range = ranges.find((one) => one.ready && one.range.contains(address));
    if (!range) throw new AllocationError("the provided network does not match the current range");
    const created = await this.#objects.createIpAddress(addressObject(address, family, service));
    if (!created) throw allocated();
  }

  /** Takes any address. In a dry run the answer is the network's own, which nobody can have. */
  async takeAny(family: IpFamily, service: Service, random: Random, dryRun: boolean): Promise<string> {
    const ranges = await this.#ranges(family);
    if (dryRun) {
      if (!ranges[0]?.ready) throw notReady();
      return addressText(ranges[0].range.network);
    }
    // Which range comes first is chance, so that each has its share.
    const first = ranges.length > 1 ? Math.floor(random.next() * ranges.length) : 0;
    for (const { range, ready } of [...ranges.slice(first), ...ranges.slice(0, first)]) {
      const address = ready ? await this.#takeFrom(range, service, random) : undefined;
      if (address !== undefined) return address;
    }
    throw rangeFull();
  }

  async #takeFrom(range: IpRange, service: Service, random: Random): Promise<string | undefined> {
    let known: ReadonlySet<bigint> | undefined;
    for (const address of range.candidates(() => random.next())) {
      if (known?.has(address)) continue;
      if (await this.#objects.createIpAddress(addressObject(address, range.family, service))) {
        return addressText(address);
      }
      // Ranges are rarely so full that the first guess is taken: only then are the others looked at.
      known ??= await this.#known();
    }
    return undefined;
  }

  async #known(): Promise<ReadonlySet<bigint>> {
    const known = new Set<bigint>();
    for (const { metadata } of await this.#objects.listIpAddresses()) {
      const address = addressNumber(metadata.name ?? "");
      if (address !== undefined) known.add(address);
    }
    return known;
  }

  async release(text: string): Promise<void> {
    const address = addressNumber(text);
    if (address !== undefined) await this.#objects.deleteIpAddress(addressText(address));
  }

  /** One a block of the family, ready when one ServiceCIDR that has it is. */
  async #ranges(family: IpFamily): Promise<ReadyRange[]> {
    const ranges = new Map<string, ReadyRange>();
    for (const serviceCidr of await this.#objects.listServiceCidrs()) {
      for (const cidr of serviceCidr.spec?.cidrs ?? []) {
        const range = IpRange.parse(cidr);
        if (range?.family !== family) continue;
        const ready = isReady(serviceCidr) || ranges.get(cidr)?.ready === true;
        ranges.set(cidr, { range, ready });
      }
    }
    return [...ranges.values()];
  }
}

/** Without a condition a block counts as ready: its controller may not run. */
function isReady({ metadata, status }: ServiceCidr): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return condition === undefined || condition.status === "True";
}

/** A dry run only looks whether the address could be in a range (upstream: in one that it picks by chance). */
function checkDryRun(ranges: readonly ReadyRange[], address: bigint): void {
  const range = ranges.find((one) => one.range.contains(address)) ?? ranges[0];
  if (!range?.ready) throw notReady();
  if (range.range.contains(address)) return;
  const detail = `the provided IP (${addressText(address)}) is not in the valid range. The range of valid IPs is ${range.range.cidr}`;
  throw new AllocationError(detail);
}

function addressObject(address: bigint, family: IpFamily, { metadata }: Service): IpAddress {
  const { name = "", namespace = "" } = metadata;
  return {
    kind: "IPAddress",
    apiVersion: "networking.k8s.io/v1",
    metadata: {
      name: addressText(address),
      labels: { [familyLabel]: family, [managedByLabel]: managedBy },
    },
    spec: { parentRef: { resource: "services", namespace, name } },
  };
}
