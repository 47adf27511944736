import { type AdmissionAttributes, type Operation, resourceKey } from "./attributes.ts";

/** Changes or refuses (by throwing a StatusError) one write. */
export type Admission = (attributes: AdmissionAttributes) => void | Promise<void>;

/** Which writes a plug-in looks at, and what it does to them. */
export interface AdmissionRule {
  readonly operations: readonly Operation[];
  /** As resourceKey writes them; "*": all, with all subresources. */
  readonly resources: readonly string[] | "*";
  /** In the first phase. */
  readonly admit?: Admission;
  /** In the second phase, when the object is known to be valid. */
  readonly validate?: Admission;
}

export interface AdmissionPlugin {
  readonly name: string;
  readonly rules: readonly AdmissionRule[];
}

type Phase = "admit" | "validate";

/** All enabled plug-ins in upstream's order. A plug-in that does not concern a resource costs its writes nothing. */
export class AdmissionChain {
  readonly #phases: Readonly<Record<Phase, StepTable>>;

  constructor(plugins: readonly AdmissionPlugin[]) {
    const rules = plugins.flatMap((plugin) => plugin.rules);
    this.#phases = { admit: new StepTable(rules, "admit"), validate: new StepTable(rules, "validate") };
  }

  admit(attributes: AdmissionAttributes): Promise<void> {
    return run(this.#phases.admit.of(attributes), attributes);
  }

  validate(attributes: AdmissionAttributes): Promise<void> {
    return run(this.#phases.validate.of(attributes), attributes);
  }
}

async function run(steps: readonly Admission[], attributes: AdmissionAttributes): Promise<void> {
  for (const step of steps) {
    const pending = step(attributes);
    if (pending) await pending;
  }
}

/** The steps of one phase by operation and resource. */
class StepTable {
  readonly #steps = new Map<Operation, ReadonlyMap<string, readonly Admission[]>>();
  readonly #others = new Map<Operation, readonly Admission[]>();

  constructor(rules: readonly AdmissionRule[], phase: Phase) {
    for (const operation of ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const) {
      const own = rules.filter((rule) => rule[phase] && rule.operations.includes(operation));
      const stepsOf = (concerns: (rule: AdmissionRule) => boolean) =>
        own.filter((rule) => rule.resources === "*" || concerns(rule)).map((rule) => rule[phase]!);
      const named = new Set(own.flatMap(({ resources }) => (resources === "*" ? [] : resources)));
      const steps = [...named].map(
        (resource) => [resource, stepsOf((rule) => rule.resources.includes(resource))] as const,
      );
      this.#steps.set(operation, new Map(steps));
      this.#others.set(
        operation,
        stepsOf(() => false),
      );
    }
  }

  of(attributes: AdmissionAttributes): readonly Admission[] {
    const { operation } = attributes;
    const steps = this.#steps.get(operation)!.get(resourceKey(attributes, attributes.subresource));
    return steps ?? this.#others.get(operation)!;
  }
}
