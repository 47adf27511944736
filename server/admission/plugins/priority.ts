import type { Pod } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";

type PriorityClass = ObjectOf<"io.k8s.api.scheduling.v1.PriorityClass">;
type PreemptionPolicy = PriorityClass["preemptionPolicy"];
type PodGroup = ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">;

/** What follows from the name of a priority class. */
interface Established {
  priorityClassName: string;
  priority: number;
  preemptionPolicy: PreemptionPolicy;
}

const priorityClasses = { group: "scheduling.k8s.io", resource: "priorityclasses" };

/** Pods get the number that their priority class stands for. Source: plugin/pkg/admission/priority. */
export function priority(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const classes = new PriorityClasses(objects);
  const create: AdmissionPlugin["rules"][number] = {
    operations: ["CREATE"],
    resources: ["pods"],
    admit: async (attributes) => setPriority(attributes, await classes.establish(attributes)),
  };
  const group: AdmissionPlugin["rules"][number] = {
    operations: ["CREATE"],
    resources: ["podgroups.scheduling.k8s.io"],
    admit: async (attributes) => setGroupPriority(attributes, await classes.establish(attributes)),
  };
  return {
    name: "Priority",
    rules: [
      create,
      { operations: ["UPDATE"], resources: ["pods"], admit: keepPriority },
      ...(gates.enabled("WorkloadAwarePreemption") ? [group] : []),
      {
        operations: ["CREATE", "UPDATE"],
        resources: ["priorityclasses.scheduling.k8s.io"],
        validate: (attributes) => classes.requireOneDefault(attributes),
      },
    ],
  };
}

class PriorityClasses {
  readonly #objects: AdmissionObjects;

  constructor(objects: AdmissionObjects) {
    this.#objects = objects;
  }

  async establish(attributes: AdmissionAttributes): Promise<Established> {
    const { priorityClassName } = objectOf<{ spec?: { priorityClassName?: string } }>(attributes).spec ?? {};
    if (!priorityClassName) return establishedBy(await this.#default());
    const found = await this.#objects.get(priorityClasses, "", priorityClassName);
    if (!found) throw denied(attributes, `no PriorityClass with name ${priorityClassName} was found`);
    return establishedBy(found as PriorityClass);
  }

  async requireOneDefault(attributes: AdmissionAttributes): Promise<void> {
    const { globalDefault, metadata } = objectOf<PriorityClass>(attributes);
    if (!globalDefault) return;
    const name = (await this.#default())?.metadata.name;
    if (name === undefined || (attributes.operation === "UPDATE" && name === metadata.name)) return;
    throw denied(
      attributes,
      `PriorityClass ${name} is already marked as default. Only one default can exist`,
    );
  }

  /** Of several, which a race may have made, the lowest. */
  async #default(): Promise<PriorityClass | undefined> {
    let found: PriorityClass | undefined;
    for (const object of await this.#objects.list(priorityClasses, "")) {
      const one = object as PriorityClass;
      if (one.globalDefault && (!found || numberOf(found) > numberOf(one))) found = one;
    }
    return found;
  }
}

const numberOf = (found: PriorityClass | undefined): number => found?.value ?? 0;

const establishedBy = (found: PriorityClass | undefined): Established => ({
  priorityClassName: found?.metadata.name ?? "",
  priority: numberOf(found),
  preemptionPolicy: found ? found.preemptionPolicy : "PreemptLowerPriority",
});

function setPriority(attributes: AdmissionAttributes, established: Established): void {
  const spec = objectOf<Pod>(attributes).spec!;
  const { priorityClassName, priority, preemptionPolicy } = established;
  if (priorityClassName !== "") spec.priorityClassName = priorityClassName;
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw denied(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  }
  spec.priority = priority;
  if (preemptionPolicy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    throw denied(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  spec.preemptionPolicy = preemptionPolicy;
}

/** An update that leaves them out does not mean to take them away. */
function keepPriority(attributes: AdmissionAttributes): void {
  const spec = objectOf<Pod>(attributes).spec!;
  const old = oldObjectOf<Pod>(attributes).spec!;
  if (spec.priority === undefined && old.priority !== undefined) spec.priority = old.priority;
  if (spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined)
    spec.preemptionPolicy = old.preemptionPolicy;
}

function setGroupPriority(attributes: AdmissionAttributes, established: Established): void {
  const { spec } = objectOf<PodGroup>(attributes);
  const { priorityClassName, priority } = established;
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw denied(
      attributes,
      `priority set in the pod group (${spec.priority}) must match the priority computed (${priority}) based on the priority class set in the spec`,
    );
  }
  spec.priority = priority;
  if (priorityClassName !== "") spec.priorityClassName = priorityClassName;
}
