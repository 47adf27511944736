import type { ServedResource } from "../../client/client.ts";
import type { Remaining } from "./delete-all-of.ts";

export interface NamespaceCondition {
  type: string;
  status: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

type Saying = Pick<NamespaceCondition, "reason" | "message">;

/** The conditions of a namespace that ends, in their order, with what they say when all is well. */
const wellSaid: Readonly<Record<string, Saying>> = {
  NamespaceDeletionDiscoveryFailure: {
    reason: "ResourcesDiscovered",
    message: "All resources successfully discovered",
  },
  NamespaceDeletionGroupVersionParsingFailure: {
    reason: "ParsedGroupVersions",
    message: "All legacy kube types successfully parsed",
  },
  NamespaceDeletionContentFailure: {
    reason: "ContentDeleted",
    message: "All content successfully deleted, may be waiting on finalization",
  },
  NamespaceContentRemaining: { reason: "ContentRemoved", message: "All content successfully removed" },
  NamespaceFinalizersRemaining: {
    reason: "ContentHasNoFinalizers",
    message: "All content-preserving finalizers finished",
  },
};

/** What became of a namespace's content, as its conditions tell it. Source: status_condition_utils.go. */
export class ContentReport {
  readonly #objects: string[] = [];
  readonly #finalizers = new Map<string, number>();
  readonly #failures: unknown[] = [];
  #undiscovered: Error | undefined;
  #groupsUndiscovered = 0;
  #complete = false;

  get hasRemaining(): boolean {
    return this.#objects.length > 0;
  }

  addRemaining({ group, resource }: ServedResource, { objects, finalizers }: Remaining): void {
    if (objects > 0) this.#objects.push(`${resource}.${group} has ${objects} resource instances`);
    for (const [finalizer, count] of finalizers) {
      this.#finalizers.set(finalizer, (this.#finalizers.get(finalizer) ?? 0) + count);
    }
  }

  addFailure(error: unknown): void {
    this.#failures.push(error);
  }

  /** Nobody knows what these group versions have in the namespace. Source: ErrGroupDiscoveryFailed of client-go. */
  addUndiscovered(groupVersions: readonly string[]): void {
    const texts = groupVersions.map((one) => `${one}: stale GroupVersion discovery: ${one}`).sort();
    this.#groupsUndiscovered = texts.length;
    this.#undiscovered = new Error(
      `unable to retrieve the complete list of server APIs: ${texts.join(", ")}`,
    );
  }

  /** Everything was looked at. Before that, what remains is not told. */
  complete(): void {
    this.#complete = true;
  }

  throwFailures(): void {
    const failures = [...(this.#undiscovered ? [this.#undiscovered] : []), ...this.#failures];
    if (failures.length > 0) throw new AggregateError(failures, textsOf(failures).join(", "));
  }

  /** The new conditions; undefined when they are as before. */
  conditions(before: readonly NamespaceCondition[], now: string): NamespaceCondition[] | undefined {
    const problems = this.#problems();
    const conditions = [...before];
    let changed = false;
    for (const [type, well] of Object.entries(wellSaid)) {
      const status = problems[type] ? "True" : "False";
      const said = problems[type] ?? well;
      const index = conditions.findIndex((condition) => condition.type === type);
      const old = conditions[index];
      if (old && old.status === status && old.reason === said.reason && old.message === said.message)
        continue;
      changed = true;
      const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? now) : now;
      const condition = { ...old, type, status, lastTransitionTime, ...said };
      if (old) conditions[index] = condition;
      else conditions.push(condition);
    }
    return changed ? conditions : undefined;
  }

  #problems(): Readonly<Record<string, Saying>> {
    const problems: Record<string, Saying> = {};
    if (this.#undiscovered) {
      problems["NamespaceDeletionDiscoveryFailure"] = {
        reason: "DiscoveryFailed",
        message: `Discovery failed for some groups, ${this.#groupsUndiscovered} failing: ${this.#undiscovered.message}`,
      };
    }
    if (this.#failures.length > 0) {
      const texts = textsOf(this.#failures).sort().join(", ");
      problems["NamespaceDeletionContentFailure"] = {
        reason: "ContentDeletionFailed",
        message: `Failed to delete all resource types, ${this.#failures.length} remaining: ${texts}`,
      };
    }
    if (!this.#complete) return problems;
    if (this.#objects.length > 0) {
      problems["NamespaceContentRemaining"] = {
        reason: "SomeResourcesRemain",
        message: `Some resources are remaining: ${[...this.#objects].sort().join(", ")}`,
      };
    }
    if (this.#finalizers.size > 0) {
      const counts = [...this.#finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
      problems["NamespaceFinalizersRemaining"] = {
        reason: "SomeFinalizersRemain",
        message: `Some content in the namespace has finalizers remaining: ${counts.sort().join(", ")}`,
      };
    }
    return problems;
  }
}

const textsOf = (failures: readonly unknown[]): string[] =>
  failures.map((error) => (error instanceof Error ? error.message : String(error)));
