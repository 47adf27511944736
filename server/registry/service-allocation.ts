/**
 * Cluster IPs and node ports of Services. Source: pkg/registry/core/service/storage/{alloc,storage}.go.
 */
import { needsHealthCheck } from "../../api/service-facts.ts";
import { internalError, invalid as invalidStatus, StatusError } from "../../api/status.ts";
import { type FieldError, FieldPath, invalid } from "../../api/validation/field.ts";
import { AllocationError } from "./allocation-error.ts";
import type { IpFamily } from "./ip-range.ts";
import { defaultNodePortRange, NodePorts, PortOperation, type PortRange } from "./node-ports.ts";
import {
  type ClusterFamilies,
  fillIpFamilies,
  hasClusterIp,
  keepsDualStackChoice,
  normalizeClusterIps,
} from "./service-families.ts";
import { type AllocationObjects, type Service, ServiceIps } from "./service-ips.ts";
import type { Undo, WriteContext, WriteHooks } from "./strategy.ts";

type Spec = NonNullable<Service["spec"]>;
type HookContext = WriteContext & { dryRun: boolean };

export interface ServiceAllocationOptions {
  objects: AllocationObjects;
  /** Families of the server's service CIDRs, the default first. */
  families: ClusterFamilies;
  nodePortRange?: PortRange;
}

const clusterIPsPath = FieldPath.of("spec", "clusterIPs");
const portsPath = FieldPath.of("spec", "ports");

/** One for each cluster: it knows which node ports are taken. Addresses are kept as IPAddress objects. */
export class ServiceAllocation implements WriteHooks<Service> {
  readonly #objects: AllocationObjects;
  readonly #families: ClusterFamilies;
  readonly #ips: ServiceIps;
  readonly #ports: NodePorts;
  #portsLoaded: Promise<void> | undefined;

  constructor({ objects, families, nodePortRange = defaultNodePortRange }: ServiceAllocationOptions) {
    this.#objects = objects;
    this.#families = families;
    this.#ips = new ServiceIps(objects);
    this.#ports = new NodePorts(nodePortRange);
  }

