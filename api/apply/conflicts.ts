/** Fields that somebody else owns. Texts: k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go. */
import { compareBytes } from "../byte-order.ts";
import { goQuote } from "../go-format.ts";
import { applyConflict, type StatusError } from "../status.ts";
import { type FieldSet, paths } from "./field-set.ts";
import { identityText, type ManagerIdentity } from "./managers.ts";
import { pathText } from "./path-element.ts";

export interface Conflict {
  readonly manager: ManagerIdentity;
  readonly path: readonly string[];
}

/** An apply would change fields of others. */
export class ApplyConflicts extends Error {
  override readonly name = "ApplyConflicts";
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super("apply conflicts");
    this.conflicts = conflicts;
  }

  status(): StatusError {
    const causes = this.conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${managerText(manager)}`,
      field: pathText(path),
    }));
    return applyConflict(causes, this.#message());
  }

  #message(): string {
    const [first] = this.conflicts;
    if (this.conflicts.length === 1 && first !== undefined) {
      return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`;
    }
    const groups = Map.groupBy(this.conflicts, ({ manager }) => identityText(manager));
    const messages: string[] = [];
    for (const [, group] of [...groups].sort(([a], [b]) => compareBytes(a, b))) {
      messages.push(`conflicts with ${managerText(group[0]!.manager)}:`);
      messages.push(...group.map(({ path }) => `- ${pathText(path)}`));
    }
    return `Apply failed with ${this.conflicts.length} conflicts: ${messages.join("\n")}`;
  }
}

/** The conflicts in the sets of several managers; upstream has them in random order. */
export function conflictsOf(sets: Iterable<readonly [ManagerIdentity, FieldSet]>): Conflict[] {
  return [...sets]
    .sort(([a], [b]) => compareBytes(identityText(a), identityText(b)))
    .flatMap(([manager, set]) => [...paths(set)].map((path) => ({ manager, path })));
}

function managerText({ manager, subresource, operation, apiVersion }: ManagerIdentity): string {
  const name =
    subresource === "" ? goQuote(manager) : `${goQuote(manager)} with subresource ${goQuote(subresource)}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}
