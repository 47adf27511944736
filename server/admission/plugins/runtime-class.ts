import type { Pod, ResourceList } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import { Quantity } from "../../../api/quantity.ts";
import { StatusError } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { type AdmissionAttributes, denied, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";
import { mergeTolerations } from "./tolerations.ts";

type RuntimeClass = Schemas["io.k8s.api.node.v1.RuntimeClass"];

const runtimeClasses = { group: "node.k8s.io", resource: "runtimeclasses" };

/** Pods get what their runtime class says of overhead and nodes. Source: plugin/pkg/admission/runtimeclass. */
export function runtimeClass(objects: AdmissionObjects): AdmissionPlugin {
  const nameOf = (attributes: AdmissionAttributes) => objectOf<Pod>(attributes).spec?.runtimeClassName;
  const classOf = async (attributes: AdmissionAttributes, name: string): Promise<RuntimeClass> => {
    // Upstream's client asks the server for what is not in its cache.
    if (name === "") throw new StatusError(500, "", "resource name may not be empty");
    const found = await objects.get(runtimeClasses, "", name);
    if (!found) throw denied(attributes, `pod rejected: RuntimeClass ${goQuote(name)} not found`);
    return found as unknown as RuntimeClass;
  };
  return {
    name: "RuntimeClass",
    rules: [
      {
        operations: ["CREATE"],
        resources: ["pods"],
        admit(attributes) {
          const name = nameOf(attributes);
          if (name === undefined) return;
          return classOf(attributes, name).then(({ overhead, scheduling }) => {
            if (overhead) setOverhead(attributes, overhead.podFixed ?? {});
            if (scheduling) setScheduling(attributes, scheduling);
          });
        },
        validate(attributes) {
          const name = nameOf(attributes);
          if (name === undefined) return checkOverhead(attributes, undefined);
          return classOf(attributes, name).then((found) => checkOverhead(attributes, found));
        },
      },
    ],
  };
}

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function setOverhead(attributes: AdmissionAttributes, podFixed: ResourceList): void {
  const spec = objectOf<Pod>(attributes).spec!;
  const own = spec.overhead ?? {};
  if (Object.keys(own).length > 0 && !sameAmounts(own, podFixed)) throw denied(attributes, mismatch);
  if (Object.keys(podFixed).length > 0) spec.overhead = { ...podFixed };
  else delete spec.overhead;
}

function setScheduling(
  attributes: AdmissionAttributes,
  { nodeSelector = {}, tolerations = [] }: NonNullable<RuntimeClass["scheduling"]>,
): void {
  const spec = objectOf<Pod>(attributes).spec!;
  const own = spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    if (!Object.hasOwn(own, key) || own[key] === value) continue;
    throw denied(
      attributes,
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
    );
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...own, ...nodeSelector };
  const merged = mergeTolerations(spec.tolerations ?? [], tolerations);
  if (merged.length > 0) spec.tolerations = merged.map((one) => ({ ...one }));
}

function checkOverhead(attributes: AdmissionAttributes, found: RuntimeClass | undefined): void {
  const { overhead } = objectOf<Pod>(attributes).spec!;
  if (found?.overhead) {
    if (!sameAmounts(overhead ?? {}, found.overhead.podFixed ?? {})) throw denied(attributes, mismatch);
  } else if (overhead !== undefined) {
    throw denied(
      attributes,
      "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
    );
  }
}

function sameAmounts(a: ResourceList, b: ResourceList): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && Quantity.parse(a[key]!).equals(Quantity.parse(b[key]!)),
  );
}