  /** Fills in and takes addresses and ports; what it returns gives them back. */
  async beginCreate(service: Service, context: HookContext): Promise<Undo> {
    const spec = specOf(service);
    normalizeClusterIps(spec, undefined);
    fillIpFamilies(service, undefined, this.#families, context.gates);
    const taken = await this.#takeClusterIps(service, spec.ipFamilies ?? [], context);
    return this.#withPorts(service, taken, context, (ports) => {
      if (hasNodePorts(spec)) takeNodePorts(service, ports);
      if (needsHealthCheck(service)) takeHealthCheckPort(spec, ports);
    });
  }

  async beginUpdate(service: Service, old: Service, context: HookContext): Promise<Undo> {
    const spec = specOf(service);
    const before = old.spec ?? {};
    keepAllocated(spec, before);
    normalizeClusterIps(spec, before);
    fillIpFamilies(service, old, this.#families, context.gates);
    const taken = await this.#takeMissingIps(service, before, context);
    return this.#withPorts(service, taken, context, (ports) => {
      if (hasNodePorts(spec)) takeNewNodePorts(service, before, ports);
      if (!needsHealthCheck(old) && needsHealthCheck(service)) takeHealthCheckPort(spec, ports);
    });
  }

  /** Gives back what the old spec had and the new one has not. */
  async afterUpdate({ spec = {} }: Service, old: Service): Promise<void> {
    const ips = new Set(spec.clusterIPs);
    const ports = new Set(allPorts({ ...old, spec }));
    await this.#release(
      clusterIpsOf(old.spec).filter((ip) => !ips.has(ip)),
      allPorts(old).filter((port) => !ports.has(port)),
    );
  }

  /** Endpoints go with their service, so that a new one of the name does not start with them. */
  async afterDelete(service: Service): Promise<void> {
    const { namespace = "", name = "" } = service.metadata;
    await this.#objects.deleteEndpoints(namespace, name);
    await this.#release(clusterIpsOf(service.spec), allPorts(service));
  }

  async #release(ips: readonly string[], ports: readonly number[]): Promise<void> {
    for (const ip of ips) await this.#ips.release(ip);
    await this.#portsLoaded;
    for (const port of ports) this.#ports.release(port);
  }

  async #loadPorts(): Promise<void> {
    this.#portsLoaded ??= this.#readPorts();
    try {
      await this.#portsLoaded;
    } catch (error) {
      this.#portsLoaded = undefined;
      throw error;
    }
  }

  async #readPorts(): Promise<void> {
    for (const service of await this.#objects.listServices()) {
      for (const port of allPorts(service)) {
        const { first, last } = this.#ports.range;
        if (port >= first && port <= last && !this.#ports.has(port)) this.#ports.take(port);
      }
    }
  }

  /** Addresses for a service that had none. Returns those that were taken. */
  async #takeClusterIps(
    service: Service,
    families: readonly string[],
    context: HookContext,
  ): Promise<string[]> {
    const spec = specOf(service);
    if (!hasClusterIp(spec) || spec.clusterIPs?.[0] === "None") return [];
    const wanted = families.map((_, index) => spec.clusterIPs?.[index] ?? "");
    const ips: string[] = [];
    const taken: string[] = [];
    for (const [index, family] of families.entries()) {
      ips.push(await this.#takeIp(service, wanted, index, family as IpFamily, taken, context));
    }
    spec.clusterIPs = ips;
    if (ips[0] !== undefined) spec.clusterIP = ips[0];
    return taken;
  }

  /** What an update adds: all addresses of what was an ExternalName, the second one of what becomes dual-stack. */
  async #takeMissingIps(service: Service, before: Spec, context: HookContext): Promise<string[]> {
    const spec = specOf(service);
    if (keepsDualStackChoice(spec, before)) return [];
    if (!hasClusterIp(before)) return this.#takeClusterIps(service, spec.ipFamilies ?? [], context);
    if (before.clusterIPs?.[0] === "None" || !hasClusterIp(spec)) return [];
    if (before.ipFamilies?.length !== 1 || spec.ipFamilies?.length !== 2) return [];
    const ips = [spec.clusterIPs?.[0] ?? "", spec.clusterIPs?.[1] ?? ""];
    const taken: string[] = [];
    ips[1] = await this.#takeIp(service, ips, 1, spec.ipFamilies[1] as IpFamily, taken, context);
    spec.clusterIPs = ips;
    return taken;
  }

  async #takeIp(
    service: Service,
    wanted: readonly string[],
    index: number,
    family: IpFamily,
    taken: string[],
    { random, dryRun }: HookContext,
  ): Promise<string> {
    let ip = wanted[index] ?? "";
    try {
      if (ip === "") ip = await this.#ips.takeAny(family, service, random, dryRun);
      else await this.#ips.take(ip, family, service, dryRun);
      if (!dryRun) taken.push(ip);
      return ip;
    } catch (error) {
      await this.#release(taken, []);
      throw ipError(error, service, wanted, ip);
    }
  }

  async #withPorts(
    service: Service,
    ips: readonly string[],
    { random, dryRun }: HookContext,
    take: (ports: PortOperation) => void,
  ): Promise<Undo> {
    const undoIps = () => this.#release(ips, []);
    const spec = specOf(service);
    if (!hasNodePorts(spec)) return undoIps;
    try {
      await this.#loadPorts();
      const ports = new PortOperation(this.#ports, random, dryRun);
      try {
        take(ports);
      } catch (error) {
        ports.undo();
        throw error;
      }
      return async () => {
        ports.undo();
        await undoIps();
      };
    } catch (error) {
      await undoIps();
      throw error;
    }
  }
}

function specOf(service: Service): Spec {
  service.spec ??= {};
  return service.spec;
}

const hasNodePorts = ({ type }: Spec): boolean => type === "NodePort" || type === "LoadBalancer";

/** Addresses that were taken for a service. */
function clusterIpsOf(spec: Spec | undefined): string[] {
  if (!spec || !hasClusterIp(spec)) return [];
  return (spec.clusterIPs ?? []).filter((ip) => ip !== "None" && ip !== "");
}

