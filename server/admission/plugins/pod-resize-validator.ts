import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import { podRequests } from "../../../api/pod-resources.ts";
import { Quantity } from "../../../api/quantity.ts";
import { type AdmissionAttributes, denied, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";
import { type BoundPod, boundNode, changesBoundPod, type Node } from "./bound-node.ts";

/** A pod grows only on a Linux node and within what that can give. Source: plugin/pkg/admission/podresize. */
export function podResizeValidator(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    if (!changesBoundPod(attributes)) return;
    const node = await boundNode(objects, attributes);
    requireLinux(attributes, node);
    requireRoom(attributes, node);
  };
  const rule = { operations: ["UPDATE"], resources: ["pods/resize"], validate } as const;
  return { name: "PodResizeValidator", rules: gates.enabled("InPlacePodVerticalScaling") ? [rule] : [] };
}

function requireLinux(attributes: AdmissionAttributes, { metadata }: Node): void {
  const os = metadata.labels?.["kubernetes.io/os"] ?? "linux";
  if (os === "linux") return;
  throw denied(
    attributes,
    `pod resize is only supported on linux nodes, node ${goQuote(metadata.name ?? "")} is ${goQuote(os)}`,
    { reason: "UnsupportedPlatform" },
  );
}

function requireRoom(attributes: AdmissionAttributes, { status }: Node): void {
  const requests = podRequests(objectOf<BoundPod>(attributes).spec);
  const amounts = (resource: string) =>
    [
      requests.get(resource) ?? Quantity.zero,
      Quantity.parse(status?.allocatable?.[resource] ?? "0"),
    ] as const;
  const [cpu, cpuRoom] = amounts("cpu");
  const [memory, memoryRoom] = amounts("memory");
  const problems: string[] = [];
  if (cpu.compare(cpuRoom) > 0) {
    problems.push(`cpu, requested: ${cpu.milliValue()}, allocatable: ${cpuRoom.milliValue()}`);
  }
  if (memory.compare(memoryRoom) > 0) {
    problems.push(`memory, requested: ${memory.value()}, allocatable: ${memoryRoom.value()}`);
  }
  if (problems.length === 0) return;
  const reason = `node didn't have enough allocatable resources: ${problems.join("; ")}`;
  throw denied(attributes, reason, { reason: "NodeCapacity" });
}
