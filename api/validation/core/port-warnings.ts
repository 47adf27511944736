/** Ports of a pod that are in each other's way. Source: warningsForPodSpecAndMeta in pkg/api/pod/warnings.go. */
import type { ContainerPort, PodSpec } from "../../core-types.ts";
import { goQuote } from "../../go-format.ts";
import type { FieldPath } from "../field.ts";
import { visitContainers } from "./visit-containers.ts";

interface PortAt {
  port: ContainerPort;
  path: FieldPath;
}

export function warningsForPorts(spec: PodSpec, specPath: FieldPath): string[] {
  const ports: PortAt[] = [];
  visitContainers(spec, specPath, (container, path) => {
    container.ports?.forEach((port, index) => {
      ports.push({ port, path: path.child("ports").index(index) });
    });
  });
  if (ports.length === 0) return [];
  return [...warningsForNumbers(ports), ...warningsForNames(ports)];
}

function warningsForNumbers(ports: readonly PortAt[]): string[] {
  const warnings: string[] = [];
  const seen = new Map<string, PortAt[]>();
  for (const current of ports) {
    const { port, path } = current;
    if (port.hostIP && !port.hostPort) {
      warnings.push(`${path}: hostIP set without hostPort: ${goStruct(port)}`);
    }
    const key = `${port.containerPort}/${port.protocol}`;
    const others = seen.get(key) ?? [];
    for (const other of others) {
      const problem = overlap(port, other.port);
      if (problem) warnings.push(`${path}: ${problem} port definition with ${other.path}`);
    }
    seen.set(key, [...others, current]);
  }
  return warnings;
}

function overlap(a: ContainerPort, b: ContainerPort): string | undefined {
  const [ipA = "", ipB = ""] = [a.hostIP, b.hostIP];
  const [portA = 0, portB = 0] = [a.hostPort, b.hostPort];
  if (ipA === ipB && portA === portB) return "duplicate";
  if (portA === 0 || portB === 0) return "overlapping";
  return portA === portB && (ipA === "") !== (ipB === "") ? "dangerously ambiguous" : undefined;
}

/** Go's %+v of the struct. */
function goStruct({
  name = "",
  hostPort = 0,
  containerPort = 0,
  protocol,
  hostIP = "",
}: ContainerPort): string {
  const fields = {
    Name: name,
    HostPort: hostPort,
    ContainerPort: containerPort,
    Protocol: protocol,
    HostIP: hostIP,
  };
  return `{${Object.entries(fields)
    .map(([field, value]) => `${field}:${value ?? ""}`)
    .join(" ")}}`;
}

function warningsForNames(ports: readonly PortAt[]): string[] {
  const warnings: string[] = [];
  const first = new Map<string, FieldPath>();
  for (const { port, path } of ports) {
    if (!port.name) continue;
    const other = first.get(port.name);
    if (!other) {
      first.set(port.name, path);
      continue;
    }
    const name = goQuote(port.name);
    warnings.push(
      `${path}: duplicate port name ${name} with ${other}, services and probes that select ports by name will use ${other}`,
    );
  }
  return warnings;
}