/** Ports that were taken for a service. */
function allPorts(service: Service): number[] {
  const ports = (service.spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  const healthCheck = service.spec?.healthCheckNodePort;
  return needsHealthCheck(service) && healthCheck ? [...ports, healthCheck] : ports;
}

function refuse({ metadata }: Service, error: FieldError): StatusError {
  return invalidStatus({ group: "", kind: "Service" }, metadata.name ?? "", [error]);
}

/** Whatever keeps an address from being had, also that its IPAddress object was refused, is the field's fault. */
function ipError(error: unknown, service: Service, wanted: readonly string[], ip: string): unknown {
  if (!(error instanceof AllocationError) && !(error instanceof StatusError)) return error;
  const { name = "" } = service.metadata;
  if (error instanceof AllocationError && error.full && ip === "") {
    return internalError(
      `failed to allocate a serviceIP for Service ${JSON.stringify(name)}: ${error.message}`,
    );
  }
  const what = ip === "" ? "IP" : `IP ${ip}`;
  return refuse(service, invalid(clusterIPsPath, wanted, `failed to allocate ${what}: ${error.message}`));
}

/** Runs an allocation; what it cannot have is explained by report. */
function explaining<T>(take: () => T, report: (message: string) => StatusError): T {
  try {
    return take();
  } catch (error) {
    throw error instanceof AllocationError ? report(error.message) : error;
  }
}

/** NodePort services always get ports, load balancers unless they opt out. */
function wantsNodePorts({ type, allocateLoadBalancerNodePorts }: Spec): boolean {
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

function takeRequested(service: Service, index: number, port: number, ports: PortOperation): void {
  explaining(
    () => ports.take(port),
    (message) => refuse(service, invalid(portsPath.index(index).child("nodePort"), port, message)),
  );
}

const takeAny = (ports: PortOperation): number =>
  explaining(
    () => ports.takeAny(),
    (message) => internalError(`failed to allocate a nodePort: ${message}`),
  );

/** initNodePorts: one number for TCP and UDP of the same port, unless others are asked for. */
function takeNodePorts(service: Service, operation: PortOperation): void {
  const { ports = [] } = specOf(service);
  const byPort = new Map<number, number>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !wantsNodePorts(specOf(service))) continue;
    const known = byPort.get(port.port);
    if (known === undefined) {
      const wanted = ports.find((other) => other.port === port.port && other.nodePort)?.nodePort;
      if (wanted) takeRequested(service, index, wanted, operation);
      port.nodePort = wanted || takeAny(operation);
      byPort.set(port.port, port.nodePort);
    } else if (!port.nodePort) port.nodePort = known;
    else if (port.nodePort !== known) takeRequested(service, index, port.nodePort, operation);
  }
}

/** updateNodePorts. */
function takeNewNodePorts(service: Service, before: Spec, operation: PortOperation): void {
  const { ports = [] } = specOf(service);
  const owned = new Set((before.ports ?? []).map(({ nodePort }) => nodePort ?? 0));
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !wantsNodePorts(specOf(service))) continue;
    if (!port.nodePort) port.nodePort = takeAny(operation);
    else if (!owned.has(port.nodePort)) {
      takeRequested(service, index, port.nodePort, operation);
      owned.add(port.nodePort);
    }
    const key = `${port.protocol} ${port.nodePort}`;
    // Not an API error upstream either, therefore a 500 without a reason.
    if (seen.has(key)) throw new StatusError(500, "", `duplicate nodePort: {${key}}`);
    seen.add(key);
  }
}

function takeHealthCheckPort(spec: Spec, ports: PortOperation): void {
  const wanted = spec.healthCheckNodePort ?? 0;
  const what = wanted ? "requested" : "a";
  spec.healthCheckNodePort = explaining(
    () => {
      if (!wanted) return ports.takeAny();
      ports.take(wanted);
      return wanted;
    },
    (message) => internalError(`failed to allocate ${what} HealthCheck NodePort ${wanted}: ${message}`),
  );
}

/** patchAllocatedValues: who sends the same manifest again means to keep what was allocated. */
function keepAllocated(spec: Spec, before: Spec): void {
  if (hasClusterIp(before) && hasClusterIp(spec)) {
    if (!spec.clusterIP && before.clusterIP) spec.clusterIP = before.clusterIP;
    if (!spec.clusterIPs?.length && before.clusterIPs?.length) spec.clusterIPs = [...before.clusterIPs];
  }
  if (wantsNodePorts(before) && wantsNodePorts(spec)) keepNodePorts(spec, before);
  if (needsHealthCheck({ spec: before }) && needsHealthCheck({ spec })) {
    spec.healthCheckNodePort ||= before.healthCheckNodePort;
  }
}

/** Ports are known by their names; a number that another port uses now is not given twice. */
function keepNodePorts(spec: Spec, before: Spec): void {
  const ports = spec.ports ?? [];
  const used = new Set(ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : [])));
  const byName = new Map((before.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
  for (const port of ports) {
    const known = port.nodePort ? undefined : byName.get(port.name ?? "");
    if (known && !used.has(known)) port.nodePort = known;
  }
}
